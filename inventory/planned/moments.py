"""When something is, as power companies and operators write it: 07:30 ngày 25/11/2026, 7h30 - 11h 25/11/2026.

Days come before months, as everywhere in Vietnam. Years have four digits: nothing is guessed.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from collectors.core.values import VIETNAM
from inventory.planned.window import Window
from inventory.planned.words import fold

_DATE = re.compile(r"(?<!\d)(?:(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2}))(?!\d)")
_TIME = re.compile(
    r"(?<![\d:])(\d{1,2})(?:\s*(?::|h|g(?!i)|giờ|gio)\s*(\d{2})?(?::(\d{2}))?)(?![\d:])(?:\s*ph(?:út|ut)?(?!\w))?"
    # of the day: SA and CH are Excel's AM and PM in Vietnam; `toi` before a time means until
    r"(?:\s*(a\.?m\b|p\.?m\b|sa|ch|sáng|sang|trưa|trua|chiều|chieu|tối|toi(?!\s*\d{1,2}\s*[:hg])|đêm|dem)(?!\w))?",
    re.IGNORECASE,
)
_HALF_A_DATE = re.compile(r"(?<!\d)\d{1,2}[/.]\d{1,2}(?:[/.]\d{1,3})?(?!\d)")  # 25/11, 25/11/26
_MORNING = {hour: hour for hour in range(12)}
_AFTERNOON = {hour: hour % 12 + 12 for hour in range(1, 24)}
# What the hour is, by the part of the day that stands behind it; what is not here may be either of two.
_HOURS = {
    "am": {**_MORNING, 12: 0}, "sa": {**_MORNING, 12: 0}, "pm": _AFTERNOON, "ch": _AFTERNOON, "sang": _MORNING,
    "trua": {**{hour: hour for hour in range(10, 15)}, 1: 13, 2: 14},
    "chieu": {hour: _AFTERNOON[hour] for hour in (*range(1, 8), *range(12, 20))},
    "toi": {hour: _AFTERNOON[hour] for hour in (*range(5, 12), *range(17, 24))},
    "dem": {**{hour: hour for hour in range(5)}, **{hour: _AFTERNOON[hour] for hour in (9, 10, 11, *range(19, 24))}},
}  # fmt: skip
_WRITE = "write 07:30 25/11/2026"


def window(start: str, end: str, day: str = "") -> Window:
    """From two cells, which may leave out the day where a third has it. ValueError with a message for a person."""
    return _sound(Window(moment(start, day), moment(end, day)), _alike(f"{start} - {end}"))


def period(text: str, day: str = "") -> Window:
    """From one cell that holds both: two times of day, and one day for both or one for each."""
    times, days = _times(text), _days(text) or _days(day)
    if len(times) != 2 or len(days) not in (1, 2):
        raise ValueError(f"{text!r} is not a time with a beginning and an end; write 07:30 - 11:00 25/11/2026")
    first, last = days[0], days[-1]
    return _sound(Window(first + times[0], last + times[1]), text)


def moment(text: str, day: str = "") -> datetime:
    """One moment in Vietnam's time, or the zone that an ISO 8601 text names."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        pass
    else:
        if len(text.strip()) > len("2026-11-25"):  # a mere day is no moment
            return found if found.tzinfo else found.replace(tzinfo=VIETNAM)
    times, days = _times(text), _days(text) or _days(day)
    if len(times) != 1 or len(days) != 1:
        raise ValueError(f"{text!r} is not a moment; {_WRITE}")
    return days[0] + times[0]


def says_a_day(text: str) -> bool:
    """Whether any whole date stands in it."""
    return _DATE.search(text) is not None


def _sound(found: Window, text: str) -> Window:
    if found.fault:
        raise ValueError(f"{text!r} {found.fault}")
    return found


def _days(text: str) -> Sequence[datetime]:
    return [_midnight(*match.groups()) for match in _DATE.finditer(text)]


def _midnight(day: str, month: str, year: str, iso_year: str, iso_month: str, iso_day: str) -> datetime:
    numbers = (int(year), int(month), int(day)) if year else (int(iso_year), int(iso_month), int(iso_day))
    try:
        return datetime.combine(date(*numbers), time(), VIETNAM)
    except ValueError:
        written = f"{day}/{month}/{year}" if year else f"{iso_year}-{iso_month}-{iso_day}"
        raise ValueError(f"{written} is no day: the day comes first, then the month") from None


def _times(text: str) -> Sequence[timedelta]:
    """Since midnight; 24:00 is the end of a day."""
    rest = _DATE.sub(" ", text)
    if half := _HALF_A_DATE.search(rest):
        raise ValueError(f"{half[0]!r} in {text!r} is no whole date; {_WRITE}")
    return [_time(match) for match in _TIME.finditer(_alike(rest))]


def _alike(text: str) -> str:
    """ValueError where only one of two times says which half of the day it is in: 1h30 - 5h chiều."""
    said = {bool(match[4]) for match in _TIME.finditer(text) if int(match[1]) <= 12}
    if len(said) > 1:
        raise ValueError(
            f"{text!r} says of one time only in which half of the day it is; write 13:30 - 17:00 25/11/2026"
        )
    return text


def _time(match: re.Match[str]) -> timedelta:
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[:3])
    if match[4]:
        hours = _HOURS[fold(match[4]).replace(" ", "")].get(hours, 99)
    if minutes > 59 or seconds > 59 or (hours, minutes, seconds) > (24, 0, 0):
        raise ValueError(f"{match[0].strip()!r} is no time of day; {_WRITE}")
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
