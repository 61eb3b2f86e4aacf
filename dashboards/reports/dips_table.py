"""The page's table of dips: one row each, oldest first."""

from collections.abc import Iterator, Sequence

from dashboards.reports.dips import Dip, LinkDip
from dashboards.reports.month import local
from dashboards.reports.tables import END, NONE, direction_cell, place_cell, start, used_cell
from dashboards.reports.words import decimal, percent, say

_COLUMNS = (
    "place", "direction", "begin", "length:number", "depth:number", "own_load:number", "neighbours:number", "cause",
)  # fmt: skip


def dips_table(dips: Sequence[LinkDip]) -> Iterator[str]:
    """One row for each dip, in the order given."""
    yield start(_COLUMNS)
    for one in dips:
        yield f'<tbody><tr><td class="place">{place_cell(one.link)}</td>{_cells(one.dip)}</tr></tbody>\n'
    yield END


def _cells(dip: Dip) -> str:
    load = NONE if dip.own_load is None else percent(dip.own_load)
    neighbours = "{}/{}".format(*dip.neighbours) if dip.neighbours else NONE
    return (
        f"<td>{direction_cell(dip.direction)}<small>{used_cell(dip.method)}</small></td>"
        f'<td>{local(dip.start):%d/%m %H:%M}</td><td class="number">{_length(dip)}</td>'
        f'<td class="number"><b>{percent(dip.depth)}</b></td><td class="number">{load}</td>'
        f'<td class="number">{neighbours}</td>'
        f'<td class="verdict">{say(f"cause.{dip.cause}")}</td>'
    )


def _length(dip: Dip) -> str:
    """Hours and minutes."""
    if dip.end is None:
        return say("lasts")
    hours, minutes = divmod(round((dip.end - dip.start) / 60), 60)
    return f"{decimal(hours, 0)}:{minutes:02}"
