"""What is taken from an answer: hostile bodies give a value or a word why not, nothing else."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core import ProbeError
from collectors.core.ports import HttpExchange
from collectors.journey.take import MOST, Take, take
from collectors.journey.template import Taken, UrlTemplate

URL = "https://a.example/b/c"


def taken(wanted: str, body: bytes, *headers: tuple[str, str]) -> str:
    return take(Take.parse(wanted), HttpExchange({}, status=200, headers=headers, body=body), (), URL, 0.0)


@pytest.mark.parametrize(
    ("wanted", "body", "value"),
    [
        ("status", b"", "200"),
        ("json a", b'{"a": true}', "true"),
        ("json a", b'{"a": 1.50}', "1.50"),
        ("json a", b'{"a": "\\ud800x"}', "?x"),
        ("json [0].a b", b'[{"a b": 1}]', ""),
        ("json a[0][1]", b'{"a": [[1, "x"]]}', "x"),
        ("regex b+", b"abbbc", "bbb"),
        ("regex a(b)(c)", b"abc", "b"),
        ("regex a.c", b"a\nc", "a\nc"),
        ("regex a(.*)", b"a&amp;", "&amp;"),
    ],
)
def test_values_are_texts_as_they_were_written(wanted: str, body: bytes, value: str) -> None:
    if not value:
        with pytest.raises(ValueError, match="is not a JSON path"):
            taken(wanted, body)
    else:
        assert taken(wanted, body) == value


def test_in_markup_an_address_is_unescaped() -> None:
    assert taken("regex href=(.*)", b"href=/a?b=1&amp;c=2", ("Content-Type", "text/html")) == "/a?b=1&c=2"


def test_a_value_may_be_so_long_and_no_longer() -> None:
    assert taken("regex .*", b"x" * MOST) == "x" * MOST
    with pytest.raises(ProbeError, match="longer"):
        taken("regex .*", b"x" * (MOST + 1))


@given(st.binary(), st.text(), st.sampled_from(("json a.b[0]", "json [0]", "regex (.*)x?", "header X", "location")))
def test_no_answer_is_too_strange(body: bytes, header: str, wanted: str) -> None:
    with suppress(ProbeError):
        assert taken(wanted, body, ("X", header), ("Location", header), ("Content-Type", header))


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("/d?e=1", "https://a.example/d?e=1"),
        ("d", "https://a.example/b/d"),
        ("//c.example/", "https://c.example/"),
        ("http://c.example/a b", "http://c.example/a%20b"),
        (" https://c.example/#x ", "https://c.example/"),
        ("javascript:alert(1)", ""),
        ("https://user:word@c.example/", ""),
        ("http://c.example:99999/", ""),
        ("http://[", ""),
    ],
)
def test_a_whole_address_is_one_that_can_be_visited(text: str, url: str) -> None:
    template = UrlTemplate.parse("{next}")
    if url:
        assert template.fill({"next": Taken(text, URL)}) == url
    else:
        with pytest.raises(ProbeError, match="'next' is not an http or https address"):
            template.fill({"next": Taken(text, URL)})


@given(st.text())
def test_a_value_never_leaves_its_place_in_an_address(text: str) -> None:
    filled = UrlTemplate.parse("https://a.example/p/{x}/q?a={x}&b=1").fill({"x": Taken(text, URL)})
    assert filled.startswith("https://a.example/p/")
    assert (filled.count("?"), filled.count("&"), filled.count("#"), filled.count("/")) == (1, 1, 0, 5)
