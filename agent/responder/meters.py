"""What the responder counts about itself, and how that becomes samples."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, get_args

from agent.responder.echo import Outcome as Echo
from agent.responder.protocol import Refusal
from collectors.core import Sample
from collectors.core.ports import Direction
from collectors.core.responder import (
    RESPONDER_BYTES,
    RESPONDER_CONNECTIONS,
    RESPONDER_CPU,
    RESPONDER_ECHOES,
    RESPONDER_INFO,
    RESPONDER_REFUSALS,
    RESPONDER_RUNNING,
    RESPONDER_SLOTS,
    RESPONDER_START,
    RESPONDER_TESTS,
    RESPONDER_WAITING,
)

Outcome = Literal["client", "bound"]
SILENT = "silent"  # beside the refusals: a connection that never asked for anything


@dataclass(frozen=True, slots=True)
class Slots:
    """How it stands now. total: tests that may run at once; waiting: clients with a place."""

    total: int
    running: int
    waiting: int
    connections: int


@dataclass(slots=True)
class Meters:
    """Counters since the start. `started`: Unix time."""

    started: float
    tests: Counter[tuple[Direction, Outcome]] = field(default_factory=Counter)
    sizes: Counter[Direction] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    echoes: Counter[str] = field(default_factory=Counter)

    def samples(self, version: str, cpu: float, slots: Slots) -> Iterator[Sample]:
        """Every series from the first scrape on, so that rates see the first event."""
        yield RESPONDER_INFO(1, version=version)
        yield RESPONDER_START(self.started)
        yield RESPONDER_CPU(cpu)
        yield RESPONDER_SLOTS(slots.total)
        yield RESPONDER_RUNNING(slots.running)
        yield RESPONDER_WAITING(slots.waiting)
        yield RESPONDER_CONNECTIONS(slots.connections)
        for direction in get_args(Direction):
            yield RESPONDER_BYTES(self.sizes[direction], direction=direction)
            for outcome in get_args(Outcome):
                yield RESPONDER_TESTS(self.tests[direction, outcome], direction=direction, outcome=outcome)
        for reason in (*Refusal, SILENT):
            yield RESPONDER_REFUSALS(self.refusals[reason], reason=reason)
        for echo in Echo:
            yield RESPONDER_ECHOES(self.echoes[echo], outcome=echo)
