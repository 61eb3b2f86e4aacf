"""What is planned, what failed by plan, and what did not."""

from alerts import recorded
from alerts.planned import OFFICE_PLANNED_OUTAGE, PROVINCE_OUT
from dashboards.promql import most, number, or_nought, select
from inventory.labels import OFFICE_IDENTITY
from inventory.planned.facts import (
    KIND,
    PERIOD,
    PLANNED_END,
    PLANNED_INFO,
    PLANNED_LINK,
    PLANNED_OFFICE,
    PLANNED_SERVICE,
    PLANNED_START,
    WORK,
)

_AHEAD = 7 * 86400  # seconds
_TIMED = f"province, {WORK}, {KIND}, {PERIOD}"
_WORK = f"province, {WORK}"
WINDOW = "30d"


def coming(**scope: str) -> str:
    """Work that runs or begins within the week: seconds until it begins, negative once it has."""
    seconds = f"({most(_labels(_TIMED), select(PLANNED_START, **scope))} - time()) < {_AHEAD}"
    left = f"{most(_labels(_TIMED), select(PLANNED_END, **scope))} > time()"
    titles = most(_labels(f"{_WORK}, title"), select(PLANNED_INFO, **scope))
    return f"({seconds} and on ({_TIMED}) {left}) * on ({_WORK}) group_left (title) {titles}"


def coming_to_office(office: str) -> str:
    """The same of one office: its power, its links, and the services of its province."""
    own = " or ".join(most(_labels(_WORK), select(each, office=office)) for each in (PLANNED_OFFICE, PLANNED_LINK))
    here = f"{select(recorded.OFFICE_EXPECTED, office=office)}"
    services = f"{most(_labels(_WORK), select(PLANNED_SERVICE))} and on (province) {here}"
    return f"{coming()} and on ({_WORK}) ({own} or {services})"


def out(**scope: str) -> str:
    """Offices that are out by plan now."""
    return or_nought(number((), most(OFFICE_IDENTITY, select(OFFICE_PLANNED_OUTAGE, **scope))))


def share_out(planned: str, **scope: str) -> str:
    """Share of its offices' time that a province has lost, by plan (yes) or not (no)."""
    return most((), f"avg_over_time({select(PROVINCE_OUT, planned=planned, **scope)}[{WINDOW}])")


def out_over_time(**scope: str) -> str:
    """Share of the offices that are out, by plan or not."""
    return most(("planned",), select(PROVINCE_OUT, **scope))


def _labels(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))
