"""A month is Vietnam's month, whatever the machine's time zone."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from dashboards.reports.month import DAY, LATE, Month, local


def unix(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def test_a_month_begins_at_midnight_in_vietnam() -> None:
    month = Month.parse("2026-11")
    assert month.start == unix("2026-10-31T17:00:00")
    assert month.end == unix("2026-11-30T17:00:00")


@pytest.mark.parametrize(("text", "days"), [("2026-02", 28), ("2028-02", 29), ("2026-11", 30), ("2026-12", 31)])
def test_a_month_has_its_days(text: str, days: int) -> None:
    assert Month.parse(text).days == days


def test_december_ends_where_january_begins() -> None:
    assert Month.parse("2026-12").end == Month.parse("2027-01").start


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "2026-1", "11-2026", "2026-11-01", "٢٠٢٦-11", "9999-12"]
)
def test_what_is_not_a_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write it as 2026-11"):
        Month.parse(text)


def test_a_moment_belongs_to_its_vietnamese_day() -> None:
    month = Month.parse("2026-11")
    assert month.day_of(unix("2026-10-31T17:00:00")) == 1
    assert month.day_of(unix("2026-11-01T16:59:59")) == 1
    assert month.day_of(unix("2026-11-01T17:00:00")) == 2
    assert unix("2026-11-30T16:59:59") in month
    assert unix("2026-11-30T17:00:00") not in month


def test_a_finished_month_is_read_day_by_day() -> None:
    month = Month.parse("2026-11")
    windows = list(month.windows(now=month.end + 5 * DAY))
    assert len(windows) == 30
    assert windows[0] == (month.start, month.start + DAY)
    assert all(end == begin for (_, end), (begin, _) in pairwise(windows))


def test_the_last_minutes_of_a_month_are_read_after_midnight() -> None:
    month = Month.parse("2026-11")
    assert list(month.windows(now=month.end + 5 * DAY))[-1] == (month.end - DAY, month.end + LATE)
    assert list(month.windows(now=month.end + 60))[-1] == (month.end - DAY, month.end + 60)


def test_a_running_month_is_read_until_now() -> None:
    month = Month.parse("2026-11")
    now = month.start + 2.5 * DAY
    assert list(month.windows(now)) == [
        (month.start, month.start + DAY),
        (month.start + DAY, month.start + 2 * DAY),
        (month.start + 2 * DAY, now),
    ]


def test_a_month_to_come_has_no_days_yet() -> None:
    month = Month.parse("2026-11")
    assert list(month.windows(month.start)) == []


def test_local_time_is_seven_hours_ahead_of_utc() -> None:
    assert local(unix("2026-11-21T19:30:00")).isoformat() == "2026-11-22T02:30:00+07:00"
