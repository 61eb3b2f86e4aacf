"""`communewatch report bandwidth|outages|completeness`: a month of every link; what was out; what the store holds."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from collectors.core.values import Duration, Url
from dashboards.prometheus import Prometheus, PrometheusError
from dashboards.reports import completeness_cli, fetch, outages_cli, table
from dashboards.reports.bandwidth import LinkMonth, by_operator, links_of, worst_first
from dashboards.reports.dips import LASTING, LinkDip
from dashboards.reports.fetch_dips import read_dips
from dashboards.reports.month import Month
from dashboards.reports.page import page
from dashboards.reports.period import PeriodError, moment_of
from dashboards.reports.report import Report
from dashboards.reports.text import dip_lines
from inventory import register

T = TypeVar("T")


def main(argv: Sequence[str], now: Callable[[], float] = time.time) -> int:
    """Exit status: 0 the report is written; 1 it has no test in it, or the store gave no answer; 2 wrong use."""
    arguments = _parser().parse_args(argv)
    verbs = {"bandwidth": _bandwidth, "completeness": completeness_cli.run, "outages": outages_cli.run}
    try:
        return verbs[arguments.verb](arguments, now())
    except PrometheusError as error:
        return _complain(str(error), 1)
    except PeriodError as error:
        return _complain(str(error), 2)
    except OSError as error:
        return _complain(f"cannot write to {arguments.out}: {error.strerror or error}", 2)


def _bandwidth(arguments: argparse.Namespace, now: float) -> int:
    month, province, out = arguments.month, arguments.province or "", arguments.out
    if month.start >= now:
        raise PeriodError(f"{month} has not begun yet: choose a month that has")
    out.mkdir(parents=True, exist_ok=True)
    stem = "-".join(filter(None, ("bandwidth", str(month), province)))
    links, dips = _read(arguments, out / f"{stem}-tests.csv", now)
    with table.csv_file(out / f"{stem}.csv", table.COLUMNS) as lines:
        lines.writerows(table.line_rows(month, links))
    report = Report(
        month, _name(province), now, tuple(links), tuple(by_operator(links)), tuple(dips), f"{stem}.csv",
        f"{stem}-tests.csv", f"{stem}-dips.csv",
    )  # fmt: skip
    with table.csv_file(out / report.dips_file, table.DIP_COLUMNS) as lines:
        lines.writerows(table.dip_rows(month, report.told))
    (out / f"{stem}.json").write_text(json.dumps(report.plain(), ensure_ascii=False, indent=1), encoding="utf-8")
    (out / f"{stem}.html").write_text("".join(page(report)), encoding="utf-8")
    return _summary(report, out / f"{stem}.html")


def _read(arguments: argparse.Namespace, tests: Path, now: float) -> tuple[list[LinkMonth], list[LinkDip]]:
    """Province by province; every test goes into its file at once."""
    store, month = Prometheus(arguments.prometheus), arguments.month
    codes = [arguments.province] if arguments.province else fetch.provinces(store, month, now)
    links: list[LinkMonth] = []
    dips: list[LinkDip] = []
    with table.csv_file(tests, table.TEST_COLUMNS) as rows:
        for place, code in enumerate(codes, 1):
            _progress(f"{_name(code)} ({place}/{len(codes)})")
            where = fetch.Place(store, code, arguments.step)
            found = fetch.read_province(where, month, now)
            rows.writerows(table.test_rows(month, found))
            links += links_of(found, month)
            log = read_dips(where, month, now)
            until = min(now, month.end) - LASTING
            dips += [LinkDip(link, dip) for key, link in found.links.items() for dip in log.of(key, until)]
    return worst_first(links), dips


def _summary(report: Report, path: Path) -> int:
    print(f"{len(report.links)} links, {report.samples} valid of {report.tests} tests: {path}")
    for line in dip_lines(report):
        print(line)
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
    whole = verbs.add_parser("completeness", help="whether the store holds all that the offices measured and pushed")
    whole.add_argument("--prometheus", type=_argument(Url.parse), default="http://127.0.0.1:9090", metavar="URL")
    whole.add_argument("--province", type=_argument(_province), metavar="CODE", help="one province, e.g. 04")
    whole.add_argument("--last", type=_argument(Duration.parse), default=Duration(86400), metavar="DURATION")
    settled = "how long what was measured may be on its way (default: 10m)"
    whole.add_argument(
        "--settle", type=_argument(Duration.parse), default=Duration(600), metavar="DURATION", help=settled
    )
    form = whole.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="every office and hour")
    form.add_argument("--json", action="store_true", help="likewise, with the gaps")
    _outages(verbs.add_parser("outages", help="what was out, for how long and why, by what is known by now"))
    return parser


def _outages(verb: argparse.ArgumentParser) -> None:
    period = verb.add_mutually_exclusive_group(required=True)
    period.add_argument("--month", type=_argument(Month.parse), metavar="YYYY-MM", help="Vietnamese time")
    period.add_argument("--from", dest="begin", type=_argument(moment_of), metavar="TIME", help="e.g. 2026-11-01T08:30")
    verb.add_argument("--to", dest="end", type=_argument(moment_of), metavar="TIME", help="with --from (default: now)")
    verb.add_argument("--out", type=Path, metavar="DIR", help="a folder for CSV and JSON; made where it does not exist")
    verb.add_argument("--prometheus", type=_argument(Url.parse), default="http://127.0.0.1:9090", metavar="URL")
    verb.add_argument("--province", type=_argument(_province), metavar="CODE", help="one province, e.g. 04")
    verb.add_argument(
        "--step", type=_argument(_step), default=Duration(60), metavar="DURATION",
        help="how densely to read: what is shorter may be missed (default: 1m)",
    )  # fmt: skip


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
