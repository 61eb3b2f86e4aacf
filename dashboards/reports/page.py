"""The report as one HTML page that needs nothing else: no script, no outside asset, printable on A4 landscape."""

from collections import Counter
from collections.abc import Iterator
from html import escape
from importlib.resources import files

from dashboards.reports.bandwidth import FEWEST_SAMPLES, Verdict
from dashboards.reports.dips_table import dips_table
from dashboards.reports.month import local
from dashboards.reports.report import Report
from dashboards.reports.tables import links_table, operators_table
from dashboards.reports.words import decimal, english, limits, say, size, vietnamese

_METHOD = ("quantity", "sample", "rule", "figures", "dips", "caveat", "time", "bytes", "raw")
_UNDECIDED = (Verdict.TOO_FEW, Verdict.NO_CONTRACT)


def page(report: Report) -> Iterator[str]:
    """The page in pieces, in order."""
    yield _head(report)
    yield _header(report)
    if not report.tests:
        yield f'<div class="nothing"><b>{say("nothing")}</b><p>{say("nothing_help")}</p></div>'
    yield _cards(report)
    if report.links:
        yield _heading("operators")
        yield from operators_table(report.operators)
        yield _heading("links")
        yield from links_table(report.links)
        yield from _dips(report)
    yield _method(report)
    yield "</main></body></html>\n"


def _head(report: Report) -> str:
    style = files("dashboards.reports").joinpath("page.css").read_text(encoding="utf-8")
    title = f"{vietnamese('title')} {report.month} {escape(report.place)}".strip()
    return (
        f'<!doctype html>\n<html lang="vi"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{style}</style></head><body><main>\n"
    )


def _header(report: Report) -> str:
    month = {"month": f"{report.month.month:02}", "year": report.month.year}
    moment = local(report.written).strftime("%d/%m/%Y %H:%M")
    running = report.written < report.month.end
    return (
        f"<header><h1>{vietnamese('title')} <span>{vietnamese('month', **month)}</span>"
        f'<i lang="en">{english("title")}, {english("month", **month)}</i></h1>'
        f'<p class="place">{escape(report.place) if report.place else say("everywhere")}</p>'
        f"<p>{say('so_far' if running else 'written', moment=moment)}</p></header>\n"
    )


def _cards(report: Report) -> str:
    verdicts = Counter(link.verdict for link in report.links)
    cards = (
        _card("links", decimal(len(report.links), 0)),
        _card("meets", decimal(verdicts[Verdict.MEETS], 0)),
        _card("below", decimal(verdicts[Verdict.BELOW], 0)),
        _card("undecided", decimal(sum(verdicts[verdict] for verdict in _UNDECIDED), 0)),
        _card("no_data", decimal(verdicts[Verdict.NO_DATA], 0)),
        _card("samples", decimal(report.samples, 0), say("count.of_tests", tests=decimal(report.tests, 0))),
        _card("bytes", size(sum(link.bytes_used for link in report.links))),
    )
    return f'<section class="cards">{"".join(cards)}</section>\n'


def _card(name: str, figure: str, more: str = "") -> str:
    small = f"<small>{more}</small>" if more else ""
    key = f"count.{name}"
    return (
        f'<div class="card {name}"><b>{figure}</b><span>{vietnamese(key)}</span>'
        f'<i lang="en">{english(key)}</i>{small}</div>'
    )


def _heading(name: str) -> str:
    return f'<h2>{say(f"section.{name}")}</h2><p class="help">{say(f"{name}_help", **limits())}</p>\n'


def _dips(report: Report) -> Iterator[str]:
    yield _heading("dips")
    if report.told:
        yield from dips_table(report.told)
    else:
        yield f"<p>{say('no_dips')}</p>"
    if report.in_outages:
        yield f'<p class="help">{say("in_outages", count=report.in_outages)}</p>\n'


def _method(report: Report) -> str:
    values = {
        "fewest": FEWEST_SAMPLES, "table": report.table_file, "tests": report.tests_file, "dips": report.dips_file,
        **limits(),
    }  # fmt: skip
    notes = "".join(
        f"<dt>{say(f'method.{name}.title')}</dt><dd>{say(f'method.{name}.text', **values)}</dd>" for name in _METHOD
    )
    return f"<h2>{say('section.method')}</h2><dl>{notes}</dl>\n"
