"""Sends to one receiver what the buffer holds for it, in a task of its own: measuring never waits for it."""

import asyncio
import logging
from collections.abc import Iterator

from agent.buffer.port import Buffer
from agent.buffer.scrape import Refused, Stamp
from agent.tasks import within
from agent.uplink.answer import Answer, Fate, of_failure, of_status
from agent.uplink.bars import Bars
from agent.uplink.courier import Courier
from agent.uplink.line import Line, Posted
from agent.uplink.load import Load, load
from agent.uplink.packing import Packing
from agent.uplink.piece import Lane, Orders, Piece
from agent.uplink.tally import REFUSED, Tally
from agent.uplink.watch import Watch
from collectors.core import Reason, Sample
from collectors.core.logline import logline

_log = logging.getLogger(__name__)
_LOOK = 60.0  # seconds between two looks at the buffer at least
_LEAST = 0.05  # and at most
_AHEAD = 60.0  # seconds that a time may be ahead of the receiver's: it would refuse more, or worse, take it
_SHOWN = 200  # characters of what a receiver says


class Dispatch:
    """`rank`: the place of the receiver among all, the first one's clock is believed most."""

    def __init__(
        self, receiver: str, rank: int, line: Line, packing: Packing, courier: Courier, buffer: Buffer, watch: Watch
    ) -> None:
        self._receiver, self._rank, self._line, self._packing = receiver, rank, line, packing
        self._courier, self._buffer, self._watch = courier, buffer, watch
        self._tally, self._bars = Tally(receiver), Bars()
        self._told: tuple[float, float] | None = None  # the receiver's time, and when it was heard
        self._oldest: tuple[int, Stamp] | None = None
        self._size = 0  # samples of a scrape
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Until it is cancelled."""
        try:
            while True:
                self._news.clear()
                newest = await self._buffer.newest()
                taken = self._buffer.acknowledged(self._receiver)
                plan = self._courier.plan(self._watch.uptime(), newest, taken)
                await self._weigh(newest)
                if isinstance(plan, Piece):
                    await self._send(plan)
                else:
                    await within(min(max(plan, _LEAST), _LOOK), self._news)
        finally:
            self._line.close()

    def hurry(self) -> None:
        """The line has come back."""
        self._courier.hurry()
        self._news.set()

    def samples(self) -> Iterator[Sample]:
        """What /metrics shows."""
        self._tally.misconfigured = self._courier.misconfigured
        return self._tally.samples()

    async def _send(self, piece: Piece) -> None:
        if piece.lane is Lane.TRIAL:
            await self._exchange(Load(piece))
            return
        limit = self._limit()
        if limit is None:
            self._courier.ask_the_time(self._watch.uptime())
            return
        scrapes = await self._buffer.read(piece.first - 1, piece.scrapes)
        found = load(piece, scrapes, self._watch.time, limit, self._bars.standing(self._watch.uptime()))
        for sequence, why, count in found.unknowable:
            await self._refuse(Refused(self._receiver, sequence, sequence, None, why.value), why.value, count)
        if found.samples:
            await self._exchange(found)
        elif found.held:
            self._courier.held(piece, self._watch.uptime())
        else:
            await self._note_left_out(found)
            await self._obey(self._courier.nothing_to_send(piece), found)

    def _limit(self) -> float | None:
        """The latest time that may leave now, None while nobody has told the time."""
        if self._told:
            theirs, heard = self._told
            return theirs + self._watch.uptime() - heard + _AHEAD
        trusted = self._watch.trusted()
        return None if trusted is None else trusted + _AHEAD

    async def _exchange(self, found: Load) -> None:
        if found.last:
            await self._watch.leaving(found.last)
        headers, body = self._packing.pack(found.looks)
        posted = await self._line.post(headers, body)
        answer = _answer(posted)
        self._note(answer, len(body))
        self._packing.offered(posted.headers)
        if posted.status == 415 and self._packing.refused():
            return  # the same again, packed as every receiver takes it
        now = self._watch.uptime()
        if answer.date is not None:
            self._told = answer.date, now
            self._watch.heard(answer.date + 0.5, self._rank, posted.seconds)  # `Date` has whole seconds
        if answer.fate is Fate.TAKEN:
            self._tally.sent += found.samples
            if found.piece.part:
                self._bars.taken(found.piece.first, now)
            await self._note_left_out(found)
        await self._obey(self._courier.answered(found.piece, answer, now, posted.seconds, found.series), found, answer)

    def _note(self, answer: Answer, size: int) -> None:
        self._tally.bytes += size
        if answer.fate is not Fate.TAKEN:
            self._tally.failures[answer.reason] += 1
            words = {"receiver": self._receiver, "reason": answer.reason, "text": answer.text[:_SHOWN] or None}
            _log.info(logline("push_failed", **words))

    async def _obey(self, orders: Orders, found: Load, answer: Answer | None = None) -> None:
        if orders.quarantine and answer:
            await self._quarantine(orders.quarantine, found, answer.text[:_SHOWN] or answer.reason)
        if orders.acknowledge:
            await self._buffer.acknowledge(self._receiver, *orders.acknowledge)

    async def _quarantine(self, piece: Piece, found: Load, reason: str) -> None:
        """Whole scrapes, or single series of one."""
        if piece.part is None:
            await self._refuse(Refused(self._receiver, piece.first, piece.last, None, reason), REFUSED, found.samples)
            return
        for labels in (labels for _, values in found.looks for labels in values):
            self._bars.refused(labels, piece.first, self._watch.uptime())
            await self._refuse(Refused(self._receiver, piece.first, piece.last, labels, reason), REFUSED, 1)

    async def _note_left_out(self, found: Load) -> None:
        for labels, count in found.left_out.items():
            refused = Refused(self._receiver, found.piece.first, found.piece.last, labels, "refused before")
            await self._refuse(refused, REFUSED, count)

    async def _refuse(self, refused: Refused, why: str, count: int) -> None:
        self._tally.quarantined[why] += count
        _log.warning(logline("quarantined", receiver=self._receiver, samples=count, reason=refused.reason))
        await self._buffer.quarantine(refused)

    async def _weigh(self, newest: int) -> None:
        """How much waits, and for how long."""
        gaps = tuple(self._buffer.acknowledged(self._receiver).gaps(newest))
        if not gaps:
            self._tally.waiting, self._tally.age = 0, 0.0
            return
        if self._oldest is None or self._oldest[0] != gaps[0][0]:
            scrapes = await self._buffer.read(gaps[0][0] - 1, 1)
            self._oldest = (gaps[0][0], scrapes[0].stamp) if scrapes else None
            self._size = len(scrapes[0].values) if scrapes else self._size
        self._tally.waiting = self._size * sum(last - first + 1 for first, last in gaps)
        self._tally.age = self._age(self._oldest[1]) if self._oldest else 0.0

    def _age(self, stamp: Stamp) -> float:
        """As well as that can be told."""
        now = self._watch.stamp()
        if stamp.boot == now.boot:
            return now.monotonic - stamp.monotonic
        then, today = self._watch.time(stamp), self._watch.time(now)
        known = isinstance(then, float) and isinstance(today, float)
        return max(0.0, today - then if known else now.wall - stamp.wall)  # type: ignore[operator]  # both are floats


def _answer(posted: Posted) -> Answer:
    if posted.status is None:
        return of_failure(posted.reason or Reason.INTERNAL, posted.text)
    return of_status(posted.status, posted.headers, posted.text)
