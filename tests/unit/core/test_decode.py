"""The strict decoder: what it refuses, how it says so, and what it leaves alone."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core.decode import DecodeError, Raw, decode_file, decode_text
from collectors.core.values import Duration, HostPort, Secret, Url


class Technology(StrEnum):
    FTTH = "ftth"
    MOBILE = "4g"


@dataclass(frozen=True, slots=True)
class Link:
    operator: Literal["vnpt", "viettel"]
    down: float
    technology: Technology = Technology.FTTH

    def check(self) -> Iterable[tuple[str, str]]:
        if self.down <= 0:
            yield "down", "must be positive"


@dataclass(frozen=True, slots=True)
class Office:
    code: str
    host: IPv4Address | None = None
    links: tuple[Link, ...] = ()
    every: Duration = Duration(60)
    names: Mapping[str, str] = field(default_factory=dict)
    secret: Secret = field(default_factory=lambda: Secret(""))
    url: Url | None = None
    count: int = 0
    on: bool = False
    either: Link | str = ""
    later: Raw | None = None


def problems(text: str) -> list[str]:
    with pytest.raises(DecodeError) as caught:
        decode_text(text, Office, "x.yml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("code", ["01273", "00004", "0x10", "1e3", "no", "12:30", "1_000", "0o17"])
def test_a_code_stays_the_text_that_was_written(code: str) -> None:
    assert decode_text(f"code: {code}", Office, "x.yml").value.code == code


def test_every_type_is_read_from_its_natural_form() -> None:
    text = """
code: "04"
host: 10.0.0.1
links: [{operator: vnpt, down: 1.5e2, technology: 4g}]
every: 1m30s
names: {vi: Xã, en: Commune}
secret: s3cret
url: https://example.vn/x
count: -3
on: true
either: {operator: viettel, down: 2}
"""
    office = decode_text(text, Office, "x.yml").value
    link = Link("vnpt", 150.0, Technology.MOBILE)
    assert (office.host, office.links, office.every) == (IPv4Address("10.0.0.1"), (link,), 90.0)
    assert (office.names, office.count, office.on) == ({"vi": "Xã", "en": "Commune"}, -3, True)
    assert office.secret.reveal() == "s3cret"
    assert office.either == Link("viettel", 2.0)


def test_all_problems_are_reported_at_once_in_the_order_of_their_lines() -> None:
    text = """code: 01273
