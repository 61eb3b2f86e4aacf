"""A period is told in Vietnam's time, and read in pieces that fit together."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.reports.month import DAY, Month
from dashboards.reports.period import Period, PeriodError, moment_of


def test_a_time_is_vietnams_unless_it_says_another() -> None:
    assert moment_of("2026-11-01") == Month.parse("2026-11").start
    assert moment_of("2026-11-01T08:30") == moment_of("2026-11-01T01:30+00:00")


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "01/11/2026"])
def test_what_is_no_time_is_said_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="write it as 2026-11-01"):
        moment_of(text)


def test_a_period_is_named_after_its_days_and_hours() -> None:
    assert Period.between(moment_of("2026-11-01"), moment_of("2026-11-08")).name == "2026-11-01_2026-11-08"
    hours = Period.between(moment_of("2026-11-01T08:30"), moment_of("2026-11-02"))
    assert hours.name == "2026-11-01T0830_2026-11-02"
    assert Period.of(Month.parse("2026-11")).name == "2026-11"


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(PeriodError, match="--to should be later"):
        Period.between(moment_of("2026-11-02"), moment_of("2026-11-02"))


@given(length=st.integers(1, 40 * 1440), ran=st.integers(1, 40 * 1440), step=st.integers(10, 3600))
def test_pieces_cover_all_that_has_passed_and_meet_on_a_step(length: int, ran: int, step: int) -> None:
    period, now = Period(0.0, length * 60.0, ""), ran * 60.0
    pieces = list(period.pieces(step, now))
    assert (pieces[0][0], pieces[-1][1]) == (0, min(period.end, now))
    assert all(end == begin and end % step == 0 for (_, end), (begin, _) in pairwise(pieces))
    assert all(0 < end - begin <= DAY for begin, end in pieces)
