"""One entry of the journal, and its text: JSON, so that a person at the machine can read it too."""

import json
import math
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from agent.journal.absence import Absence
from agent.journal.ledger import Ledger, Total
from collectors.core.lastword import Away, Evidence, Word

_VERSION = 1


class Mark(StrEnum):
    """What the agent was about when it wrote."""

    RUNNING = "running"
    DYING = "dying"  # the battery is nearly empty: nothing follows until mains is back
    STOPPED = "stopped"  # it was told to end


@dataclass(frozen=True, slots=True)
class Known:
    """What the agent knew of its office.

    power, since   the last word on power, and the Unix time from which it held
    link           whether the link worked, None where that is not measured
    told           the last word that the province has taken, None without one
    on_ups         whether the router stands on the UPS, None while unknown; deaths: outages in a row that say no
    """

    power: Word = Word.UNKNOWN
    since: float = 0.0
    link: bool | None = None
    told: Word | None = None
    on_ups: bool | None = None
    deaths: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """The agent at one moment.

    boot, uptime   which boot of the machine, and seconds since then
    time, trusted  Unix time, and whether the wall clock could be relied on
    ledger         absences so far
    """

    boot: str
    uptime: float
    time: float
    trusted: bool
    mark: Mark = Mark.RUNNING
    known: Known = Known()
    ledger: Ledger = field(default_factory=Ledger)


def write(entry: Entry) -> str:
    """ASCII without line ends."""
    last = entry.ledger.last
    plain = {
        "version": _VERSION,
        "boot": entry.boot,
        "uptime": entry.uptime,
        "time": entry.time,
        "trusted": entry.trusted,
        "mark": entry.mark,
        **asdict(entry.known),
        "absences": [[*why, total.count, total.seconds] for why, total in entry.ledger.totals.items()],
        "absence": last and [last.cause, last.evidence, last.seconds, last.ended],
    }
    return json.dumps(plain, allow_nan=False)


def read(text: str) -> Entry:
    """The entry that `write` gave. Raises ValueError for anything else."""
    try:
        found = json.loads(text)
        if found["version"] != _VERSION:
            raise ValueError(f"version {found['version']!r} of the journal is not known here")
        return Entry(
            boot=_text(found["boot"]),
            uptime=_number(found["uptime"]),
            time=_number(found["time"]),
            trusted=_truth(found["trusted"]),
            mark=Mark(found["mark"]),
            known=_known(found),
            ledger=_ledger(found),
        )
    except (KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(f"is not an entry of the journal: {type(error).__name__}") from None


def _known(found: Any) -> Known:
    return Known(
        power=Word(found["power"]),
        since=_number(found["since"]),
        link=None if found["link"] is None else _truth(found["link"]),
        told=None if found["told"] is None else Word(found["told"]),
        on_ups=None if found["on_ups"] is None else _truth(found["on_ups"]),
        deaths=int(_number(found["deaths"])),
    )


def _ledger(found: Any) -> Ledger:
    totals = {
        (Away(cause), Evidence(evidence)): Total(int(_number(count)), _number(seconds))
        for cause, evidence, count, seconds in found["absences"]
    }
    if found["absence"] is None:
        return Ledger(totals)
    cause, evidence, seconds, ended = found["absence"]
    length = None if seconds is None else _number(seconds)
    return Ledger(totals, Absence(Away(cause), Evidence(evidence), length, _number(ended)))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise TypeError
    return float(value)


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value
