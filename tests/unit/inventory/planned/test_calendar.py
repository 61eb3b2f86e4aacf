"""Calendars (RFC 5545): every way in which a time may be said, written out; what cannot be meant, told."""

from datetime import datetime

import pytest

from collectors.core.values import VIETNAM
from inventory.planned import calendar, content
from inventory.planned.notice import Notices, series
from tests.tools.debian import CHECKOUT

NOW = datetime(2026, 11, 22, 12, tzinfo=VIETNAM)
EXAMPLE = CHECKOUT / "tests" / "fixtures" / "planned" / "portal.ics"


def read(*lines: str, before: str = "") -> Notices:
    """One event of these lines."""
    event = "\r\n".join(("BEGIN:VEVENT", "UID:1@x", "DTSTAMP:20261101T000000Z", *lines, "END:VEVENT"))
    return calendar.read(
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{before}{event}\r\nEND:VCALENDAR\r\n", "a.ics", NOW
    )


def times(*lines: str, before: str = "") -> list[str]:
    notices = read(*lines, before=before)
    assert notices.problems == ()
    return [window.spoken() for notice in notices.found for window in notice.times]


MORNING = ["07:30–11:00 25/11/2026"]


def test_the_example_repeats_leaves_one_out_moves_one_and_calls_one_off() -> None:
    notices = calendar.read(content.read(EXAMPLE), "portal.ics", NOW)
    assert notices.problems == ()
    weekly, moved, day, off = notices.found
    assert [window.spoken() for window in weekly.times] == [
        "22:00 22/11/2026 – 00:00 23/11/2026",
        "22:00 29/11/2026 – 00:00 30/11/2026",
        "22:00 20/12/2026 – 00:00 21/12/2026",
    ]
    assert weekly.title == "Bảo trì hệ thống định kỳ, tạm dừng truy cập"
    assert [window.spoken() for window in moved.times] == ["22:00–23:30 14/12/2026"]
    assert moved.ref != weekly.ref
    assert [window.spoken() for window in day.times] == ["00:00 05/12/2026 – 00:00 06/12/2026"]
    assert (off.cancelled, off.where) == (True, "portal.ics:29")
    assert notices.remarks == ("what repeats is written out until 27/12/2027: import the calendar again before",)


@pytest.mark.parametrize(
    "start",
    [
        "DTSTART:20261125T073000",  # no zone: Vietnam's
        "DTSTART;TZID=Asia/Ho_Chi_Minh:20261125T073000",
        "DTSTART;TZID=SE Asia Standard Time:20261125T073000",  # as Outlook calls it
        "DTSTART:20261125T003000Z",
        "DTSTART;TZID=Asia/Tokyo:20261125T093000",
    ],
)
def test_a_time_is_read_in_whatever_zone_it_is_said(start: str) -> None:
    assert times(start, "DURATION:PT3H30M") == MORNING


def test_a_zone_that_the_calendar_defines_by_itself_is_known() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Our time\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0800\r\n"
        "TZOFFSETTO:+0800\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    assert times("DTSTART;TZID=Our time:20261125T083000", "DURATION:PT3H30M", before=zone) == MORNING


def test_a_day_without_a_time_is_the_whole_day() -> None:
    assert times("DTSTART;VALUE=DATE:20261125") == ["00:00 25/11/2026 – 00:00 26/11/2026"]


def test_further_dates_may_be_listed_instead_of_ruled() -> None:
    found = times("DTSTART:20261125T073000", "DTEND:20261125T110000", "RDATE:20261127T073000,20261128T073000")
    assert found == [*MORNING, "07:30–11:00 27/11/2026", "07:30–11:00 28/11/2026"]


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ("FREQ=DAILY;COUNT=3", 3),
        ("FREQ=WEEKLY;UNTIL=20261209", 3),  # a mere day counts whole
        ("FREQ=WEEKLY;UNTIL=20261209T003000Z", 3),
        ("FREQ=WEEKLY;UNTIL=20261209T002959Z", 2),
        ("FREQ=MONTHLY", 14),  # as far as the horizon
    ],
)
def test_what_repeats_ends_by_a_count_by_a_day_or_at_the_horizon(rule: str, count: int) -> None:
    assert len(times("DTSTART:20261125T073000", "DURATION:PT1H", f"RRULE:{rule}")) == count


def test_what_has_repeated_for_years_is_written_out_from_now_on() -> None:
    found = times("DTSTART:20160104T220000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")
    assert found[0] == "22:00–23:00 23/11/2026"
    assert len(found) == 57


