"""From what a foreign file says to an entry of planned.yml: names looked up, options filled in. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from collectors.core.problem import Problem
from inventory.planned.notice import Notice
from inventory.planned.places import Found, Gazetteer, find
from inventory.planned.schema import Kind, WorkEntry
from inventory.planned.words import brief, fold
from inventory.schema import Name

Names = Mapping[str, Name]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the command said, and what names may mean.

    operator, services  of all entries, unless the file says something else
    operators, known    operators and services by id; places: None for the whole country, whose places nobody asks for
    """

    kind: Kind
    source: str
    operator: str
    services: tuple[str, ...]
    operators: Names
    known: Names
    places: Gazetteer | None


def entries(notices: Iterable[Notice], terms: Terms) -> tuple[list[WorkEntry], list[Problem]]:
    """One for each notice with which nothing is wrong; and all that is."""
    found: list[WorkEntry] = []
    problems: list[Problem] = []
    for notice in notices:
        entry, wrong = _entry(notice, terms)
        problems.extend(wrong)
        if not wrong:
            found.append(entry)
    return found, problems


def _entry(notice: Notice, terms: Terms) -> tuple[WorkEntry, tuple[Problem, ...]]:
    where, wrong = _where(notice, terms)
    operator, services = "", terms.services
    problems = list(wrong)
    if terms.kind is Kind.LINK:
        operator = _one(notice.operator, terms.operators) or ("" if notice.operator else terms.operator)
        if not operator:
            problems.append(_nobody(notice, "operator", notice.operator, terms.operators))
    if terms.kind is Kind.SERVICE and notice.service:
        services = tuple(filter(None, (_one(part, terms.known) for part in notice.service.split(";"))))
    if terms.kind is Kind.SERVICE and not services:
        problems.append(_nobody(notice, "service", notice.service, terms.known))
    entry = WorkEntry(
        terms.kind, notice.times, brief(notice.title), where.communes, where.offices, where.feeders, operator, services,
        terms.source, notice.ref, notice.cancelled,
    )  # fmt: skip
    return entry, tuple(problems)


def _where(notice: Notice, terms: Terms) -> tuple[Found, tuple[Problem, ...]]:
    """Maintenance of a service is everywhere; work on lines is where the operator has some, unless a place is said."""
    if terms.kind is Kind.SERVICE or terms.places is None:
        return Found(), ()
    found, problems = find(notice, terms.places)
    if terms.kind is Kind.LINK and not notice.stated:
        return found, ()
    if terms.kind is Kind.POWER and not found and not problems:
        return found, (notice.problem("says nowhere where it is"),)
    return found, problems


def _one(written: str, known: Names) -> str:
    """By id or by name in either language."""
    text = fold(written)
    return next((key for key, name in known.items() if text and text in (fold(key), fold(name.vi), fold(name.en))), "")


def _nobody(notice: Notice, kind: str, written: str, known: Names) -> Problem:
    message = f"there is no {kind} {written!r}" if written else f"no {kind} is named"
    return notice.problem(message, f"say --{kind} ID; known: {', '.join(sorted(known))}", kind)
