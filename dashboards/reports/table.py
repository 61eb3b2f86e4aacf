"""The report as CSV files: one line per link and direction, and one line per test. UTF-8 with a mark for Excel."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dashboards.reports.bandwidth import Line, LinkMonth
from dashboards.reports.link import DIRECTIONS, Link
from dashboards.reports.measured import ProvinceMonth, contract_on
from dashboards.reports.month import Month, local
from dashboards.reports.statistics import Share, Summary

if TYPE_CHECKING:
    from _csv import Writer

LINK_COLUMNS = (
    "month", "province", "province_name", "commune", "commune_name", "office", "office_name", "link", "operator",
    "technology", "direction",
)  # fmt: skip
COLUMNS = (
    *LINK_COLUMNS, "contract_mbit_per_second", "tests", "valid_samples", "mean_mbit_per_second",
    "median_mbit_per_second", "median_low_mbit_per_second", "median_high_mbit_per_second", "p5_mbit_per_second",
    "p95_mbit_per_second", "mean_of_contract_ratio", "below_80_percent_ratio", "below_80_percent_low_ratio",
    "below_80_percent_high_ratio", "measuring_bytes", "tests_with_clock_ahead", "contract_changed", "verdict",
    "indicative",
)  # fmt: skip
TEST_COLUMNS = (
    "time", "province", "commune", "office", "link", "direction", "valid", "mbit_per_second",
    "contract_mbit_per_second", "measuring_bytes",
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
    """One row of COLUMNS for each link and direction."""
    for found in links:
        for line in found.lines:
            yield (str(month), *_names(found.link), line.direction, *_figures(line))


def test_rows(month: Month, found: ProvinceMonth) -> Iterator[tuple[str, ...]]:
    """One row of TEST_COLUMNS for each test, with the contract of its day."""
    for key, link in found.links.items():
        identity = tuple(_plain(name) for name in (link.province, link.commune, link.office, link.link))
        for direction in DIRECTIONS:
            tally, contracts = found.of(key, direction)
            for test in tally.measurements:
                moment = local(test.stamp).isoformat(timespec="seconds")
                valid = "0" if test.rate is None else "1"
                contract = contract_on(month.day_of(test.stamp), contracts)
                yield (moment, *identity, direction, valid, _mbit(test.rate), _mbit(contract), f"{test.bytes_used:.0f}")


def _names(link: Link) -> Iterator[str]:
    return (
        _plain(name)
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


def _plain(name: str) -> str:
    """A spreadsheet takes a text that begins like a formula for one: an apostrophe keeps it a text."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name
