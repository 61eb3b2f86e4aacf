"""Courier: delivers the letters of one channel, one at a time, until each is taken, handed over or given up."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from alerts.relay.config import Channel, RelaySettings
from alerts.relay.failure import DeliveryError
from alerts.relay.incident import Book
from alerts.relay.letter import Letter
from alerts.relay.metrics import Outcome, Tally
from alerts.relay.sender import Sender
from alerts.relay.store import Store
from alerts.relay.turns import Rate, Trial, next_turn
from collectors.core.logline import logline
from collectors.core.ports import Clock

log = logging.getLogger(__name__)

_LOOK = 60.0  # seconds: letters held until the morning come due by the wall clock, which may jump
_LEFT_ALONE = DeliveryError("the service wants to be left alone for longer")
_DEAD = DeliveryError("the channel has taken nothing for a while")
_CRASH = DeliveryError("the relay ended in mid delivery", doubt=True)


@dataclass(slots=True)
class Courier:
    """`wake` another channel's courier after a hand-over; the `book` then knows who tells of the incident."""

    name: str
    channel: Channel
    settings: RelaySettings
    store: Store
    book: Book
    sender: Sender
    tally: Tally
    clock: Clock
    wake: Callable[[str], None]
    news: asyncio.Event = field(default_factory=asyncio.Event)
    _trials: dict[str, Trial] = field(default_factory=dict)
    _paused: float = 0.0  # steady time before which the service wants to be left alone
    _failing: float | None = None  # steady time of the first attempt that failed since one succeeded
    _spared: float = 0.0  # steady time before which it is not worth while to hang on it again
    _stopping: bool = False

    async def run(self) -> None:
        """Until `stop`; what is cancelled in mid delivery is in doubt after the restart."""
        rate = Rate(self.channel.per_minute)
        for letter in self.store.pending(self.name):
            if self.store.doubtful(letter):
                self._failed(letter, _CRASH)
        while not self._stopping:
            self.news.clear()
            now = self.clock.monotonic()
            turn = next_turn(self.store.ready(self.name, self.clock.now(), now), self._trials, now)
            if isinstance(turn, Letter):
                wait = max(rate.wait(now), self._paused - now)
                if self.channel.fallback and (why := self._hopeless(now, wait)):
                    self._hand_over(turn, self.channel.fallback, why)
                    continue
                if wait <= 0:
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
        """For news, or until the steady time `due`."""
        seconds = _LOOK if due is None else min(max(due - self.clock.monotonic(), 0), _LOOK)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.news.wait()

    async def deliver(self, letter: Letter) -> None:
        """One attempt, and what follows from it. The intent is on disk first: a crash leaves a doubt, no repetition."""
        start = self.clock.monotonic()
        with disk_errors_told():
            self.store.begin(letter)
        try:
            await self.sender.send(self.channel, letter)
        except DeliveryError as error:
            self._remember_failure(start)
            self._failed(letter, error)
        except Exception as error:  # noqa: BLE001 - what nobody thought of must not end the other channels' deliveries
            self._failed(letter, DeliveryError(f"a defect: {type(error).__name__}", doubt=True))
        else:
            failures, self._failing = self._failures(letter), None
            self._finish(letter, Outcome.DELIVERED)
            self._say("delivered", letter, attempts=failures + 1, seconds=self.clock.monotonic() - start)

    def _failed(self, letter: Letter, error: DeliveryError) -> None:
        failures = self._failures(letter) + 1
        doubt = error.doubt and self.channel.doubt != "again"
        self._note(letter, error.doubt)
        now = self.clock.monotonic()
        self._paused = max(self._paused, now + error.wait)
        late = failures >= self.settings.retry.attempts or error.wait > self.settings.retry.patience or self._dead(now)
        given_up = self.store.age(letter, now) >= self.settings.retry.give_up
        if doubt and self.channel.doubt == "skip":
            self._give_up(letter, failures, error)
        elif self.channel.fallback and (doubt or error.lasting or late):
            self._hand_over(letter, self.channel.fallback, error)
        elif given_up:
            self._give_up(letter, failures, error)
        else:
            self._again(letter, failures, error, self.settings.idempotency if doubt else 0.0)

    def _remember_failure(self, start: float) -> None:
        now, retry = self.clock.monotonic(), self.settings.retry
        self._failing = now if self._failing is None else self._failing
        self._spared = now + retry.patience if now - start >= retry.first else 0.0

    def _hopeless(self, now: float, wait: float) -> DeliveryError | None:
        """Why an attempt would only hold up the others: where its rate is used up, or where each takes long to fail."""
        patience = self.settings.retry.patience
        if self._paused - now > patience:
            return _LEFT_ALONE
        return _DEAD if self._dead(now) and (wait > 0 or now < self._spared) else None

    def _dead(self, now: float) -> bool:
        """Whether it has failed for as long as a fallback waits: the next letter need not wait for as long again."""
        return self._failing is not None and now - self._failing >= self.settings.retry.patience

    def _note(self, letter: Letter, doubt: bool) -> None:
        with disk_errors_told():
            (self.store.doubt if doubt else self.store.refused)(letter)

    def _again(self, letter: Letter, failures: int, error: DeliveryError, least: float) -> None:
        """Not sooner than `least`: within the time of idempotency nothing is sent that may have been taken."""
        wait = max(self.settings.retry.wait(failures), error.wait, least)
        self._trials[letter.id] = Trial(failures, self.clock.monotonic() + wait)
        self._count(Outcome.RETRIED)
        self._say("retry", letter, attempts=failures, again_seconds=wait, doubt=error.doubt, error=error)

    def _give_up(self, letter: Letter, failures: int, error: DeliveryError) -> None:
        self._finish(letter, Outcome.DROPPED)
        self._say("dropped", letter, attempts=failures, doubt=error.doubt, error=error)

    def _hand_over(self, letter: Letter, successor: str, error: DeliveryError) -> None:
        self._say("handed_over", letter, to=successor, doubt=error.doubt, error=error)
        with disk_errors_told():
            self.book.also_told(letter.incident, successor)  # first: who may have been told must hear the end
        if self.store.knows(letter.id_for(successor)):  # it tells the same people the same without our help
            self._finish(letter, Outcome.FALLBACK)
            return
        self._trials.pop(letter.id, None)
        with disk_errors_told():
            self.store.hand_over(letter, successor, self.clock.monotonic())
            for end in self._ends(letter, successor):
                self.store.share(end, successor, self.clock.monotonic())
        self._count(Outcome.FALLBACK)
        self.wake(successor)

    def _ends(self, letter: Letter, successor: str) -> list[Letter]:
        """What waits here already and tells that it is over: the successor's people shall hear that, too."""
        later = (one for one in self.store.pending(self.name) if one.group == letter.group and not one.incident)
        return [one for one in later if one.number > letter.number and not self.store.knows(one.id_for(successor))]

    def _finish(self, letter: Letter, outcome: Outcome) -> None:
        self._trials.pop(letter.id, None)
        with disk_errors_told():
            self.store.finish(letter, self.clock.monotonic())
        self._count(outcome)

    def _count(self, outcome: Outcome) -> None:
        self.tally.attempt(self.name, outcome, self.clock.now(), self.clock.monotonic())

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
