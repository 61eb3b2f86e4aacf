"""Patterns that a person writes: whatever they are and whatever page they meet, a search ends at once."""

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.service.patterns import Regexp

PAGE = 262_144
NASTY = ("(a|a)*c", r"Cổng(.|\n)*Đăng nhập", r"^(a+)+$", r"(\s*x)*y", "((a|b)*c)+?d", "a*a*c", "a.*c", "(.*)(.*)(.*)c")


@pytest.mark.parametrize("pattern", NASTY)
@pytest.mark.parametrize("unit", ["a", "Cổng\n", " x"])
def test_a_search_takes_time_and_memory_in_proportion_to_the_page(pattern: str, unit: str) -> None:
    wanted = Regexp.parse(pattern)

    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        started = time.process_time()
        wanted.find(text)
        return time.process_time() - started

    small, large = (min(seconds(length) for _ in range(3)) for length in (PAGE // 16, PAGE))
    assert large < 80 * small + 0.02


def test_a_search_keeps_no_state_for_each_letter() -> None:
    wanted, text = Regexp.parse("(a|b)*c"), "a" * PAGE
    wanted.find(text)
    tracemalloc.start()
    try:
        wanted.find(text)
        assert tracemalloc.get_traced_memory()[1] < 2 * PAGE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("b+", "abbbc", "bbb"),
        ("a(b)(c)", "abc", "b"),
        ("a(x)?b", "ab", ""),
        ("a.c", "a\nc", "a\nc"),
        ("(?i)CỔNG", "cổng", "cổng"),
        (r"Đ\pL+", "ở Đăng nhập", "Đăng"),
        ("Co\u0302\u0309ng", "Cổng", "Cổng"),
        ("z", "abc", None),
        ("b", "\ud800b", "b"),
    ],
)
def test_the_first_group_is_found_or_all_that_matches(pattern: str, text: str, found: str | None) -> None:
    assert Regexp.parse(pattern).find(text) == found


@pytest.mark.parametrize("pattern", ["(", r"(a)\1", "a(?=b)", "a(?<!b)", "a++", "a{1001}", "(a{500}){500}", "\ud800"])
def test_what_cannot_be_searched_in_linear_time_is_refused_in_words(pattern: str) -> None:
    with pytest.raises(ValueError, match="is not a regular expression that can be searched for in linear time: "):
        Regexp.parse(pattern)


@given(st.text(), st.text())
def test_no_pattern_and_no_text_crashes(pattern: str, text: str) -> None:
    try:
        wanted = Regexp.parse(pattern)
    except ValueError:
        return
    wanted.find(text)


def test_patterns_with_the_same_text_are_the_same_setting() -> None:
    assert Regexp.parse("a+") == Regexp.parse("a+")
    assert repr(Regexp.parse("a+")) == "Regexp('a+')"
