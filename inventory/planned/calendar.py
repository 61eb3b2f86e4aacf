"""Calendars of planned work: iCalendar (RFC 5545), as operators' and owners' programs write it.

A time without a zone is Vietnam's. What repeats is written out up to a horizon, for a page of facts knows no rules.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Calendar, vRecur

from collectors.core.problem import Problem
from collectors.core.values import VIETNAM
from inventory.planned.notice import Notice, Notices, moved
from inventory.planned.window import LONGEST, Window

HORIZON = timedelta(days=400)  # how far ahead what repeats is written out
_PAST = timedelta(days=1)  # what ended longer ago is not written out
_MOST = 500  # times of one event
_SLOWEST = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_DAY = timedelta(days=1)
_RECUR: Any = vRecur  # its methods have no types


@dataclass(frozen=True, slots=True)
class _Event:
    """An event with the line on which it begins."""

    line: int
    content: Any
    called_off: bool  # with others: its calendar is a message that does so, or its series is

    @property
    def uid(self) -> str:
        return str(self.content.get("UID", ""))

    @property
    def revision(self) -> int:
        """Which revision of itself it is."""
        return int(self.content.get("SEQUENCE", 0))

    @property
    def instead_of(self) -> datetime | None:
        """Which time of a repeated event it takes the place of."""
        replaced = self.content.get("RECURRENCE-ID")
        return _aware(replaced.dt) if replaced is not None else None

    @property
    def of_all_that_follow(self) -> bool:
        """Whether it changes that time and each one after it (RFC 5545 section 3.2.13)."""
        return "RECURRENCE-ID" in self.content and "RANGE" in self.content["RECURRENCE-ID"].params

    @property
    def cancelled(self) -> bool:
        return self.called_off or str(self.content.get("STATUS", "")).upper() == "CANCELLED"


def read(text: str, source: str, now: datetime) -> Notices:
    """Every event, written out from a day before `now` on."""
    try:
        events = _with_series(_latest(_events(text)))
        if not events and "BEGIN:VEVENT" in text.upper():
            raise ValueError("its end is missing")
    except (ValueError, IndexError, KeyError) as error:
        return Notices((), (Problem(source, "", f"is no iCalendar file: {error}", "a file that ends in .ics"),))
    if not events:
        return Notices((), (Problem(source, "", "holds no event (VEVENT)"),))
    found: list[Notice] = []
    problems: list[Problem] = []
    for event in events:
        where = f"{source}:{event.line}"
        try:
            found.extend(_notices(event, events, where, now))
        except (ValueError, OverflowError, AttributeError, TypeError, KeyError) as error:
            problems.append(Problem(where, event.uid or "VEVENT", str(error)))
    return Notices(tuple(found), tuple(problems), tuple(_remarks(events, now)))


def _events(text: str) -> Iterator[_Event]:
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.rstrip().upper() == "BEGIN:VEVENT"]
    calendars = Calendar.from_ical(text, multiple=True)
    walked = ((calendar, event) for calendar in calendars for event in calendar.walk("VEVENT"))
    events = [_Event(0, event, str(calendar.get("METHOD", "")).upper() == "CANCEL") for calendar, event in walked]
    if len(lines) != len(events):
        raise ValueError("an event of it is broken off, or within another")
    yield from (replace(event, line=line) for line, event in zip(lines, events, strict=True))


def _latest(events: Iterable[_Event]) -> list[_Event]:
    """Of each event its last revision (SEQUENCE, RFC 5545 section 3.8.7.4): a file may hold what it was, too."""
    found: dict[object, list[_Event]] = {}
    for number, event in enumerate(events):
        found.setdefault((event.uid, event.instead_of) if event.uid else number, []).append(event)
    return [one for revisions in found.values() for one in _last(revisions)]


def _last(revisions: list[_Event]) -> list[_Event]:
    """Several only where nothing says which of them holds."""
    last = max(one.revision for one in revisions)
    holding = [one for one in revisions if one.revision == last]
    return [one for one in holding if one.cancelled][-1:] or holding


def _with_series(events: Sequence[_Event]) -> list[_Event]:
    """What repeats, once called off, takes along the times of it that were moved (RFC 5546 section 3.2.5)."""
    off = {event.uid for event in events if event.cancelled and event.uid and event.instead_of is None}
    return [replace(event, called_off=event.called_off or event.uid in off) for event in events]


def _remarks(events: Sequence[_Event], now: datetime) -> Iterator[str]:
    of_series = {event.uid for event in events if event.instead_of is not None}
    if alone := sorted(of_series - {event.uid for event in events if event.instead_of is None}):
        yield (
            f"moved or called off, but what it is a time of is not in this file: {', '.join(alone)}; "
            "when it would have been stays planned: import the whole calendar"
        )
    if any("RRULE" in event.content for event in events):
        yield f"what repeats is written out until {(now + HORIZON):%d/%m/%Y}: import the calendar again before"


def _notices(event: _Event, events: Sequence[_Event], where: str, now: datetime) -> Iterator[Notice]:
    """One for the event; a moved time of a repeated one is one of its own."""
    if event.of_all_that_follow and not event.called_off:
        raise ValueError("changes all times from one on (RANGE=THISANDFUTURE): end the event and begin another")
    replaced = event.instead_of
    if replaced is not None and event.cancelled:
        return  # left out where what repeats is written out; what stood there of it goes (merge)
    times = tuple(_written_out(event, events, now))
    if not times and not event.cancelled:
        return  # over
    ref = moved(event.uid, replaced) if replaced else event.uid
    place, summary = (" ".join(str(event.content.get(key, "")).split()) for key in ("LOCATION", "SUMMARY"))
    text = place or f"{summary}; {' '.join(str(event.content.get('DESCRIPTION', '')).split())}"
    yield Notice(
        where, ref, summary, times or (_first(event),), text, column="LOCATION" if place else "SUMMARY",
        stated=bool(place), cancelled=event.cancelled,
    )  # fmt: skip


def _written_out(event: _Event, events: Sequence[_Event], now: datetime) -> Iterator[Window]:
    first = _first(event)
    length = first.end - first.start
    replaced = list(_replaced(event, events))
    left_out = {*map(_aware, replaced), *_dates(event.content.get("EXDATE"))}
    days = {*_whole_days(replaced), *_whole_days(_moments(event.content.get("EXDATE")))}
    starts = {*_repeated(event, first.start, now), *_dates(event.content.get("RDATE"))}
    for start in sorted(starts):
        if start not in left_out and start.date() not in days and start + length > now - _PAST:
            yield Window(start, start + length)


def _replaced(event: _Event, events: Iterable[_Event]) -> Iterator[date]:
    """Which of its times others take the place of."""
    for one in events:
        if event.instead_of is None and one.uid == event.uid and one.instead_of is not None:
            yield one.content["RECURRENCE-ID"].dt


def _first(event: _Event) -> Window:
    """All day means from midnight to midnight; without an end, one day, and without a time of day no time at all."""
    begins = event.content.get("DTSTART")
    if begins is None:
        raise ValueError("has no DTSTART: when does it begin?")
    start = _in_zone(begins)
    if "DTEND" in event.content:
        end = _in_zone(event.content["DTEND"])
    elif "DURATION" in event.content:
        end = start + event.content["DURATION"].dt
    elif isinstance(begins.dt, datetime):
        raise ValueError("has neither DTEND nor DURATION: when does it end?")
    else:
        end = start + _DAY
    window = Window(start, end)
    if window.fault:
        raise ValueError(f"{window} {window.fault}")
    return window


def _repeated(event: _Event, start: datetime, now: datetime) -> list[datetime]:
    rule = event.content.get("RRULE")
    if rule is None:
        return [start]
    if isinstance(rule, list):
        raise ValueError("has more than one RRULE: write one event for each")  # noqa: TRY004 - of the file, not ours
    if not isinstance(rule, Mapping) or "FREQ" not in rule or min(rule.get("INTERVAL", (1,))) < 1:
        raise ValueError(
            "has an RRULE that is none: it needs a FREQ, days and months that exist, an INTERVAL of 1 or more"
        )
    if str(rule["FREQ"][0]).upper() not in _SLOWEST:
        raise ValueError(f"repeats {rule['FREQ'][0]}: nothing that is planned does so more than daily")
    ends = [now + HORIZON, *(_until(moment) for moment in rule.get("UNTIL", ()))]
    counted = rule.get("COUNT", (None,))[0]
    # With an end of its own every rule is walked through in time, whatever it asks for.
    endless = {key: value for key, value in rule.items() if key not in ("UNTIL", "COUNT")}
    text = _RECUR({**endless, "UNTIL": [min(ends).astimezone(UTC)]}).to_ical().decode()
    found = [moment for moment in islice(rrulestr(text, dtstart=start), counted) if moment > now - LONGEST]
    if len(found) > _MOST:
        raise ValueError(f"repeats more than {_MOST} times within {HORIZON.days} days")
    return found


def _until(moment: date) -> datetime:
    """A mere day counts whole."""
    return _aware(moment) if isinstance(moment, datetime) else _aware(moment) + _DAY - timedelta(seconds=1)


def _dates(written: Any) -> Iterator[datetime]:
    """Of EXDATE and RDATE, which may come several times, each with several moments."""
    for moment in _moments(written):
        if not isinstance(moment, date):
            raise ValueError("has an RDATE or EXDATE that is a period: write one event for each")  # noqa: TRY004
        yield _aware(moment)


def _whole_days(moments: Iterable[date]) -> Iterator[date]:
    """Some programs leave out, or move, a day of what has a time of day."""
    yield from (moment for moment in moments if not isinstance(moment, datetime))


def _moments(written: Any) -> Iterator[Any]:
    lists = written if isinstance(written, list) else [written] if written is not None else []
    yield from (entry.dt for one in lists for entry in one.dts)


def _in_zone(written: Any) -> datetime:
    zone = written.params.get("TZID")
    if zone and isinstance(written.dt, datetime) and written.dt.tzinfo is None:
        raise ValueError(f"the zone {zone} is not known here, and the calendar does not define it")
    return _aware(written.dt)


def _aware(moment: date) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(), VIETNAM)
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