code: 4
host: 10.0.1
links:
- {operator: vnp, down: 3}
- {operator: vnpt, down: -3}
- x
every: 1x
url: ftp://x
secrets: abc
names: {a: [1]}
"""
    assert problems(text) == [
        "x.yml:2 code: is given twice (first on line 1)",
        "x.yml:3 host: '10.0.1' is not an IPv4 address",
        "x.yml:5 links[0].operator: 'vnp' is not one of vnpt, viettel; did you mean vnpt?",
        "x.yml:6 links[1].down: must be positive",
        "x.yml:7 links[2]: should be a mapping (key: value), not a single value",
        "x.yml:8 every: '1x' is not a duration; write 500ms, 10s, 1m30s, 6h or 7d",
        "x.yml:9 url: 'ftp://x' is not an http:// or https:// URL",
        "x.yml:10 secrets: is not a known key (hint: did you mean secret?)",
        "x.yml:11 names.a: should be a text, not a list",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "x.yml: is empty"),
        ("code: [", "x.yml:1: is not YAML"),
        ("code: 'x", "x.yml:1: is not YAML"),
        ("code: 1\n\tcount: 2", "(hint: indent with spaces, not tabs)"),
        ("- code: 1", "x.yml:1: should be a mapping (key: value), not a list"),
        ("code:", "x.yml:1 code: is empty; it should be a text"),
        ("code: ~", "x.yml:1 code: is empty; it should be a text"),
        (
            "code: !!python/object/apply:os.system [true]",
            "the tag tag:yaml.org,2002:python/object/apply:os.system is not",
        ),
        ("code: &a [*a]", "x.yml:1 code"),
        ("code: x\non: yes", "x.yml:2 on: 'yes' should be true or false"),
        ("code: x\ncount: 007", "x.yml:2 count: '007' is not a whole number"),
        ("code: x\ncount: 1.5", "x.yml:2 count: '1.5' is not a whole number"),
        ("code: x\nlinks: [{operator: vnpt, down: .nan}]", "'.nan' is not a number"),
        ("code: x\n? [a]\n: b", "x.yml:2: a key should be a plain word"),
        ("a: 1\n---\nb: 2", "x.yml:2: is not YAML"),
        ("code: \x00", "is not YAML"),
        ("host: 10.0.0.1", "x.yml:1 code: is missing"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(text: str, said: str) -> None:
    assert any(said in problem for problem in problems(text)), problems(text)


def test_a_finding_deep_below_is_told_at_its_line() -> None:
    @dataclass(frozen=True, slots=True)
    class Whole:
        links: Mapping[str, Link]

        def check(self) -> Iterable[tuple[str, str]]:
            yield "links.main.down", "is too much"
            yield "links.main.absent", "is not there"

    with pytest.raises(DecodeError) as caught:
        decode_text("links:\n  main:\n    operator: vnpt\n    down: 5\n", Whole, "x.yml")
    assert [str(problem) for problem in caught.value.problems] == [
        "x.yml:2 links.main.absent: is not there",
        "x.yml:4 links.main.down: is too much",
    ]


def test_a_quoted_null_is_a_text() -> None:
    assert decode_text("code: 'null'", Office, "x.yml").value.code == "null"


def test_a_list_that_contains_itself_is_refused() -> None:
    @dataclass(frozen=True, slots=True)
    class Nested:
        later: tuple[tuple[str, ...], ...]

    with pytest.raises(DecodeError, match="contains itself"):
        decode_text("later: &a [*a]", Nested, "x.yml")


def test_a_union_reports_the_choice_that_was_meant() -> None:
    assert problems("code: x\neither: {operator: vnpt, down: ten}") == [
        "x.yml:2 either.down: 'ten' is not a number",
    ]


def test_a_secret_comes_from_a_file_beside_the_document(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("tỉnh\n", encoding="utf-8")
    (tmp_path / "x.yml").write_text("code: x\nsecret: {file: key}", encoding="utf-8")
    secret = decode_file(tmp_path / "x.yml", Office).value.secret
    assert secret.reveal() == "tỉnh"


def test_a_secret_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPS_KEY", "abc")
    assert decode_text("code: x\nsecret: {env: UPS_KEY}", Office, "x.yml").value.secret.reveal() == "abc"


def test_secrets_can_be_checked_without_being_there() -> None:
    assert decode_text("code: x\nsecret: {file: /nowhere}", Office, "x.yml", read_secrets=False).value.code == "x"
    assert problems("code: x\nsecret: {file: /nowhere}")[0].startswith("x.yml:2 secret: cannot read the secret")


def test_a_secret_never_shows_itself() -> None:
    office = decode_text("code: x\nsecret: hunter2", Office, "x.yml").value
    assert "hunter2" not in f"{office} {office!r} {office.secret} {office.secret!r}"


def test_a_part_can_be_decoded_later_with_its_own_lines() -> None:
    later = decode_text("code: x\nlater:\n  operator: vnpt\n  down: x", Office, "x.yml").value.later
    assert later is not None
    with pytest.raises(DecodeError, match=r"x.yml:4 later.down: 'x' is not a number"):
        later.decode(Link)


def test_a_later_finding_is_located_at_the_line_of_its_path() -> None:
    document = decode_text("code: x\nlinks:\n- {operator: vnpt, down: 1}\n- operator: vnpt\n  down: 2", Office, "x.yml")
    assert document.where("links[1].down") == "x.yml:5"
    assert document.where("links[1].nothing.deeper") == "x.yml:4"
    assert str(document.problem("links[7]", "is unknown", "ask")) == "x.yml:2 links[7]: is unknown (hint: ask)"


def test_an_unreadable_file_is_a_problem_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(DecodeError, match="No such file"):
        decode_file(tmp_path / "absent.yml", Office)
    (tmp_path / "latin.yml").write_bytes(b"code: \xe9")
    with pytest.raises(DecodeError, match="is not UTF-8 text"):
        decode_file(tmp_path / "latin.yml", Office)
    with pytest.raises(DecodeError, match="directory"):
        decode_file(tmp_path, Office)


@given(st.text(max_size=200))
def test_any_text_is_decoded_or_refused(text: str) -> None:
    with suppress(DecodeError):
        assert decode_text(text, Office, "x.yml").value.code is not None


@given(
    st.recursive(
        st.text(max_size=5),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["code", "links", "down"]), inner),
    )
)
def test_any_shape_is_decoded_or_refused(shape: object) -> None:
    with suppress(DecodeError):
        assert decode_text(json.dumps(shape), Office, "x.yml").value.code is not None


@pytest.mark.parametrize(
    ("text", "seconds"), [("500ms", 0.5), ("10s", 10), ("1m30s", 90), ("6h", 21600), ("7d", 604800), ("0.5s", 0.5)]
)
def test_a_duration_is_read_in_seconds(text: str, seconds: float) -> None:
    assert Duration.parse(text) == seconds


@pytest.mark.parametrize("text", ["", "10", "s", "-1s", "1 s", "1s2", "1w"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        Duration.parse(text)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("10.0.0.1", "10.0.0.1", None),
        ("ups.lan:161", "ups.lan", 161),
        ("[::1]:161", "::1", 161),
        ("fe80::1", "fe80::1", None),
    ],
)
def test_host_and_port_are_told_apart(text: str, host: str, port: int | None) -> None:
    assert HostPort.parse(text) == HostPort(host, port)


@pytest.mark.parametrize("text", ["", "a:b", "a:0", "a:65536", ":1", "a b", "[::1", "http://a"])
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not host"):
        HostPort.parse(text)


@pytest.mark.parametrize("text", ["10.4.1.999", "10.1.2", "10.1.2:161", "161"])
def test_digits_and_dots_are_an_address_or_a_slip(text: str) -> None:
    with pytest.raises(ValueError, match="is not an IPv4 address"):
        HostPort.parse(text)


@pytest.mark.parametrize(
    "text", ["dichvucong.gov.vn", "https://", "https://a:b/", "https://a:99999/", "https://a b/", "http://u:p@a/"]
)
def test_what_is_no_url_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="URL"):
        Url.parse(text)
