"""The report as CSV files: a line per link, direction and method, a line per test, a line per dip; the same as JSON.

UTF-8 with a mark for Excel.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alerts.methods import Method
from alerts.rules.samples import POWER
from dashboards.reports.bandwidth import Line, LinkMonth, weigh
from dashboards.reports.dips import Dip, LinkDip
from dashboards.reports.link import DIRECTIONS, Link
from dashboards.reports.measured import Measurement, ProvinceMonth, contract_on
from dashboards.reports.month import Month, local
from dashboards.reports.statistics import Share, Summary

if TYPE_CHECKING:
    from _csv import Writer

LINK_COLUMNS = (
    "month", "province", "province_name", "commune", "commune_name", "office", "office_name", "link", "operator",
    "technology", "direction",
)  # fmt: skip
COLUMNS = (
    *LINK_COLUMNS, "method", "judges", "contract_mbit_per_second", "tests", "valid_samples", "mean_mbit_per_second",
    "median_mbit_per_second", "median_low_mbit_per_second", "median_high_mbit_per_second", "p5_mbit_per_second",
    "p95_mbit_per_second", "mean_of_contract_ratio", "below_80_percent_ratio", "below_80_percent_low_ratio",
    "below_80_percent_high_ratio", "measuring_bytes", "tests_with_clock_ahead", "contract_changed", "verdict",
    "indicative", "at_least_samples", "rejected",
)  # fmt: skip
TEST_COLUMNS = (
    "time", "province", "commune", "office", "link", "direction", "valid", "mbit_per_second",
    "contract_mbit_per_second", "measuring_bytes", "method", "reason", "at_least_mbit_per_second",
)  # fmt: skip
DIP_COLUMNS = (
    *LINK_COLUMNS, "method", "start", "end", "minutes", "depth_ratio", "own_load_ratio", "neighbours_low",
    "neighbours_measured", "cause",
)  # fmt: skip


@contextmanager
def csv_file(path: Path, columns: Iterable[str]) -> Iterator["Writer"]:
    """A writer of CSV lines whose file appears under its name only once it is complete."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns)
            yield writer
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def line_rows(month: Month, links: Iterable[LinkMonth]) -> Iterator[tuple[str, ...]]:
    """One row of COLUMNS for each link, direction and method."""
    for found in links:
        for line in found.lines:
            judges = str(int(line in found.judged))
            yield (str(month), *_names(found.link), line.direction, line.method or "", judges, *_figures(line))


def test_rows(month: Month, found: ProvinceMonth) -> Iterator[tuple[str, ...]]:
    """One row of TEST_COLUMNS for each test, with the contract of its day."""
    for key, link in found.links.items():
        identity = tuple(as_text(name) for name in (link.province, link.commune, link.office, link.link))
        for direction in DIRECTIONS:
            tallies, contracts = found.of(key, direction)
            for method, tally in tallies.items():
                for test in tally.measurements:
                    contract = contract_on(month.day_of(test.stamp), contracts)
                    yield (as_moment(test.stamp), *identity, direction, *_test(method, test, contract))


def _test(method: Method, test: Measurement, contract: float | None) -> tuple[str, ...]:
    """Accepted or not by the rule of the report: in an outage a figure is shown, and does not count."""
    weighed = weigh(test, contract)
    return (
        str(int(not weighed.why)), _mbit(test.rate), _mbit(contract), f"{test.bytes_used:.0f}", method,
        " ".join((POWER, *test.why) if test.outage else test.why) or weighed.why, _mbit(test.at_least),
    )  # fmt: skip


def dip_rows(month: Month, dips: Iterable[LinkDip]) -> Iterator[tuple[str, ...]]:
    """One row of DIP_COLUMNS for each dip."""
    for one in dips:
        yield (str(month), *_names(one.link), one.dip.direction, *_dip(one.dip))


def _dip(dip: Dip) -> tuple[str, ...]:
    low, measured = dip.neighbours or (None, None)
    return (
        dip.method,
        as_moment(dip.start),
        "" if dip.end is None else as_moment(dip.end),
        "" if dip.end is None else f"{(dip.end - dip.start) / 60:.0f}",
        f"{dip.depth:.4f}",
        "" if dip.own_load is None else f"{dip.own_load:.4f}",
        "" if low is None else str(low),
        "" if measured is None else str(measured),
        dip.cause,
    )


def as_json(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[dict[str, object]]:
    """The same figures under the same names; numbers as numbers, null for what is not known."""
    return [
        {column: _typed(column, text) for column, text in zip(columns, row, strict=True)} for row in rows
    ]  # fmt: skip


_NUMBERS = ("_per_second", "_ratio", "_bytes", "_samples", "minutes", "tests", "_ahead", "_low", "_measured",
            "outages", "offices")  # fmt: skip
_FACTS = ("judges", "contract_changed", "indicative", "planned")


def _typed(column: str, text: str) -> object:
    if column in _FACTS:
        return text == "1"
    if not column.endswith(_NUMBERS):
        return text
    return (float(text) if "." in text else int(text)) if text else None


def as_moment(stamp: float) -> str:
    """Unix time as ISO 8601, Vietnamese time."""
    return local(stamp).isoformat(timespec="seconds")


def _names(link: Link) -> Iterator[str]:
    return (
        as_text(name)
        for name in (
            link.province, link.province_name, link.commune, link.commune_name, link.office, link.office_name,
            link.link, link.operator, link.technology,
        )
    )  # fmt: skip


def _figures(line: Line) -> tuple[str, ...]:
    return (
        _mbit(line.contract),
        str(line.tests),
        str(line.samples),
        *_rates(line.rates),
        "" if line.of_contract is None else f"{line.of_contract:.4f}",
        *_share(line.below),
        f"{line.bytes_used:.0f}",
        str(line.clock_ahead),
        str(int(line.contract_changed)),
        line.verdict,
        str(int(line.indicative)),
        str(line.at_least),
        " ".join(f"{reason}={count}" for reason, count in line.rejected),
    )


def _rates(rates: Summary | None) -> tuple[str, ...]:
    if not rates:
        return ("",) * 6
    within = rates.median_interval
    low, high = (within.low, within.high) if within else (None, None)
    return tuple(_mbit(rate) for rate in (rates.mean, rates.median, low, high, rates.p5, rates.p95))


def _share(share: Share | None) -> tuple[str, ...]:
    if not share:
        return ("",) * 3
    return tuple(f"{ratio:.4f}" for ratio in (share.value, share.interval.low, share.interval.high))


def _mbit(rate: float | None) -> str:
    return "" if rate is None else f"{rate * 8 / 1e6:.4f}"


def as_text(name: str) -> str:
    """A spreadsheet takes a text that begins like a formula for one: an apostrophe keeps it a text."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name
