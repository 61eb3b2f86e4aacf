"""Times of the day in Vietnam, whatever the machine's own zone is."""

from datetime import datetime

import pytest

from collectors.core.values import VIETNAM
from inventory.hours import Hours, TimeOfDay


def at(hour: int, minute: int = 0, day: int = 22) -> float:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM).timestamp()


@pytest.mark.parametrize(
    ("text", "hour", "minute", "inside"),
    [
        ("22:00-06:00", 21, 59, False),
        ("22:00-06:00", 22, 0, True),
        ("22:00-06:00", 0, 0, True),
        ("22:00-06:00", 5, 59, True),
        ("22:00-06:00", 6, 0, False),
        ("11:30-13:00", 12, 0, True),
        ("11:30-13:00", 13, 0, False),
        ("11:30-13:00", 23, 0, False),
        ("20:00-00:00", 23, 59, True),
        ("20:00-00:00", 0, 0, False),
    ],
)
def test_a_part_of_the_day_may_go_over_midnight(text: str, hour: int, minute: int, inside: bool) -> None:
    assert Hours.parse(text).holds(at(hour, minute)) is inside


@pytest.mark.parametrize(
    ("now", "found"),
    [(at(7, 29), at(7, 30)), (at(7, 30), at(7, 30, day=23)), (at(23), at(7, 30, day=23)), (at(0), at(7, 30))],
)
def test_the_next_time_of_the_day_is_never_now(now: float, found: float) -> None:
    assert TimeOfDay.parse("07:30").next(now) == found


@pytest.mark.parametrize("text", ["7:30", "24:00", "07:60", "", "07:30:00"])
def test_what_is_no_time_of_the_day_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time of the day; write 07:30"):
        TimeOfDay.parse(text)


@pytest.mark.parametrize(
    ("text", "said"), [("22:00", "is not a part of the day"), ("06:00-06:00", "begins when it ends")]
)
def test_what_is_no_part_of_the_day_is_said(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Hours.parse(text)


def test_both_are_written_as_they_are_read() -> None:
    assert (str(TimeOfDay.parse("07:05")), str(Hours.parse("22:00-06:00"))) == ("07:05", "22:00-06:00")
