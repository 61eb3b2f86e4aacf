"""`communewatch report outages`: what was out in a period, for how long and why, as text, CSV and JSON."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from dashboards.prometheus import Prometheus
from dashboards.reports import fetch_outages, outages_table, table
from dashboards.reports.fetch import Place
from dashboards.reports.outage_sums import History
from dashboards.reports.outages_text import both, heading, lines
from dashboards.reports.period import Period, PeriodError


def run(arguments: argparse.Namespace, now: float) -> int:
    """Exit status: 0 the report is written, 1 the store knows nothing of this time.

    Raises PrometheusError, PeriodError, and OSError where a file cannot be written.
    """
    period = _period(arguments, now)
    histories = _read(arguments, period, now)
    if not histories:
        print(both("nothing"), file=sys.stderr)
        return 1
    if arguments.out:
        arguments.out.mkdir(parents=True, exist_ok=True)
        _write(arguments, period, histories)
    for line in (*heading(period.start, period.end, now), "", *lines(histories)):
        print(line)
    return 0


def _period(arguments: argparse.Namespace, now: float) -> Period:
    if arguments.month and arguments.end is not None:
        raise PeriodError("--to goes with --from, not with --month")
    still_running = (now // 60 + 1) * 60
    end = still_running if arguments.end is None else arguments.end
    found = Period.of(arguments.month) if arguments.month else Period.between(arguments.begin, end)
    if found.start >= now:
        raise PeriodError(f"{found.name} has not begun yet: choose a time that has")
    return found


def _read(arguments: argparse.Namespace, period: Period, now: float) -> list[History]:
    """Province by province."""
    store, step = Prometheus(arguments.prometheus), arguments.step
    codes = [arguments.province] if arguments.province else fetch_outages.provinces(store, period, step, now)
    return [one for code in codes for one in fetch_outages.read_province(Place(store, code, step), period, now)]


def _write(arguments: argparse.Namespace, period: Period, histories: Sequence[History]) -> None:
    """Two tables, and both as JSON under the same names."""
    folder: Path = arguments.out
    stem = "-".join(filter(None, ("outages", period.name, arguments.province)))
    outages, sums = list(outages_table.outage_rows(histories)), list(outages_table.sum_rows(histories))
    for name, columns, rows in (
        (stem, outages_table.COLUMNS, outages),
        (f"{stem}-sums", outages_table.SUM_COLUMNS, sums),
    ):
        with table.csv_file(folder / f"{name}.csv", columns) as written:
            written.writerows(rows)
    plain = {
        "begin": table.as_moment(period.start),
        "end": table.as_moment(period.end),
        "outages": table.as_json(outages_table.COLUMNS, outages),
        "sums": table.as_json(outages_table.SUM_COLUMNS, sums),
    }
    (folder / f"{stem}.json").write_text(json.dumps(plain, ensure_ascii=False, indent=1), encoding="utf-8")
