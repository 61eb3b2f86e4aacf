"""Planned work in a scene: begins and ends at seconds of the scene, with margins that keep scenes short."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from alerts.settings import PRODUCTION
from tests.rules.scene import Firing, Office, selector, values

BEFORE, AFTER = 60.0, 120.0
SOON = replace(
    PRODUCTION,
    windows=replace(PRODUCTION.windows, planned_before_seconds=BEFORE, planned_after_seconds=AFTER),
)
PERIOD = "07:30–11:00 25/11/2026"
WORK = "work-1"


def times(kind: str, start: float, end: float, until: float) -> dict[str, str]:
    """One piece of work of province 04."""
    timed = {"province": "04", "work": WORK, "kind": kind, "period": PERIOD, "job": "facts"}
    return {
        selector("planned_start_timestamp_seconds", **timed): values((start, until)),
        selector("planned_end_timestamp_seconds", **timed): values((end, until)),
    }


def cut(start: float, end: float, until: float, offices: Iterable[Office]) -> dict[str, str]:
    """A planned cut of the offices' power."""
    at = {selector("planned_office", **office.labels, work=WORK, job="facts"): values((1, until)) for office in offices}
    return times("power", start, end, until) | at


def work_on_line(start: float, end: float, until: float, office: Office, link: str, *, first: bool) -> dict[str, str]:
    """An operator's work on one link of an office; first: the link that its machine uses for everything."""
    found = times("link", start, end, until)
    found[selector("planned_link", **office.labels, link=link, work=WORK, job="facts")] = values((1, until))
    if first:
        found[selector("planned_office", **office.labels, work=WORK, job="facts")] = values((1, until))
    return found


def maintenance(start: float, end: float, until: float, service: str) -> dict[str, str]:
    """Planned maintenance of a service, in province 04."""
    labels = {"province": "04", "service": service, "work": WORK, "job": "facts"}
    return times("service", start, end, until) | {selector("planned_service", **labels): values((1, until))}


def planned(kind: str, labels: Mapping[str, str]) -> Firing:
    """The one notification of it; `labels` of what it concerns."""
    own = {"severity": "info", "scope": "province", "cause": kind, "kind": kind, "work": WORK, "period": PERIOD}
    return Firing("PlannedWork", {**own, "incident": f"province/{kind}/PlannedWork/04/{WORK}", **labels})


def planned_cut(office: Office) -> Firing:
    return planned("power", {**office.labels, **office.names})
