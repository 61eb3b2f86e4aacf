"""Sums of outages: for an office, a province, an operator. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from dashboards.reports.outages import Outage, Reason


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """Whom a report speaks about: an office with the operator of its first link, or a service in a province."""

    province: str
    commune: str = ""
    office: str = ""
    service: str = ""
    operator: str = ""
    province_name: str = ""
    commune_name: str = ""
    office_name: str = ""
    service_name: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """All outages of one subject, oldest first. seen: seconds of the period that the store knows of."""

    subject: Subject
    seen: float
    outages: tuple[Outage, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """Of one cause: how many, how long together and at most, seconds."""

    number: int
    seconds: float
    longest: float


@dataclass(frozen=True, slots=True)
class Sums:
    """totals: by cause, planned outages apart; availability: of the offices' links, None = nothing to judge by."""

    name: str
    members: int
    seen: float
    totals: Mapping[tuple[Reason, bool], Total]
    availability: float | None


def sums(name: str, histories: Sequence[History]) -> Sums:
    """Of offices and services together; only offices count as members and have links."""
    offices = [one for one in histories if one.subject.office]
    return Sums(
        name, len(offices), sum(one.seen for one in offices), _totals(histories), _availability(offices)
    )  # fmt: skip


def _totals(histories: Iterable[History]) -> Mapping[tuple[Reason, bool], Total]:
    each = [outage for history in histories for outage in history.outages]
    lengths = {
        (cause, planned): [one.seconds for one in each if (one.cause, one.planned) == (cause, planned)]
        for cause in Reason
        for planned in (False, True)
    }
    return {key: Total(len(found), sum(found), max(found)) for key, found in lengths.items() if found}


def _availability(offices: Iterable[History]) -> float | None:
    """Of the time in which a line could be judged: neither planned work, nor an office out for another reason."""
    judged = lost = 0.0
    for history in offices:
        judged += history.seen
        for one in history.outages:
            if one.cause is Reason.LINK and not one.planned:
                lost += one.seconds
            else:
                judged -= one.seconds
    return max(0.0, 1 - lost / judged) if judged > 0 else None


def by_office(histories: Iterable[History]) -> list[Sums]:
    """Of offices only."""
    return [sums(one.subject.office, [one]) for one in histories if one.subject.office]


def by_province(histories: Iterable[History]) -> list[Sums]:
    """With the services of each."""
    return _by(lambda subject: subject.province, histories)


def by_operator(histories: Iterable[History]) -> list[Sums]:
    """The offices whose first link is the operator's; not those of which that is not known."""
    return _by(lambda subject: subject.operator, (one for one in histories if one.subject.operator))


def _by(key: Callable[[Subject], str], histories: Iterable[History]) -> list[Sums]:
    ordered = sorted(histories, key=lambda one: key(one.subject))
    return [sums(name, list(found)) for name, found in groupby(ordered, key=lambda one: key(one.subject))]
