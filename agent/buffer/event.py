"""Events among the scrapes: what happened to the agent, for people who look and for audits. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from agent.buffer.record import Kind, Record
from agent.buffer.scrape import Refused, Stamp

_STEP = 1.0  # seconds by which a wall clock must move against the other one to have been set
_LONGEST = 500  # characters of a receiver's reason


class Happening(StrEnum):
    """What an event tells."""

    STARTED = "started"
    STOPPED = "stopped"
    CLOCK_STEP = "clock_step"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Event:
    """`after` is the sequence of the scrape before it."""

    after: int
    stamp: Stamp
    what: Happening
    facts: Mapping[str, str] = field(default_factory=dict)


def clock_step(before: Stamp, now: Stamp) -> float | None:
    """Seconds by which the wall clock was set between two stamps; None where it was not, or nobody can tell."""
    step = (now.wall - before.wall) - (now.monotonic - before.monotonic)
    return step if before.boot == now.boot and abs(step) >= _STEP else None


def refusal(refused: Refused) -> Mapping[str, str]:
    """What was refused, as facts."""
    facts = {
        "destination": refused.destination,
        "first": str(refused.first),
        "last": str(refused.last),
        "reason": refused.reason[:_LONGEST],
    }
    return facts if refused.labels is None else {**facts, "series": json.dumps(dict(refused.labels))}


def write(event: Event) -> Record:
    """The event as a record."""
    text = json.dumps([event.what, event.stamp.boot, dict(event.facts)], separators=(",", ":"))
    stamp = event.stamp
    return Record(Kind.EVENT, event.after, event.after, stamp.monotonic, stamp.wall, text.encode("ascii"))


def read(record: Record) -> Event:
    """The event that `write` gave. Raises ValueError for anything else."""
    try:
        what, boot, facts = json.loads(record.payload)
        return Event(record.sequence, Stamp(boot, record.monotonic, record.wall), Happening(what), facts)
    except (TypeError, RecursionError) as error:
        raise ValueError(f"is not an event: {error}") from None
