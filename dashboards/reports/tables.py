"""The page's two tables: operators, and links with their two directions. HTML in pieces, one row at a time."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from alerts.methods import Method
from dashboards.reports import drawing
from dashboards.reports.bandwidth import FEWEST_SAMPLES, Line, LinkMonth, OperatorMonth, Verdict
from dashboards.reports.link import Direction, Link
from dashboards.reports.operators import operator_name
from dashboards.reports.statistics import Share
from dashboards.reports.words import decimal, english, mbit, percent, say, size, vietnamese

NONE = "–"
_ARROWS: dict[Direction, str] = {"down": "↓", "up": "↑"}
_OPERATOR_COLUMNS = (
    "operator",
    "direction",
    "method",
    "links:number",
    "samples:number",
    "mean:number",
    "below:number",
    "verdict",
)
_LINK_COLUMNS = (
    "place", "direction", "contract:number", "mean:number", "range", "below:number", "daily",
    "samples:number", "bytes:number", "verdict",
)  # fmt: skip


def operators_table(operators: Sequence[OperatorMonth]) -> Iterator[str]:
    """A row for each direction and method of each operator."""
    yield start(_OPERATOR_COLUMNS)
    for operator, found in groupby(operators, key=lambda month: month.operator):
        months = list(found)
        rows = "</tr>\n<tr>".join(_operator_cells(month) for month in months)
        name = f'<td class="place" rowspan="{len(months)}"><b>{escape(operator_name(operator)) or NONE}</b></td>'
        yield f"<tbody><tr>{name}{rows}</tr></tbody>\n"
    yield END


def _operator_cells(month: OperatorMonth) -> str:
    mean = NONE if month.of_contract is None else percent(month.of_contract, 1)
    return (
        f"<td>{direction_cell(month.direction)}</td><td>{used_cell(month.method)}</td>"
        f'<td class="number">{month.links}</td>'
        f'<td class="number">{decimal(month.samples, 0)}</td><td class="number mean"><b>{mean}</b></td>'
        f'<td class="number">{_below(month.below)}</td>'
        f'<td class="verdict">{_chip(month.verdict, indicative=month.indicative)}</td>'
    )


def links_table(links: Sequence[LinkMonth]) -> Iterator[str]:
    """A row for each direction and method of each link, in the order given."""
    yield start(_LINK_COLUMNS)
    for found in links:
        rows = "</tr>\n<tr>".join(_cells(line, judges=line in found.judged) for line in found.lines)
        place = f'<td class="place" rowspan="{len(found.lines)}">{place_cell(found.link)}</td>'
        yield f"<tbody><tr>{place}{rows}</tr></tbody>\n"
    yield END


def start(columns: Sequence[str]) -> str:
    """The head of a table; "name:kind" gives a column a class."""
    heads = (column.partition(":") for column in columns)
    cells = "".join(f'<th class="{kind}">{say(f"column.{name}")}</th>' for name, _, kind in heads)
    return f'<div class="scroll"><table><thead><tr>{cells}</tr></thead>\n'


END = "</table></div>\n"


def place_cell(link: Link) -> str:
    """Commune, office and link."""
    name = escape(link.commune_name or link.office_name or link.office)
    office = escape(link.office_name or link.office)
    details = escape(" · ".join(filter(None, (link.link, operator_name(link.operator), link.technology))))
    unknown = "" if link.operator else f" · {say('note.unknown_link')}"
    return f"<b>{name}</b><small>{office}</small><small>{details}{unknown}</small>"


def _cells(line: Line, *, judges: bool) -> str:
    contract = NONE if line.contract is None else mbit(line.contract)
    return (
        f"<td>{direction_cell(line.direction)}<small>{used_cell(line.method)}</small></td>"
        f'<td class="number">{contract}</td><td class="number mean">{_mean(line)}</td><td>{_spread(line)}</td>'
        f'<td class="number">{_below(line.below)}</td><td>{_daily(line)}</td>'
        f'<td class="number">{_samples(line)}</td><td class="number">{size(line.bytes_used)}</td>'
        f'<td class="verdict">{_verdict(line, judges=judges)}{_notes(line)}</td>'
    )


def direction_cell(direction: Direction) -> str:
    """An arrow and a word."""
    return f"{_ARROWS[direction]} {say(f'direction.{direction}')}"


def _mean(line: Line) -> str:
    if not line.rates:
        return NONE
    share = "" if line.of_contract is None else f"<small>{percent(line.of_contract, 1)}</small>"
    return f"<b>{mbit(line.rates.mean)}</b>{share}"


def _spread(line: Line) -> str:
    """The band against the contract, and its figures below it; without a contract the figures alone."""
    if not line.rates:
        return NONE
    p5, median, p95 = line.rates.p5, line.rates.median, line.rates.p95
    figures = f"{mbit(p5)} · {mbit(median)} · {mbit(p95)}"
    within = line.rates.median_interval if line.samples >= FEWEST_SAMPLES else None
    more = f" ({mbit(within.low)}–{mbit(within.high)})" if within else ""
    band = line.contract and drawing.spread(p5 / line.contract, median / line.contract, p95 / line.contract, figures)
    return f"{band or ''}<small>{figures}{more}</small>"


def _below(share: Share | None) -> str:
    if not share:
        return NONE
    if share.total < FEWEST_SAMPLES:
        return f"{share.count}/{share.total}"
    within = share.interval
    return f"{percent(share.value)}<small>{percent(within.low)}–{percent(within.high)}</small>"


def _daily(line: Line) -> str:
    if not line.samples or line.of_contract is None:
        return NONE
    known = [ratio for ratio in line.daily if ratio is not None]
    return drawing.days(line.daily, f"{vietnamese('column.daily')}: {percent(min(known))}–{percent(max(known))}")


def _samples(line: Line) -> str:
    missed = line.tests - line.samples
    return f"{line.samples}<small>/ {line.tests}</small>" if missed else f"{line.samples}"


def used_cell(method: Method | None) -> str:
    """The method in a word or two."""
    return say(f"used.{method}") if method else NONE


def _verdict(line: Line, *, judges: bool) -> str:
    """Only the line that the verdict on the link stands on has one."""
    return _chip(line.verdict, indicative=line.indicative) if judges else f"<small>{say('note.beside')}</small>"


def _chip(verdict: Verdict, *, indicative: bool) -> str:
    key = f"verdict.{verdict}"
    judged = verdict in (Verdict.MEETS, Verdict.BELOW)
    note = f"<small>{say('note.indicative')}</small>" if judged and indicative else ""
    return f'<span class="chip {verdict}" title="{english(key)}">{vietnamese(key)}</span>{note}'


def _notes(line: Line) -> str:
    notes = [say("note.clock", count=line.clock_ahead)] if line.clock_ahead else []
    notes += [say("note.contract_changed")] if line.contract_changed else []
    notes += [say("note.at_least", count=line.at_least)] if line.at_least else []
    why = ", ".join(f"{reason} {count}" for reason, count in line.rejected)
    notes += [f"{say('note.rejected')}: {escape(why)}"] if why else []
    return "".join(f"<small>{note}</small>" for note in notes)
