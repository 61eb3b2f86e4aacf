"""What is remembered of an answer so that it need not be sent again."""

from dataclasses import replace

import pytest

from agent.io.validators import Validators
from collectors.core.ports import HttpExchange, HttpRequest

ASKED = HttpRequest("https://a.example/", conditional=True)
DATE = "Tue, 15 Nov 1994 12:45:26 GMT"
RIGHT = HttpExchange({}, status=200, complete=True, headers=(("ETag", '"a"'), ("Last-Modified", DATE)))
BOTH = {"If-None-Match": '"a"', "If-Modified-Since": DATE}


def after(*exchanges: HttpExchange) -> dict[str, str]:
    kept = Validators()
    for exchange in exchanges:
        kept.keep(ASKED, exchange, 1000.0)
    return dict(kept.conditions(ASKED, 1000.0))


def test_both_validators_become_conditions() -> None:
    assert after(RIGHT) == BOTH


@pytest.mark.parametrize(
    "other",
    [
        replace(RIGHT, status=206),
        replace(RIGHT, complete=False),
        replace(RIGHT, headers=()),
        replace(RIGHT, headers=(("ETag", "a\r\nX: y"),)),
        replace(RIGHT, headers=(("ETag", "x" * 10_000),)),
    ],
)
def test_an_answer_that_cannot_be_relied_on_is_not_kept_and_ends_what_was(other: HttpExchange) -> None:
    assert after(other) == {}
    assert after(RIGHT, other) == {}


def test_a_304_neither_ends_nor_prolongs_what_is_kept() -> None:
    kept = Validators()
    kept.keep(ASKED, RIGHT, 0.0)
    kept.keep(ASKED, replace(RIGHT, status=304), 3599.0)
    assert kept.conditions(ASKED, 3599.0) == BOTH
    assert kept.conditions(ASKED, 3600.0) == {}


def test_the_memory_is_bounded() -> None:
    asked = [HttpRequest(f"https://a.example/{number}", conditional=True) for number in range(300)]
    kept = Validators()
    for request in asked:
        kept.keep(request, RIGHT, 0.0)
    assert [bool(kept.conditions(request, 0.0)) for request in asked] == [False] * 44 + [True] * 256
