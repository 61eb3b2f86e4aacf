"""The runner: one task per probe on one event loop. A probe that fails, hangs or raises never disturbs another."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace

from agent import backoff, night
from agent.backoff import Streak
from agent.config import SHORTEST, Probe
from agent.lanes import Lanes
from agent.outcome import Outcome
from agent.purse import Purse
from agent.usual import Usual
from collectors.core import Lane, Ports, ProbeError, Reading, Reason
from collectors.core.logline import logline

_log = logging.getLogger(__name__)
PATIENCE = 30.0  # seconds for which a probe that fills the link waits for a quiet moment
GRACE = 1.0  # seconds that a probe gets beyond its timeout to end by itself, and again after it was cancelled


class Runner:
    """Runs a changing set of probes, each at its own turns, and hands every outcome to `publish`."""

    def __init__(
        self,
        ports: Ports,
        publish: Callable[[Outcome], None],
        concurrency: int,
        usual: Usual | None = None,
        purse: Purse | None = None,
    ) -> None:
        self._ports = ports
        self._publish = publish
        self._slots = asyncio.Semaphore(concurrency)
        self._lanes = Lanes()
        self._loops: dict[str, tuple[Probe, asyncio.Task[None]]] = {}
        self._resting: dict[str, asyncio.Task[None]] = {}
        self._hinted: set[str] = set()
        self._usual = usual or Usual()
        self._purse = purse or Purse()

    def update(self, probes: Iterable[Probe]) -> None:
        """Make `probes` the ones that run. A probe that is equal to a running one goes on undisturbed."""
        wanted = {probe.key: probe for probe in probes}
        for key, (probe, task) in tuple(self._loops.items()):
            if wanted.get(key) != probe:
                task.cancel()
                del self._loops[key]
                self._usual.forget(key)
        for key, probe in wanted.items():
            if key not in self._loops:
                self._loops[key] = (probe, asyncio.create_task(self._repeat(probe), name=key))

    def wake(self, key: str) -> None:
        """Run this probe now, or once more if it runs: something has hinted that its answer is another one."""
        if rest := self._resting.get(key):
            rest.cancel()
        elif key in self._loops:
            self._hinted.add(key)

    async def stop(self) -> None:
        """Cancel all probes and wait for them, but not for one that refuses to end."""
        tasks = [task for _, task in self._loops.values()]
        self._loops.clear()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=2 * GRACE)
        self._usual.write(self._ports.clock.now())

    async def _repeat(self, probe: Probe) -> None:
        clock = self._ports.clock
        wait, streak = probe.first_delay(clock.now()), Streak()
        while True:
            due = clock.monotonic() + wait
            await self._rest(probe.key, wait)
            outcome = await self._take_turn(probe, due)
            streak = streak.then(outcome.reading.result)
            every = probe.schedule.every
            turns = max(backoff.turns(probe.collector, streak, every), night.turns(probe.collector, every, clock.now()))
            outcome = self._usual.judge(replace(outcome, turns=turns))
            self._hand_on(outcome)
            wait = probe.delay(clock.now(), turns)
            if outcome.reading.again is not None:
                wait = min(wait, max(outcome.reading.again, SHORTEST))
            if probe.key in self._hinted:
                self._hinted.discard(probe.key)
                wait = min(wait, SHORTEST)

    async def _take_turn(self, probe: Probe, due: float) -> Outcome:
        due += await _let_others_pass(probe, self._ports)
        # What fills the link needs no slot: it runs alone anyway, and must not wait behind probes that wait for it.
        async with self._lanes.enter(probe.schedule.lane):
            if probe.schedule.lane in (Lane.BULK, Lane.BACKGROUND):
                return await self._pay_and_run(probe, due)
            async with self._slots:
                return await self._pay_and_run(probe, due)

    async def _pay_and_run(self, probe: Probe, due: float) -> Outcome:
        """One run, or the reason why the budget of its link does not allow it now."""
        clock = self._ports.clock
        if refusal := self._purse.refuse(probe, clock.now()):
            return Outcome(probe, refusal, clock.now(), 0.0, max(0.0, clock.monotonic() - due))
        outcome = await run_once(self._usual.recall(probe), self._ports, due)
        return self._purse.book(replace(outcome, probe=probe))

    async def _rest(self, key: str, seconds: float) -> None:
        """Until the time has passed or somebody wakes the probe."""
        rest = self._resting[key] = asyncio.create_task(self._ports.clock.sleep(seconds))
        try:
            await asyncio.wait({rest})
        finally:
            rest.cancel()
            if self._resting.get(key) is rest:  # a reload may have begun the next loop of this key
                del self._resting[key]

    def _hand_on(self, outcome: Outcome) -> None:
        try:
            self._publish(outcome)
        except Exception:  # noqa: BLE001 - a defect in a page or the log must not end the probe
            _log.exception(logline("publish_defect", probe=outcome.probe.key))


async def _let_others_pass(probe: Probe, ports: Ports) -> float:
    """The seconds for which a probe that fills the link has waited for a quiet one: outside of its lane, not for ever.

    A moment that stays busy is measured all the same: leaving busy moments out would hide the trouble of busy lines.
    """
    until_quiet = getattr(probe.collector, "until_quiet", None)
    begun = ports.clock.monotonic()
    if until_quiet is None:
        return 0.0
    waiting = asyncio.create_task(until_quiet(probe.target, ports))
    giving_up = asyncio.create_task(ports.clock.sleep(PATIENCE))
    try:
        await asyncio.wait({waiting, giving_up}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        giving_up.cancel()
        for failed in await asyncio.gather(waiting, return_exceptions=True):
            if isinstance(failed, Exception):
                _log.error(logline("wait_defect", probe=probe.key), exc_info=failed)
    return ports.clock.monotonic() - begun


async def run_once(probe: Probe, ports: Ports, due: float | None = None) -> Outcome:
    """One run, whatever happens in it. Only the cancellation of the caller gets out."""
    clock = ports.clock
    started, begun = clock.now(), clock.monotonic()
    reading = await _bounded(probe, ports)
    return Outcome(probe, reading, started, clock.monotonic() - begun, 0.0 if due is None else max(0.0, begun - due))


async def _bounded(probe: Probe, ports: Ports) -> Reading:
    task = asyncio.create_task(_collect(probe, ports), name=f"{probe.key} run")
    try:
        done, _ = await asyncio.wait({task}, timeout=probe.schedule.timeout + GRACE)
        if not done:
            task.cancel()
            done, _ = await asyncio.wait({task}, timeout=GRACE)
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.wait({task}, timeout=GRACE)  # its lane and its ports are not free before it has let go of them
        raise
    if task in done and not task.cancelled():
        return task.result()
    return _overdue(probe, ended=bool(done))


def _overdue(probe: Probe, ended: bool) -> Reading:
    evidence = f"gave no result within {probe.schedule.timeout:g} s and was stopped"
    if ended:
        return Reading(Reason.TIMEOUT, evidence=(evidence,))
    _log.error(logline("probe_abandoned", probe=probe.key, message="it ignores its cancellation; please report this"))
    return Reading(Reason.INTERNAL, evidence=(evidence, "it ignores its cancellation"))


async def _collect(probe: Probe, ports: Ports) -> Reading:
    try:
        return await probe.collector.collect(probe.target, ports, probe.schedule.timeout)
    except ProbeError as error:
        return Reading(error.reason, evidence=(error.message,))
    except Exception as error:  # noqa: BLE001 - the one place where a defect in a collector is turned into a result
        _log.exception(logline("probe_defect", probe=probe.key, error=type(error).__name__))
        return Reading(Reason.INTERNAL, evidence=(f"{type(error).__name__} in the collector {probe.collector.name}",))