def test_what_is_over_is_no_plan() -> None:
    assert read("DTSTART:20251125T073000", "DURATION:PT1H") == Notices((), ())


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("SUMMARY:x",), "has no DTSTART"),
        (("DTSTART:20261125T073000",), "has neither DTEND nor DURATION"),
        (("DTSTART:20261125T073000", "DTEND:20261125T070000"), "ends before it begins"),
        (("DTSTART;TZID=Mars/Olympus:20261125T073000", "DURATION:PT1H"), "the zone Mars/Olympus is not known here"),
        (("DTSTART:20261125T073000", "DURATION:PT1H", "RRULE:FREQ=SECONDLY"), "repeats SECONDLY"),
        (("DTSTART:20261125T073000", "DURATION:PT1H", "RRULE:FREQ=DAILY;BYHOUR=1,2,3"), "repeats more than 500 times"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_line(lines: tuple[str, ...], said: str) -> None:
    (problem,) = read(*lines).problems
    assert said in problem.message
    assert (problem.where, problem.path) == ("a.ics:4", "1@x")


def test_a_rule_that_never_holds_ends_at_the_horizon() -> None:
    impossible = "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=5"
    assert times("DTSTART:20261125T073000", "DURATION:PT1H", impossible) == []


def test_a_message_that_calls_everything_off_is_heeded() -> None:
    text = "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261125T073000\r\nDURATION:PT1H\r\n"
    (notice,) = calendar.read(f"{text}END:VEVENT\r\nEND:VCALENDAR\r\n", "a.ics", NOW).found
    assert notice.cancelled


@pytest.mark.parametrize(
    "text", ["", "hello", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"]
)
def test_what_is_no_calendar_is_told(text: str) -> None:
    notices = calendar.read(text, "a.ics", NOW)
    assert notices.found == ()
    assert notices.problems


def test_the_place_is_where_it_says_or_else_what_its_words_name() -> None:
    (stated,) = read("DTSTART:20261125T073000", "DURATION:PT1H", "LOCATION:Xã Bảo Lâm", "SUMMARY:Cắt điện").found
    (told,) = read("DTSTART:20261125T073000", "DURATION:PT1H", "SUMMARY:Cắt điện xã Bảo Lâm").found
    assert (stated.places, stated.stated, told.places, told.stated) == (
        "Xã Bảo Lâm", True, "Cắt điện xã Bảo Lâm; ", False,
    )  # fmt: skip


BROKEN = (
    "RRULE:FREQ=WEEKLY;INTERVAL=0", "RRULE:COUNT=3", "RRULE:FREQ=WEEKLY;BYDAY=XX",
    "RDATE;VALUE=PERIOD:20261129T220000Z/20261129T230000Z", "SEQUENCE:x",
)  # fmt: skip


@pytest.mark.timeout(10)
@pytest.mark.parametrize("line", BROKEN)
def test_what_cannot_be_meant_is_told_and_neither_hangs_nor_breaks(line: str) -> None:
    notices = read("DTSTART:20261125T003000Z", "DURATION:PT3H30M", line)
    assert not notices.found
    assert len(notices.problems) == 1


def test_a_day_may_be_left_out_whole() -> None:
    weekly = ("DTSTART;TZID=Asia/Ho_Chi_Minh:20261122T220000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=3")
    assert times(*weekly, "EXDATE;VALUE=DATE:20261129") == ["22:00–23:00 22/11/2026", "22:00–23:00 06/12/2026"]


def revision(number: int, *lines: str) -> str:
    event = (f"SEQUENCE:{number}", "UID:1@x", "DTSTAMP:20261101T000000Z", "DURATION:PT3H30M", *lines)
    return "".join(f"{line}\r\n" for line in ("BEGIN:VEVENT", *event, "END:VEVENT"))


def test_the_last_revision_of_an_event_holds_wherever_it_stands() -> None:
    for number in (0, 2):
        earlier = revision(number, f"DTSTART:2026112{5 if number else 6}T003000Z")
        here = ("SEQUENCE:1", "DURATION:PT3H30M", f"DTSTART:2026112{6 if number else 5}T003000Z")
        assert times(*here, before=earlier) == MORNING


def test_what_is_called_off_in_one_of_several_copies_is_called_off() -> None:
    here = ("DTSTART:20261125T003000Z", "DURATION:PT3H30M", "STATUS:CANCELLED")
    (notice,) = read(*here, before=revision(0, "DTSTART:20261125T003000Z")).found
    assert notice.cancelled


def test_words_within_a_text_are_no_event_and_half_a_file_is_told() -> None:
    folded = "DESCRIPTION:a\r\n BEGIN:VEVENT\r\n b"
    assert times("DTSTART:20261125T003000Z", "DURATION:PT3H30M", folded) == MORNING
    (problem,) = calendar.read("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261125T003000Z\r\n", "a.ics", NOW).problems
    assert "broken off" in str(problem)


WEEKLY = ("DTSTART:20261122T150000Z", "RRULE:FREQ=WEEKLY;COUNT=4")
MOVED = ("RECURRENCE-ID:20261129T150000Z", "DTSTART:20261130T150000Z")


@pytest.mark.parametrize("number", [0, 7])
def test_a_series_that_is_called_off_takes_along_what_was_moved_of_it(number: int) -> None:
    moved = revision(number, *MOVED)
    (whole,) = read(*WEEKLY, "DURATION:PT2H", "STATUS:CANCELLED", "SEQUENCE:2", before=moved).found
    assert whole.cancelled
    assert [notice.cancelled for notice in read(*WEEKLY, "DURATION:PT2H", before=moved).found] == [False, False]


def test_a_time_that_was_moved_knows_its_series() -> None:
    moved, whole = read(*WEEKLY, "DURATION:PT2H", before=revision(1, *MOVED)).found
    assert (series(moved.ref), series(whole.ref)) == (whole.ref, "")


def test_a_moved_time_without_its_series_is_pointed_out() -> None:
    (remark,) = read("DURATION:PT2H", *MOVED).remarks
    assert "1@x" in remark
    assert read("DURATION:PT2H", "DTSTART:20261130T150000Z").remarks == ()


def test_a_moved_time_may_name_the_day_that_it_replaces() -> None:
    moved = revision(1, "RECURRENCE-ID;VALUE=DATE:20261129", "DTSTART:20261130T150000Z")
    assert times(*WEEKLY, "DURATION:PT1H", before=moved)[1:] == [
        "22:00–23:00 22/11/2026", "22:00–23:00 06/12/2026", "22:00–23:00 13/12/2026",
    ]  # fmt: skip


def test_a_change_of_all_that_follows_is_told_and_not_taken_for_one_time() -> None:
    changed = revision(1, "RECURRENCE-ID;RANGE=THISANDFUTURE:20261129T150000Z", "DTSTART:20261130T150000Z")
    (problem,) = read(*WEEKLY, "DURATION:PT2H", before=changed).problems
    assert "THISANDFUTURE" in str(problem)
