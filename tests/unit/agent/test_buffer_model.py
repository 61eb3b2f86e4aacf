"""The buffer against a simple model: a dictionary that never fails."""

import errno
import math

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from agent.buffer.quota import Policy
from agent.buffer.receipts import Receipts
from agent.buffer.scrape import Labels, Stamp
from agent.buffer.store import Store
from tests.fakes.shelf import FakeShelf

_SERIES: list[Labels] = [(("__name__", f"metric_{number}"),) for number in range(4)]
_LOOKS = st.dictionaries(st.sampled_from(_SERIES), st.sampled_from([0.0, 1.0, 2.5, math.inf]), max_size=4)
_TORN = st.one_of(st.just(b""), st.binary(max_size=30), st.integers(1, 100).map(bytes))


class BufferMachine(RuleBasedStateMachine):
    """`kept`: what must be there; `loose`: what is in memory only; `highest`: every sequence ever given is below."""

    def __init__(self) -> None:
        super().__init__()
        self.shelf = FakeShelf()
        self.kept: dict[int, tuple[Stamp, dict[Labels, float]]] = {}
        self.loose: set[int] = set()
        self.taken: set[int] = set()
        self.highest = 0
        self.now = 0.0
        self._open()

    def _open(self) -> None:
        self.receipts = Receipts(None, Store(self.shelf), Policy())
        self.receipts.destinations = ("centre",)
        self.receipts.open()

    @rule(values=_LOOKS, seconds=st.sampled_from([15.0, 15.0, 15.0, 4000.0]))
    def append(self, values: dict[Labels, float], seconds: float) -> None:
        self.now += seconds
        stamp, log = Stamp("boot", self.now, 1.8e9 + self.now), self.receipts.log
        failures = log.failures.total()
        sequence = log.append(stamp, values)
        assert sequence > self.highest
        self.highest = sequence
        self.kept[sequence] = stamp, values
        self.loose.add(sequence)
        if log.failures.total() == failures and not log.held:
            self.loose.clear()  # the disk took it, and all that waited before it

    @rule(fault=st.sampled_from([0, 0, errno.EROFS, errno.EIO]))
    def disk_breaks_or_heals(self, fault: int) -> None:
        self.shelf.fault = fault

    @rule(room=st.sampled_from([None, None, 0, 100, 400]), reserve=st.booleans())
    def disk_fills_or_empties(self, room: int | None, reserve: bool) -> None:
        self.shelf.room = None if room is None else self.shelf.used + room
        self.shelf.kept_back = 200 if reserve else 0

    @rule(held=st.booleans())
    def disk_is_to_rest_or_may_write(self, held: bool) -> None:
        self.receipts.log.held = held

    @rule(torn=_TORN)
    def power_fails(self, torn: bytes) -> None:
        self.shelf = self.shelf.cut_power(torn)
        for sequence in self.loose:
            del self.kept[sequence]
        self.loose.clear()
        self.taken.clear()  # cursors are in memory here
        if not self.shelf.segments:
            self.highest = 0  # the disk never took anything: nothing remembers the number
        self._open()

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def receiver_takes_some(self, data: st.DataObject) -> None:
        known = sorted(self.kept)
        first = data.draw(st.sampled_from(known))
        last = data.draw(st.sampled_from([one for one in known if one >= first][:5]))
        self.receipts.acknowledge("centre", first, last)
        self.taken |= {one for one in known if first <= one <= last}

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def receiver_wants_one_again(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(sorted(self.kept)))
        self.receipts.take_back("centre", one, one)
        self.taken.discard(one)

    @invariant()
    def all_is_there_to_the_bit_and_nothing_twice(self) -> None:
        found = self.receipts.log.read(0, 10_000)
        told = {scrape.sequence: (scrape.stamp, dict(scrape.values)) for scrape in found}
        assert len(told) == len(found)
        assert list(told) == sorted(told)
        missing = self.kept.keys() - told.keys()
        assert missing <= self.taken, "only what the receiver has may go, where there is no room"
        for gone in missing:
            del self.kept[gone]
            self.loose.discard(gone)
        assert told == self.kept

    @invariant()
    def just_what_was_taken_is_taken(self) -> None:
        ranges = self.receipts.cursors.of("centre")
        assert {one for one in self.kept if one in ranges} == self.taken & self.kept.keys()
        assert self.receipts.waiting("centre") <= len(self.kept)


def test_the_buffer_is_the_model_whatever_the_disk_does() -> None:
    run_state_machine_as_test(BufferMachine, settings=settings(max_examples=40, stateful_step_count=30))
