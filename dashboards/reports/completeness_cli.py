"""`communewatch report completeness`: whether the store holds all that the offices measured, hour by hour."""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from collectors.core.observed import SCRAPE_NUMBER
from collectors.core.values import VIETNAM
from collectors.messages import text
from dashboards.prometheus import Prometheus
from dashboards.promql import number, select
from dashboards.reports.completeness import Look, State, Verdict, hours, verdict
from dashboards.reports.fetch_completeness import Hour
from inventory.labels import PROVINCE

_FINE = (State.COMPLETE, State.SILENT)


@dataclass(frozen=True, slots=True)
class Row:
    """One office in one hour; begin: Unix seconds."""

    office: str
    begin: float
    found: Verdict


def run(arguments: argparse.Namespace, now: float) -> int:
    """Exit status: 0 all is there, 1 something is not. Raises PrometheusError."""
    store = Prometheus(arguments.prometheus)
    end = now - arguments.settle
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
    for code in provinces:
        last: dict[str, Look] = {}  # of each office, from the hours before
        for start, stop in hours(begin, end):
            for office, held in Hour(store, code, start, now).held().items():
                if office in last and (not held.looks or held.looks[0].at >= start):
                    held = replace(held, looks=(last[office], *held.looks))  # noqa: PLW2901 - seen from further back
                if held.looks:
                    last[office] = held.looks[-1]
                yield Row(office, start, verdict(held, start, stop))


def _provinces(store: Prometheus, begin: float, end: float) -> list[str]:
    asked = number((PROVINCE,), f"last_over_time({select(SCRAPE_NUMBER)}[{int(end - begin) + 1}s])")
    return sorted(series.label(PROVINCE) for series in store.query(asked, end))


def _plain(row: Row) -> dict[str, object]:
    found = row.found
    return {
        "office": row.office, "begin": row.begin, "state": found.state, "expected": found.expected,
        "found": found.found, "ratio": found.ratio, "gaps": [list(gap) for gap in found.gaps],
    }  # fmt: skip


def _write_csv(rows: Iterable[Row]) -> None:
    lines = csv.writer(sys.stdout, lineterminator="\n")
    lines.writerow(("office", "begin", "state", "expected", "found", "ratio"))
    for row in rows:
        ratio = "" if row.found.ratio is None else f"{row.found.ratio:.6f}"
        when = _moment(row.begin)
        lines.writerow((row.office, when, row.found.state, row.found.expected, row.found.found, ratio))


def _lines(rows: list[Row]) -> Iterator[str]:
    """What is not whole, with what to do; then all of it in one line."""
    for row in rows:
        found = row.found
        if found.state in _FINE:
            continue
        share = "" if found.ratio is None else f"{100 * found.ratio:.2f} %"
        words = " / ".join(text(f"completeness.{found.state}", language) for language in ("vi", "en"))
        yield f"{row.office}  {_moment(row.begin)}  {share:>8}  {found.found}/{found.expected}  {words}"
        if found.state is State.MISSING:
            since, until = _asked(row)
            yield f"    communewatch agent buffer resend --since {since} --until {until}"
    expected, there = (sum(getattr(row.found, name) for row in rows) for name in ("expected", "found"))
    offices = len({row.office for row in rows})
    for language in ("vi", "en"):
        yield text("completeness.sum", language, offices=str(offices), found=str(there), expected=str(expected))


def _asked(row: Row) -> tuple[str, str]:
    """From the first gap to the last; without one samples are missing within looks, anywhere in the hour."""
    gaps = row.found.gaps or ((row.begin, row.begin + 3600),)
    return _moment(gaps[0][0]), _moment(gaps[-1][1] + 60)


def _moment(unix: float) -> str:
    return datetime.fromtimestamp(int(unix), VIETNAM).strftime("%Y-%m-%dT%H:%M")
