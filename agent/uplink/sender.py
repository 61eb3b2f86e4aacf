"""What waits to be sent to one receiver, until it is taken or too old. Probes never wait for it."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from agent.tasks import within
from agent.uplink.anchor import Anchor, told
from agent.uplink.request import Fate, fate, reason, request
from agent.uplink.series import Series, series
from collectors.core import Sample
from collectors.core.lastword import Receiver, Word
from collectors.core.logline import logline
from collectors.core.observed import WORD_FAILURES, WORD_READY, WORDS_DROPPED, WORDS_SENT
from collectors.core.ports import Clock, HttpPort

_log = logging.getLogger(__name__)
PAUSES = (0.5, 1.5, 5.0)  # seconds after the first failed attempts; the line may die any moment, or come back
LATER = 30.0  # and after all others
OLDEST = 1800.0  # seconds: who has not got through by then tells the journal's story instead
MOST = 16  # words that wait
REHEARSAL = 3600.0  # seconds between two looks whether the way is open: an outage is no time to find out
SOONER = 300.0  # and where it was not


@dataclass(eq=False, slots=True)
class Message:
    """A word with its samples, and when it was said on the monotonic clock.

    at  the same in milliseconds of the receiver's clock, fixed by the first attempt: a repeated one says the same
    """

    word: Word
    samples: tuple[Sample, ...]
    said: float
    at: int | None = None


class Sender:
    """Delivers in its own task. `trusts` says whether the wall clock is good; `taken` is told of every word taken."""

    def __init__(
        self,
        clock: Clock,
        http: HttpPort,
        to: Receiver,
        identity: Mapping[str, str],
        trusts: Callable[[], bool],
        taken: Callable[[Word], None],
    ) -> None:
        self._clock, self._http, self._to, self._identity = clock, http, to, identity
        self._trusts, self._taken = trusts, taken
        self._waiting: deque[Message] = deque()
        self._news = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self._anchor: Anchor | None = None
        self._told_time = False
        self._ready: bool | None = None
        self._sent = self._dropped = 0
        self._latest = 0  # milliseconds of the last stamp: each is later than those before, as receivers want it
        self._failures: Counter[str] = Counter()

    def say(self, word: Word, samples: Iterable[Sample]) -> None:
        """Send this at once, or as soon as that is possible."""
        self._waiting.append(Message(word, tuple(samples), self._clock.monotonic()))
        if len(self._waiting) > MOST:
            self._waiting.popleft()
            self._dropped += 1
        self._empty.clear()
        self._news.set()

    async def flush(self, seconds: float) -> None:
        """Wait until all is taken or refused, but no longer than so many seconds."""
        await within(seconds, self._empty)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await self._deliver()
            await within(REHEARSAL if self._ready else SOONER, self._news)

    @property
    def agrees(self) -> bool:
        """Whether the receiver's clock stands where ours does; False while it has not told the time."""
        if self._anchor is None or not self._told_time:
            return False
        return self._anchor.offset(self._clock.now(), self._clock.monotonic()) == 0

    def samples(self) -> Iterator[Sample]:
        """What /metrics shows."""
        yield WORDS_SENT(self._sent)
        yield WORDS_DROPPED(self._dropped)
        for why, count in self._failures.items():
            yield WORD_FAILURES(count, reason=why)
        if self._ready is not None:
            yield WORD_READY(self._ready)

    async def _deliver(self) -> None:
        """Try until nothing waits. A new word is reason enough to try at once; a rehearsal is tried only once."""
        failed = 0
        while True:
            self._news.clear()
            self._forget_old()
            failed = 0 if await self._attempt() else failed + 1
            if not self._waiting:
                self._empty.set()
                return
            if await within(_pause(failed), self._news):
                failed = 0

    async def _attempt(self) -> bool:
        """Whether the receiver has answered for good. A request without samples asks for the time, or rehearses."""
        asks = self._anchor is None or not self._waiting
        if asks and (await self._exchange(()) is Fate.LATER or self._anchor is None):
            return False
        messages = tuple(self._waiting)
        if not messages:
            return True
        answer = await self._exchange(self._stamped(messages))
        if answer is Fate.LATER:
            return False
        self._waiting = deque(message for message in self._waiting if message not in messages)
        if answer is Fate.REFUSED:
            self._dropped += len(messages)
            return True
        self._sent += len(messages)
        for message in messages:
            self._taken(message.word)
        return True

    async def _exchange(self, found: tuple[Series, ...]) -> Fate:
        exchange = await self._http.exchange(request(self._to, found), self._to.timeout)
        answer = fate(exchange)
        if theirs := told(exchange.headers):
            self._anchor, self._told_time = Anchor(theirs, self._clock.monotonic()), True
        elif answer is not Fate.LATER and self._trusts():
            self._anchor = Anchor(self._clock.now(), self._clock.monotonic())
        self._note(answer is Fate.TAKEN, "" if answer is Fate.TAKEN else reason(exchange))
        return answer

    def _note(self, ready: bool, why: str) -> None:
        """Count, and say each change once."""
        if not ready:
            self._failures[why] += 1
        if ready is not self._ready:
            level = logging.INFO if ready else logging.WARNING
            _log.log(level, logline("last_word_way", open=ready, reason=why or None))
        self._ready = ready

    def _stamped(self, messages: Iterable[Message]) -> tuple[Series, ...]:
        """Each sample at the time at which it was said, by the receiver's clock."""
        stamped = ((self._stamp(message), sample) for message in messages for sample in message.samples)
        return series(stamped, self._identity)

    def _stamp(self, message: Message) -> int:
        if message.at is None:
            now, monotonic = self._clock.now(), self._clock.monotonic()
            offset = self._anchor.offset(now, monotonic) if self._anchor else 0.0
            at = round((now - (monotonic - message.said) + offset) * 1000)
            message.at = self._latest = max(at, self._latest + 1)
        return message.at

    def _forget_old(self) -> None:
        oldest = self._clock.monotonic() - OLDEST
        while self._waiting and self._waiting[0].said < oldest:
            self._waiting.popleft()
            self._dropped += 1


def _pause(failed: int) -> float:
    """Seconds after so many failed attempts in a row."""
    return PAUSES[failed - 1] if 0 < failed <= len(PAUSES) else LATER
