"""The dips of a report as lines for a terminal."""

from collections.abc import Iterator

from dashboards.reports.dips import Dip, LinkDip
from dashboards.reports.month import local
from dashboards.reports.report import Report

MOST_LINES = 20


def dip_lines(report: Report) -> Iterator[str]:
    """The deepest first, as many as fit on a screen; how many there are, and how many power outages explain."""
    told = report.told
    if not report.dips:
        return
    left_out = f", {report.in_outages} more in power outages left out" if report.in_outages else ""
    more = f"; the deepest {MOST_LINES}, all of them in {report.dips_file}" if len(told) > MOST_LINES else ""
    yield f"{len(told)} {'dip' if len(told) == 1 else 'dips'}{left_out}{more}"
    yield from (_line(one) for one in sorted(told, key=lambda one: one.dip.depth)[:MOST_LINES])


def _line(one: LinkDip) -> str:
    link, dip = one.link, one.dip
    place = f"{link.office_name or link.office}, {link.link}" + (f" ({link.operator})" if link.operator else "")
    parts = [f"{_when(dip)}  {place}, {dip.direction}: {dip.depth:.0%} of the contract by {dip.method}"]
    parts += [f"own load {dip.own_load:.0%}"] if dip.own_load is not None else []
    parts += ["{} of {} neighbours low".format(*dip.neighbours)] if dip.neighbours else []
    return ", ".join((*parts, f"cause: {dip.cause}"))


def _when(dip: Dip) -> str:
    begin, end = local(dip.start), None if dip.end is None else local(dip.end)
    if end is None:
        return f"{begin:%Y-%m-%d %H:%M} to now"
    return f"{begin:%Y-%m-%d %H:%M} to {end:{'%H:%M' if end.date() == begin.date() else '%Y-%m-%d %H:%M'}}"
