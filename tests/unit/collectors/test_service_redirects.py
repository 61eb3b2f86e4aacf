"""Whatever a server writes into Location, Set-Cookie and its other headers ends in a request, or in a reason."""

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collectors.core.credentials import shown
from collectors.core.ports import HttpExchange, HttpRequest
from collectors.service.pages import challenge, maintenance
from collectors.service.redirects import RedirectError, keep_cookies, next_request
from collectors.service.text import utf8_of
from collectors.service.web import http_date

ANYTHING = st.text(max_size=60)
PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["http://", "https://", "//", "/", "?", "#", "@", ":", "[", "]", "a.example", "99999", "..", "%", "\\", "đ"]
        ),
        ANYTHING,
    ),
    max_size=6,
).map("".join)
HEADERS = st.lists(st.tuples(st.sampled_from(["Location", "Set-Cookie", "Content-Type", "X"]), PIECES), max_size=6)
FIRST = HttpRequest("https://portal.example:8443/a?b", headers=(("X-Key", "secret"),), connect_to="192.0.2.1:443")


@given(st.sampled_from([301, 302, 303, 307, 308]), HEADERS)
@example(302, [("Location", "http://[")])
@example(302, [("Location", "http://a:b@portal.example/")])
def test_any_redirect_leads_to_a_request_or_a_reason(status: int, headers: list[tuple[str, str]]) -> None:
    exchange = HttpExchange({}, status=status, headers=tuple(headers))
    cookies = keep_cookies({}, FIRST, exchange)
    try:
        following = next_request(FIRST, exchange, cookies)
    except RedirectError:
        return
    assert following
    url = urlsplit(following.url)
    assert url.scheme in ("http", "https")
    assert url.hostname
    assert url.port is None or 0 <= url.port < 65_536
    assert shown(following.url)
    if url.hostname != "portal.example":
        assert following.connect_to == ""
    if (url.scheme, url.hostname, url.port or 0) != ("https", "portal.example", 8443):
        assert following.headers == ()


@given(HEADERS)
def test_a_cookie_that_is_kept_fits_into_a_header(headers: list[tuple[str, str]]) -> None:
    exchange = HttpExchange({}, status=200, headers=tuple(headers))
    for (origin, name), value in keep_cookies({}, FIRST, exchange).items():
        assert origin == ("https", "portal.example", 8443)
        assert name
        assert f"{name}={value}".isascii()
        assert f"{name}={value}".isprintable()


@given(st.binary(max_size=300), PIECES)
def test_any_page_in_any_character_set_is_read(body: bytes, kind: str) -> None:
    exchange = HttpExchange({}, status=200, headers=(("Content-Type", f"text/html; charset={kind}"),), body=body)
    assert isinstance(utf8_of(exchange).decode(), str)
    assert isinstance(maintenance(exchange) + challenge(exchange), str)


@pytest.mark.parametrize(
    "name", ["base64", "zlib", "hex", "idna", "punycode", "unicode_escape", "undefined", "utf-7", "rot13", "mbcs"]
)
def test_a_character_set_that_is_none_does_no_harm(name: str) -> None:
    exchange = HttpExchange({}, status=200, headers=(("Content-Type", f"text/html; charset={name}"),), body=b"x\\n\xff")
    assert isinstance(utf8_of(exchange).decode(), str)


@given(ANYTHING)
@example("Thu, 01 Jan 0001 00:00:00 GMT")
@example("Fri, 31 Dec 9999 23:59:59 GMT")
def test_any_date_is_a_time_or_none(text: str) -> None:
    assert isinstance(http_date(text), float | None)
