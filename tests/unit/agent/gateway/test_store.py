"""What a store's answer means for an office: it throws away what was taken, and puts aside what was refused as bad."""

import pytest

from agent.gateway.judge import Refusal
from agent.gateway.store import refusal, skew

FULL = "failed pushing to ingester: per-user series limit of 150000 exceeded (err-mimir-max-series-per-user)."


@pytest.mark.parametrize("status", [200, 202, 204])
def test_what_is_taken_is_taken(status: int) -> None:
    assert refusal(status, "", "") is None


@pytest.mark.parametrize(
    ("status", "text", "retry_after", "told", "wait"),
    [
        (400, "out of bounds", "", 400, None),
        (409, "duplicate", "", 400, None),
        (400, FULL, "", 503, 300),  # no office can help it
        (413, "too large", "", 413, None),
        (429, FULL, "7", 503, 7),
        (503, "", "", 503, 15),
        (503, "", "0", 503, 1),
        (503, "", "86400", 503, 300),
        (503, "", "9" * 400, 503, 300),
        (503, "", "Fri, 31 Dec 1999 23:59:59 GMT", 503, 15),
        (503, "", "-5", 503, 15),
        (500, "too old", "", 502, None),
        (401, "who are you", "", 503, 300),
        (404, "", "", 503, 300),
        (302, "", "", 503, 300),
        (100, "", "", 503, 300),
    ],
)
def test_a_store_that_has_trouble_is_never_told_as_a_fault_of_the_request(
    status: int, text: str, retry_after: str, told: int, wait: float | None
) -> None:
    error = refusal(status, text, retry_after)
    assert error is not None
    assert (error.status, error.wait) == (told, wait)
    assert error.why in (Refusal.STORE, Refusal.SIZE)


def test_what_a_store_says_goes_on_in_one_short_line() -> None:
    error = refusal(400, "out of\nbounds\r\n" + "x" * 5000, "")
    assert error is not None
    assert str(error).startswith("the store says: out of bounds x")
    assert len(str(error)) < 400


@pytest.mark.parametrize(
    ("date", "ahead"),
    [
        ("Sun, 22 Nov 2026 05:00:00 GMT", 0.5),
        ("Sun, 22 Nov 2026 05:00:10 GMT", 10.5),
        ("Sat, 21 Nov 2026 05:00:00 GMT", -86399.5),
        ("yesterday", None),
        ("", None),
        ("Sun, 22 Nov 99999 05:00:00 GMT", None),
    ],
)
def test_the_clock_of_a_store_is_held_against_ours(date: str, ahead: float | None) -> None:
    asked = 1795323599.0
    assert skew(date, asked, asked + 2) == ahead
