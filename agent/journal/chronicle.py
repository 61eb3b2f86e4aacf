"""The journal of a running agent: what the last one left, why it was away, and when the next entry is due."""

import logging
from collections.abc import Callable

from agent.io.machine import Machine
from agent.journal.entry import Entry, Known, Mark
from agent.journal.judge import Start, judge
from agent.journal.keeper import Keeper
from agent.journal.ledger import Ledger
from collectors.core.logline import logline
from collectors.core.ports import Clock

_log = logging.getLogger(__name__)
PATIENCE = 600.0  # seconds that a machine without a clock of its own gets to learn the time


class Chronicle:
    """`before` is what the last agent knew. Nothing is written before its end is understood, so nothing is lost.

    agrees  whether somebody outside has told that the wall clock is right, should the machine itself not know
    """

    def __init__(self, clock: Clock, machine: Machine, keeper: Keeper, agrees: Callable[[], bool]) -> None:
        self._clock, self._machine, self._keeper, self._agrees = clock, machine, keeper, agrees
        self._began, self._boot = clock.monotonic(), machine.boot()
        self._last = keeper.read()
        self.before = self._last.known if self._last else Known()
        self.ledger = self._last.ledger if self._last else Ledger()
        self._written: tuple[Mark, Known] | None = None
        self._at = 0.0

    @property
    def failures(self) -> int:
        """Entries that could not be written."""
        return self._keeper.failures

    async def keep(self, known: Known, every: float) -> None:
        """Write an entry if something has changed or the last one is `every` seconds old."""
        if not self._settled(patient=True):
            return
        if self._written != (Mark.RUNNING, known) or self._clock.monotonic() - self._at >= every:
            await self.mark(Mark.RUNNING, known)

    async def mark(self, mark: Mark, known: Known) -> bool:
        """Write an entry now; False = that failed."""
        self._settled(patient=False)
        self._written, self._at = (mark, known), self._clock.monotonic()
        now, uptime, trusted = self._clock.now(), self._machine.uptime(), self._trusts()
        return await self._keeper.write(Entry(self._boot, uptime, now, trusted, mark, known, self.ledger))

    def _settled(self, *, patient: bool) -> bool:
        """Whether it is clear why the agent was away. A clock that is not trusted yet is waited for, if `patient`."""
        last, waited = self._last, self._clock.monotonic() - self._began
        if last is None:
            return True
        trusted = self._trusts()
        if patient and not trusted and waited < PATIENCE and last.boot != self._boot:
            return False
        now, uptime = self._clock.now(), self._machine.uptime()
        absence = judge(last, Start(self._boot, now - uptime, now - waited, uptime - waited, trusted))
        self._last, self.ledger = None, self.ledger.with_one(absence)
        words = {"cause": absence.cause, "evidence": absence.evidence, "seconds": absence.seconds}
        _log.log(logging.INFO, logline("returned", **words, power=last.known.power, mark=last.mark))
        return True

    def _trusts(self) -> bool:
        return self._machine.trusts_its_clock() or self._agrees()
