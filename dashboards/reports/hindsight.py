"""What an outage was, by what is known once the office is back: the first of four witnesses that knows. Pure.

What its UPS measured in the dark, and arrived later; the recorded cause (ADR 33); the agent's journal; and an agent
that measured all the time on mains, so that only its line was away.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from collectors.core.lastword import Away
from collectors.core.lastword import Evidence as Journal
from dashboards.reports.completeness import Absence
from dashboards.reports.outages import Outage, Reason
from inventory.planned.schema import Kind

BACKLOG = "backlog"  # the evidence of what was measured in the dark and arrived later
FEWEST = 2  # samples from the dark, below which they say nothing
_AT_EDGES = 1.0  # seconds by which a time that was read twice may differ


@dataclass(frozen=True, slots=True)
class Named:
    """A cause that was recorded after a silence. silent_since: Unix time; at: when it was recorded."""

    silent_since: float
    at: float
    cause: Reason
    evidence: str


@dataclass(frozen=True, slots=True)
class Hindsight:
    """What was learnt of one office. battery: moments of its silences (Unix time), and whether a UPS fed it then."""

    named: Sequence[Named] = ()
    absences: Sequence[Absence] = ()
    battery: Sequence[tuple[float, bool]] = ()


def corrected(outage: Outage, later: Hindsight, step: float) -> Outage:
    """The same outage with the cause that is known now. step: seconds between two moments of `battery`."""
    if not outage.silences:
        return outage
    dark = [on for at, on in later.battery if outage.begin <= at <= outage.until]
    found = (
        _on_battery(dark)
        or _recorded(outage, later.named)
        or _by_journal(outage, later.absences)
        or _on_mains(outage, dark, step)
    )
    if not found:
        return outage
    cause, evidence = found
    explained = _explained(outage, cause, on_mains=bool(_on_mains(outage, dark, step)))
    return replace(outage, cause=cause, evidence=evidence, plan=outage.plan if explained else None)


def _explained(outage: Outage, cause: Reason, *, on_mains: bool) -> bool:
    """Work on a line cuts no power; and where a planned cut of power did not come, a line failed by itself."""
    if outage.plan is Kind.LINK:
        return cause is not Reason.POWER
    return not (on_mains and cause in (Reason.LINK, Reason.LAN))


_Found = tuple[Reason, str] | None


def _on_battery(dark: Sequence[bool]) -> _Found:
    """Most of what was measured: a cut of power within that of a line is not its cause."""
    return (Reason.POWER, BACKLOG) if len(dark) >= FEWEST and 2 * sum(dark) > len(dark) else None


def _recorded(outage: Outage, named: Sequence[Named]) -> _Found:
    """The last word on one of its silences."""
    about = [
        one
        for one in named
        if one.cause is not Reason.UNKNOWN
        and any(abs(one.silent_since - since) <= _AT_EDGES for since in outage.silences)
    ]
    last = max(about, key=lambda one: one.at, default=None)
    return (last.cause, last.evidence) if last else None


def _by_journal(outage: Outage, absences: Sequence[Absence]) -> _Found:
    """An absence that makes up most of it; a restart in the middle of a long silence is none."""
    for one in absences:
        common = min(one.end, outage.until) - max(one.begin, outage.begin)
        if one.cause is not Away.UNKNOWN and 2 * common > outage.until - outage.begin:
            return (Reason.POWER if one.cause is Away.POWER else Reason.AGENT), Journal.JOURNAL
    return None


def _on_mains(outage: Outage, dark: Sequence[bool], step: float) -> _Found:
    """Measured through most of it. Where the centre saw the router meanwhile, the fault lay behind that."""
    if len(dark) < FEWEST or 2 * len(dark) * step < outage.until - outage.begin:
        return None
    return (Reason.LAN if outage.told in (Reason.AGENT, Reason.LAN) else Reason.LINK), BACKLOG
