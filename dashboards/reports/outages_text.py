"""Outages as lines for a terminal: the longest of them by office, then the sums. Vietnamese first."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from itertools import groupby

from collectors.messages import Language, catalogue, text
from dashboards.reports.month import local
from dashboards.reports.operators import operator_name
from dashboards.reports.outage_sums import History, Subject, Sums, by_operator, by_province
from dashboards.reports.outages import Outage
from dashboards.reports.words import percent

MOST_LINES = 60
_LANGUAGES: tuple[Language, ...] = ("vi", "en")


def lines(histories: Sequence[History]) -> Iterator[str]:
    """Everything below the title."""
    each = [(history.subject, outage) for history in histories for outage in history.outages]
    yield from _outages(each) if each else (both("none"),)
    names = {one.subject.province: one.subject.province_name for one in histories if one.subject.province_name}
    for title, found in (("by_province", by_province(histories)), ("by_operator", by_operator(histories))):
        yield from ("", f"{both(title)} ({both('columns')})")
        for one in found:
            name = names.get(one.name, one.name) if title == "by_province" else operator_name(one.name)
            yield from _sums(name, one)


def both(key: str, **values: object) -> str:
    """Vietnamese, a slash, English."""
    return " / ".join(text(f"outages.{key}", language, **values) for language in _LANGUAGES)


def _outages(each: Sequence[tuple[Subject, Outage]]) -> Iterator[str]:
    told = nlargest(MOST_LINES, each, key=lambda one: one[1].seconds)
    for subject, found in groupby(sorted(told, key=lambda one: _place(*one)), key=lambda one: one[0]):
        yield " ".join(filter(None, (subject.office or subject.service, subject.office_name or subject.service_name)))
        yield from (f"  {_line(outage)}" for _, outage in found)
    if len(each) > len(told):
        yield both("more", count=len(each) - len(told))


def _place(subject: Subject, outage: Outage) -> tuple[Subject, float]:
    return subject, outage.begin


def _line(one: Outage) -> str:
    end = both("goes_on") if one.end is None else _moment(one.end)
    parts = [_cause(one.cause), evidence(one.evidence)]
    parts += [both("planned")] if one.planned else []
    parts += [f"{both('told')}: {_cause(one.told)}"] if one.corrected else []
    parts += [f"{both('unseen')}: {_length(one.unseen)}"] if one.unseen else []
    return f"{_moment(one.begin)} – {end}  {_length(one.seconds):>6}  {'; '.join(parts)}"


def _sums(name: str, one: Sums) -> Iterator[str]:
    head = [name, f"{both('offices')}: {one.members}"]
    if one.availability is not None:
        ratio = int(one.availability * 10_000) / 10_000  # rounded down: what was not all is never 100 %
        head.append(f"{both('availability')}: {percent(ratio, 2)}")
    yield f"  {'; '.join(head)}"
    for (cause, planned), total in one.totals.items():
        what = ", ".join((_cause(cause), both("planned"))) if planned else _cause(cause)
        yield f"    {what:50} {total.number:>6} {_length(total.seconds):>10} {_length(total.longest):>10}"


def _cause(cause: str) -> str:
    return both(f"cause.{cause}")


def evidence(word: str) -> str:
    """What a cause stands on: what was learnt afterwards, or as the boards say it; an unknown word as it is."""
    key = next((key for key in (f"outages.evidence.{word}", f"evidence.{word}") if key in catalogue()), "")
    return " / ".join(text(key, language) for language in _LANGUAGES) if key else word


def _moment(stamp: float) -> str:
    return f"{local(stamp):%Y-%m-%d %H:%M}"


def _length(seconds: float) -> str:
    """Hours and minutes: 26:05."""
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def heading(begin: float, end: float, now: float) -> Iterable[str]:
    """The period, and how far it has come."""
    yield both("title", begin=_moment(begin), end=_moment(end))
    if now < end:
        yield both("so_far", moment=_moment(now))
