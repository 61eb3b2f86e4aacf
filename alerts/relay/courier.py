"""Courier: delivers the letters of one channel, one at a time, until each is taken, handed over or given up."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from alerts.relay.config import Channel, Retry
from alerts.relay.letter import Letter
from alerts.relay.metrics import Outcome, Tally
from alerts.relay.sender import DeliveryError, Sender
from alerts.relay.store import Store
from alerts.relay.turns import Rate, Trial, next_turn
from collectors.core.logline import logline
from collectors.core.ports import Clock

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Courier:
    """`wake` another channel's courier after a hand-over."""

    name: str
    channel: Channel
    retry: Retry
    store: Store
    sender: Sender
    tally: Tally
    clock: Clock
    wake: Callable[[str], None]
    news: asyncio.Event = field(default_factory=asyncio.Event)
    _trials: dict[str, Trial] = field(default_factory=dict)
    _stopping: bool = False

    async def run(self) -> None:
        """Until `stop`; cancelling it in mid delivery may cost a repetition after the restart."""
        rate = Rate(self.channel.per_minute)
        while not self._stopping:
            self.news.clear()
            now = self.clock.monotonic()
            turn = next_turn(self.store.pending(self.name), self._trials, now)
            if isinstance(turn, Letter):
                wait = rate.wait(now)
                if not wait:
                    rate.take(now)
                    await self.deliver(turn)
                    continue
                turn = now + wait
            await self._wait(turn)

    def stop(self) -> None:
        """End `run` after the delivery that is under way."""
        self._stopping = True
        self.news.set()

    async def _wait(self, due: float | None) -> None:
        """For news, or until the monotonic time `due`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(None if due is None else max(due - self.clock.monotonic(), 0)):
                await self.news.wait()

    async def deliver(self, letter: Letter) -> None:
        """One attempt, and what follows from it."""
        start = self.clock.monotonic()
        try:
            await self.sender.send(self.channel, letter)
        except DeliveryError as error:
            self._failed(letter, str(error))
        else:
            failures = self._failures(letter)
            self._finish(letter, Outcome.DELIVERED)
            self._say("delivered", letter, attempts=failures + 1, seconds=self.clock.monotonic() - start)

    def _failed(self, letter: Letter, error: str) -> None:
        failures = self._failures(letter) + 1
        if self.channel.fallback and failures >= self.retry.attempts:
            self._hand_over(letter, self.channel.fallback, error)
        elif self.clock.now() - letter.created >= self.retry.give_up:
            self._finish(letter, Outcome.DROPPED)
            self._say("dropped", letter, attempts=failures, error=error)
        else:
            wait = self.retry.wait(failures)
            self._trials[letter.id] = Trial(failures, self.clock.monotonic() + wait)
            self.tally.attempt(self.name, Outcome.RETRIED, self.clock.now())
            self._say("retry", letter, attempts=failures, again_seconds=wait, error=error)

    def _hand_over(self, letter: Letter, successor: str, error: str) -> None:
        self._say("handed_over", letter, to=successor, error=error)
        if self.store.knows(letter.id_for(successor)):  # it tells the same people the same without our help
            self._finish(letter, Outcome.FALLBACK)
            return
        self._trials.pop(letter.id, None)
        with disk_errors_told():
            self.store.hand_over(letter, successor)
        self.tally.attempt(self.name, Outcome.FALLBACK, self.clock.now())
        self.wake(successor)

    def _finish(self, letter: Letter, outcome: Outcome) -> None:
        self._trials.pop(letter.id, None)
        now = self.clock.now()
        with disk_errors_told():
            self.store.finish(letter, now)
        self.tally.attempt(self.name, outcome, now)

    def _failures(self, letter: Letter) -> int:
        return self._trials[letter.id].failures if letter.id in self._trials else 0

    def _say(self, event: str, letter: Letter, **fields: object) -> None:
        log.info("%s", logline(event, channel=self.name, **letter.facts, **fields))


@contextmanager
def disk_errors_told() -> Iterator[None]:
    """A failing disk costs at most a repetition after a restart; it must not stop the deliveries."""
    try:
        yield
    except OSError as error:
        log.error("%s", logline("queue_not_written", error=error))  # noqa: TRY400 - no defect, no traceback
