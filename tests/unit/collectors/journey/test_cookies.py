"""Cookies by RFC 6265: what comes back to whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.journey.cookies import Jar, cookie_date, keep, sent, value_of

NOW = 1_800_000_000.0  # 15 January 2027
HOME = "https://www.portal.example/dir/page"


def jar_of(*cookies: str, url: str = HOME, jar: Jar = ()) -> Jar:
    return keep(jar, url, [("Set-Cookie", cookie) for cookie in cookies], NOW)


@pytest.mark.parametrize(
    ("cookie", "url", "comes_back"),
    [
        ("a=1", "https://www.portal.example/dir/other", True),
        ("a=1", "https://www.portal.example/", False),
        ("a=1; Path=/", "https://www.portal.example/", True),
        ("a=1; Path=/di", HOME, False),
        ("a=1; Path=/dir/", HOME, True),
        ("a=1; Path=relative", HOME, True),
        ("a=1", "https://sub.www.portal.example/dir/", False),
        ("a=1; Domain=www.portal.example", "https://sub.www.portal.example/dir/", True),
        ("a=1; Domain=.portal.example", "https://api.portal.example/dir/", True),
        ("a=1; domain=PORTAL.EXAMPLE", "https://api.portal.example/dir/", True),
        ("a=1; Domain=portal.example", "https://notportal.example/dir/", False),
        ("a=1; Domain=other.example", HOME, False),
        ("a=1; Domain=example", HOME, False),
        ("a=1; Secure", "http://www.portal.example/dir/", False),
        ("a=1; Secure", HOME, True),
        ("a=1", "https://www.portal.example:8443/dir/", True),
        ("a=1", "http://www.portal.example:8080/dir/", False),
        ("a=1; Max-Age=1", HOME, True),
        ("a=1; Max-Age=0", HOME, False),
        ("a=1; Max-Age=-5", HOME, False),
        ("a=1; Max-Age=abc", HOME, True),
        ("a=1; Expires=Fri, 15 Jan 2027 08:00:01 GMT", HOME, True),
        ("a=1; Expires=Fri, 15 Jan 2027 08:00:00 GMT", HOME, False),
        ("a=1; Max-Age=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", HOME, True),
        ("a=1; Expires=whenever", HOME, True),
        ("=1", HOME, False),
        ("a", HOME, False),
        ("a=Đ", HOME, False),
        ("a=" + "1" * 5000, HOME, False),
    ],
)
def test_a_cookie_comes_back_where_it_belongs(cookie: str, url: str, comes_back: bool) -> None:
    assert bool(sent(jar_of(cookie), url, NOW)) is comes_back


def test_a_cookie_that_came_in_clear_goes_out_in_clear() -> None:
    url = "http://www.portal.example/dir/page"
    assert sent(jar_of("a=1", url=url), url, NOW) == "a=1"


def test_domains_that_owners_share_are_no_domains_of_a_cookie() -> None:
    url = "https://dichvucong.gov.vn/"
    assert sent(jar_of("a=1; Domain=gov.vn", url=url), url, NOW) == ""
    assert sent(jar_of("a=1; Domain=dichvucong.gov.vn", url=url), "https://xacthuc.dichvucong.gov.vn/", NOW) == "a=1"


def test_an_address_has_nothing_below_it() -> None:
    assert sent(jar_of("a=1; Domain=0.0.1", url="http://127.0.0.1/"), "http://127.0.0.1/", NOW) == ""
    assert sent(jar_of("a=1; Domain=127.0.0.1", url="http://127.0.0.1/"), "http://127.0.0.1/", NOW) == "a=1"


def test_longer_paths_go_first_then_older_cookies() -> None:
    jar = jar_of("a=1; Path=/", "b=2; Path=/dir", "c=3; Path=/", "a=4; Path=/")
    assert sent(jar, HOME, NOW) == "b=2; a=4; c=3"
    assert value_of(jar_of("b=root; Path=/", jar=jar), HOME, "b", NOW) == "2"
    assert value_of(jar, HOME, "z", NOW) == ""


def test_a_cookie_is_taken_back_by_an_answer_and_ends_in_its_time() -> None:
    jar = jar_of("a=1; Path=/; Max-Age=10", "b=2; Path=/")
    assert sent(jar, HOME, NOW + 9.9) == "a=1; b=2"
    assert sent(jar, HOME, NOW + 10) == "b=2"
    assert sent(jar_of("b=; Path=/; Expires=Thu, 01-Jan-70 00:00:00 GMT", jar=jar), HOME, NOW) == "a=1"


def test_a_server_cannot_fill_the_jar_without_end() -> None:
    assert len(jar_of(*(f"c{number}=1" for number in range(1000)))) == 50


@given(st.text(), st.integers(0, 59))
def test_no_cookie_and_no_date_is_too_strange(text: str, number: int) -> None:
    jar = jar_of(text, f"a=1; Expires={text}; Path={text}; Domain={text}", f"a=1; Max-Age={text}")
    assert "\n" not in sent(jar, HOME, NOW)
    cookie_date(f"{text}{number}:00:00 {text} Jan 1 {number}")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Thu, 01 Jan 1970 00:00:10 GMT", 10),
        ("Thursday, 01-Jan-70 00:00:10 GMT", 10),
        ("Thu Jan  1 00:00:10 1970", 10),
        ("Sun, 06 Nov 94 08:49:37 GMT", 784111777),
        ("Fri, 15 Jan 27 08:00:00 GMT", NOW),
        ("Thu, 01 Jan 1970", None),
        ("Thu, 32 Jan 1970 00:00:10 GMT", None),
        ("Thu, 01 Jan 1970 25:00:10 GMT", None),
        ("0", None),
    ],
)
def test_dates_are_read_in_all_the_ways_of_servers(text: str, seconds: float | None) -> None:
    assert cookie_date(text) == seconds
