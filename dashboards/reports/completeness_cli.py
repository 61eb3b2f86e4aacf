"""`communewatch report completeness`: whether the store holds all that the offices measured, hour by hour."""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from collectors.core.observed import SCRAPE_NUMBER
from collectors.core.values import VIETNAM
from collectors.messages import text
from dashboards.prometheus import Prometheus
from dashboards.promql import number, select
from dashboards.reports.completeness import Held, State, Told, Verdict, hours, verdicts
from dashboards.reports.fetch_completeness import REMEMBERED, Hour, Past
from inventory.labels import PROVINCE

_FINE = (State.COMPLETE, State.RENEWED, State.AWAY, State.SILENT)


@dataclass(frozen=True, slots=True)
class Row:
    """One office in one hour; begin: Unix seconds."""

    office: str
    begin: float
    found: Verdict


def run(arguments: argparse.Namespace, now: float) -> int:
    """Exit status: 0 all is there, 1 something is not, 2 no hour was asked for. Raises PrometheusError."""
    store = Prometheus(arguments.prometheus)
    end = now - arguments.settle
    if not any(hours(end - arguments.last, end)):
        print(text("completeness.no_hour", "vi"), text("completeness.no_hour", "en"), sep="\n", file=sys.stderr)
        return 2
    rows = list(_rows(store, arguments.province, end - arguments.last, end, now))
    if not rows:
        print(text("completeness.nobody", "vi"), text("completeness.nobody", "en"), sep="\n", file=sys.stderr)
        return 1
    if arguments.json:
        print(json.dumps([_plain(row) for row in rows], ensure_ascii=False))
    elif arguments.csv:
        _write_csv(rows)
    else:
        for line in _lines(rows):
            print(line)
    return 0 if all(row.found.state in _FINE for row in rows) else 1


def _rows(store: Prometheus, province: str | None, begin: float, end: float, now: float) -> Iterator[Row]:
    provinces = [province] if province else _provinces(store, begin, end)
    whole = tuple(hours(begin, end))
    for code in provinces if whole else ():
        past = Past(store, code, whole[0][0], whole[-1][1], now)
        told, after = past.told(), past.next_looks()
        for office, held in sorted(_held(past, whole).items()):
            found = verdicts(held, told.get(office, Told()), after.get(office))
            yield from (Row(office, start, one) for (start, _), one in zip(held, found, strict=True))


def _held(past: Past, whole: Iterable[tuple[float, float]]) -> Mapping[str, list[tuple[float, Held]]]:
    """Of each office: its hours from its first look on, but for those in which it was scraped instead."""
    last, found = dict(past.last_looks()), dict[str, list[tuple[float, Held]]]()
    for start, _ in whole:
        hour = Hour(past.store, past.province, start)
        there, scraped = hour.held(), hour.scraped()
        for office in {*last, *there}:
            held = there.get(office, Held((), 0))
            if office in last and (not held.looks or held.looks[0].at >= start):
                held = replace(held, looks=(last[office], *held.looks))  # seen from further back
            last[office] = held.looks[-1] if held.looks else last[office]
            if last[office].at >= start or office not in scraped:
                found.setdefault(office, []).append((start, held))
    return found


def _provinces(store: Prometheus, begin: float, end: float) -> list[str]:
    asked = number((PROVINCE,), f"last_over_time({select(SCRAPE_NUMBER)}[{int(end - begin) + REMEMBERED}s])")
    return sorted(series.label(PROVINCE) for series in store.query(asked, end))


def _plain(row: Row) -> dict[str, object]:
    found = row.found
    return {
        "office": row.office, "begin": row.begin, "state": found.state, "expected": found.expected,
        "found": found.found, "ratio": found.ratio, "gaps": [list(gap) for gap in found.gaps], "cause": found.cause,
    }  # fmt: skip


def _write_csv(rows: Iterable[Row]) -> None:
    lines = csv.writer(sys.stdout, lineterminator="\n")
    lines.writerow(("office", "begin", "state", "expected", "found", "ratio", "cause"))
    for row in rows:
        ratio = "" if row.found.ratio is None else f"{row.found.ratio:.6f}"
        counts = (row.found.expected, row.found.found, ratio, row.found.cause or "")
        lines.writerow((row.office, _moment(row.begin), row.found.state, *counts))


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    """What is not whole, office by office, with what to do; then all of it in one line."""
    for (office, why, empty), these in groupby(rows, key=lambda row: (row.office, _why(row), not row.found.expected)):
        if why == State.COMPLETE:
            continue
        words = " / ".join(text(f"completeness.{why}", language) for language in ("vi", "en"))
        spell = list(these)
        if empty:
            yield f"{office}  {_moment(spell[0].begin)}  {len(spell):>6} h  {words}"
            continue
        for row in spell:
            found = row.found
            yield f"{office}  {_moment(row.begin)}  {_share(found)}  {found.found}/{found.expected}  {words}"
            if found.state is State.MISSING:
                since, until = _asked(row)
                yield f"    communewatch agent buffer resend --since {since} --until {until}"
    expected, there = (sum(getattr(row.found, name) for row in rows) for name in ("expected", "found"))
    offices = len({row.office for row in rows})
    for language in ("vi", "en"):
        yield text("completeness.sum", language, offices=str(offices), found=str(there), expected=str(expected))


def _why(row: Row) -> str:
    """The key of what is said of it."""
    return f"{row.found.state}.{row.found.cause}" if row.found.cause else row.found.state


def _share(found: Verdict) -> str:
    """In hundredths of a percent, rounded down: what is not whole is never called 100 %."""
    return f"{found.found * 10_000 // max(1, found.expected) / 100:6.2f} %"


def _asked(row: Row) -> tuple[str, str]:
    """From the first gap to the last; without one samples are missing within looks, anywhere in the hour."""
    gaps = row.found.gaps or ((row.begin, row.begin + 3600),)
    return _moment(gaps[0][0]), _moment(gaps[-1][1] + 60)


def _moment(unix: float) -> str:
    return datetime.fromtimestamp(int(unix), VIETNAM).strftime("%Y-%m-%dT%H:%M")
