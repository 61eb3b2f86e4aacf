"""`communewatch report bandwidth`: one month of every link against its contract, as CSV files and one HTML page."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from collectors.core.values import Duration, Url
from dashboards.prometheus import Prometheus, PrometheusError
from dashboards.reports import fetch, table
from dashboards.reports.bandwidth import LinkMonth, by_operator, links_of, worst_first
from dashboards.reports.month import Month
from dashboards.reports.page import Report, page
from inventory import register

T = TypeVar("T")


def main(argv: Sequence[str], now: Callable[[], float] = time.time) -> int:
    """Exit status: 0 the report is written; 1 it has no test in it, or the store gave no answer; 2 wrong use."""
    arguments = _parser().parse_args(argv)
    moment = now()
    if arguments.month.start >= moment:
        return _complain(f"{arguments.month} has not begun yet: choose a month that has", 2)
    try:
        arguments.out.mkdir(parents=True, exist_ok=True)
        return _bandwidth(arguments, moment)
    except PrometheusError as error:
        return _complain(str(error), 1)
    except OSError as error:
        return _complain(f"cannot write to {arguments.out}: {error.strerror or error}", 2)


def _bandwidth(arguments: argparse.Namespace, now: float) -> int:
    store, month, province = Prometheus(arguments.prometheus), arguments.month, arguments.province or ""
    stem = "-".join(filter(None, ("bandwidth", str(month), province)))
    codes = [province] if province else fetch.provinces(store, month, now)
    links: list[LinkMonth] = []
    with table.csv_file(arguments.out / f"{stem}-tests.csv", table.TEST_COLUMNS) as tests:
        for place, code in enumerate(codes, 1):
            _progress(f"{_name(code)} ({place}/{len(codes)})")
            found = fetch.read_province(fetch.Source(store, code, arguments.step), month, now)
            tests.writerows(table.test_rows(month, found))
            links += links_of(found, month)
    links = worst_first(links)
    with table.csv_file(arguments.out / f"{stem}.csv", table.COLUMNS) as lines:
        lines.writerows(table.line_rows(month, links))
    report = Report(
        month, _name(province), now, tuple(links), tuple(by_operator(links)), f"{stem}.csv", f"{stem}-tests.csv"
    )
    (arguments.out / f"{stem}.html").write_text("".join(page(report)), encoding="utf-8")
    return _summary(report, arguments.out / f"{stem}.html")


def _summary(report: Report, path: Path) -> int:
    print(f"{len(report.links)} links, {report.samples} valid of {report.tests} tests: {path}")
    if report.tests:
        return 0
    return _complain(f"no bandwidth test in {report.month}: are the agents running, and is this the right store?", 1)


def _name(province: str) -> str:
    known = register.load().provinces.get(province)
    return known.title() if known else province


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(text, file=sys.stderr)


def _complain(text: str, status: int) -> int:
    with suppress(BrokenPipeError):
        print(f"communewatch report: {text}", file=sys.stderr)
    return status


# --- arguments ------------------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="communewatch report", description="Reports for partners.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verb = verbs.add_parser("bandwidth", help="a month of every link against its contract")
    verb.add_argument("--month", required=True, type=_argument(Month.parse), metavar="YYYY-MM", help="Vietnamese time")
    verb.add_argument("--out", required=True, type=Path, metavar="DIR", help="a folder; made where it does not exist")
    verb.add_argument(
        "--prometheus", type=_argument(Url.parse), default="http://127.0.0.1:9090", metavar="URL",
        help="the store (default: %(default)s)",
    )  # fmt: skip
    verb.add_argument("--province", type=_argument(_province), metavar="CODE", help="one province, e.g. 04")
    verb.add_argument(
        "--step", type=_argument(_step), default=Duration(60), metavar="DURATION",
        help="how densely to read; shorter than the time between two tests of a link (default: 1m)",
    )  # fmt: skip
    return parser


def _argument(parse: Callable[[str], T]) -> Callable[[str], T]:
    """What argparse takes: it shows the text of an ArgumentTypeError; that of a ValueError it hides."""

    def read(text: str) -> T:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read


def _province(code: str) -> str:
    if code not in register.load().provinces:
        raise ValueError(f"{code!r} is not the code of a province; write two digits, as 04 for Cao Bằng")
    return code


def _step(text: str) -> Duration:
    step = Duration.parse(text)
    if not 10 <= step <= 3600:
        raise ValueError(f"{text} is not between 10s and 1h")
    return step
