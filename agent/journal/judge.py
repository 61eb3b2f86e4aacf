"""How long the agent was away, and why: judged from the journal's last entry and the new start. Pure."""

from dataclasses import dataclass

from agent.journal.absence import Absence
from agent.journal.entry import Entry, Mark
from collectors.core.lastword import Away, Evidence

# An unclean end with a new boot and less darkness than this may be a crash or a reset button as well as a power cut.
# It holds one heartbeat, after which the machine may have run on unnoticed, and the firmware's own start.
SHORTEST_CUT = 180.0


@dataclass(frozen=True, slots=True)
class Start:
    """The machine as the agent found it when it started.

    boot     the kernel's id of this boot
    booted   Unix time at which the kernel started; now: Unix time of the agent's start
    uptime   seconds of this boot until then
    trusted  whether the wall clock can be relied on
    """

    boot: str
    booted: float
    now: float
    uptime: float
    trusted: bool


def judge(last: Entry, start: Start) -> Absence:
    """The same boot of the machine: only the agent was away. Else the last word on power, then the marks, decide."""
    if last.boot == start.boot != "":
        return Absence(Away.AGENT, Evidence.JOURNAL, max(0.0, start.uptime - last.uptime), start.now)
    known = last.trusted and start.trusted and start.now >= last.time
    seconds = start.now - last.time if known else None
    cause, evidence = _why(last, start, known)
    return Absence(cause, evidence, seconds, start.now)


def _why(last: Entry, start: Start, known: bool) -> tuple[Away, Evidence]:
    if last.known.power.on_battery:
        return Away.POWER, Evidence.UPS  # also where the machine then shut itself down in order
    if last.mark is Mark.STOPPED:
        return Away.SHUTDOWN, Evidence.JOURNAL
    if known and start.booted - last.time >= SHORTEST_CUT:
        return Away.POWER, Evidence.INFERRED
    return Away.UNKNOWN, Evidence.NONE
