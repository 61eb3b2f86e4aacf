"""An imaginary link that a whole probe runs over in imaginary time: the product's receiving end, a sender, others.

Shaper or policer with a token bucket, a queue, others' packets, loss, jitter and batches; each packet is worked out, so
that the method can be tried on thousands of links in the time that the real ones of the bench take for ten.
"""

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from collectors.capacity.hearing import Hearing
from collectors.core.ports import Heard, Sent

PACKET = 1500  # bytes
WIRE = 125e6  # bytes per second between the sender and the link
_STEP = 0.0007  # seconds between two looks of the sender at its clock
_CATCH_UP = 0.0025
_OBJECT = 200_000.0  # bytes on average
_FAR_FUTURE = 1e9


@dataclass(frozen=True, slots=True)
class Link:
    """rate: bytes per second; queue, round_trip, jitter, batch: seconds; bucket: bytes; loss: a share of the packets.

    steady, bursty  what others send: shares of the rate, as single packets and as objects of a web site
    policed         what is beyond the rate is dropped instead of queued
    pauses          so long is the sender away from its clock now and then, seconds
    """

    rate: float
    queue: float = 0.05
    bucket: float = 0.0
    round_trip: float = 0.02
    jitter: float = 0.0
    batch: float = 0.0
    loss: float = 0.0
    steady: float = 0.0
    bursty: float = 0.0
    policed: bool = False
    pauses: float = 0.0


@dataclass(slots=True)
class _Line:
    """The link while packets go over it, in the order of their coming."""

    link: Link
    random: Random
    others: Iterator[tuple[float, int]]
    _tokens: float = 0.0
    _told: float = 0.0  # when the tokens were counted
    _free: float = 0.0  # when the last packet has left
    _waiting: deque[tuple[float, int]] = field(default_factory=deque)
    _backlog: int = 0
    _last: float = 0.0
    _next: tuple[float, int] = (0.0, 0)

    def __post_init__(self) -> None:
        self._tokens = self._depth
        self._next = next(self.others)

    @property
    def _depth(self) -> float:
        return max(self.link.bucket, 3 * PACKET, self.link.rate * 0.001)

    def carry(self, at: float, size: int) -> float | None:
        """When a packet arrives that comes at this moment; None: never."""
        while self._next[0] <= at:
            self._leave(*self._next)
            self._next = next(self.others)
        left = self._leave(at, size)
        if left is None or self.random.random() < self.link.loss:
            return None
        arrives = left + self.link.round_trip / 2
        if self.link.jitter:
            arrives = self._last = max(self._last, arrives + self.random.random() * self.link.jitter)
        if self.link.batch:
            arrives += self.link.batch - arrives % self.link.batch
        return arrives

    def _leave(self, at: float, size: int) -> float | None:
        link = self.link
        while self._waiting and self._waiting[0][0] <= at:
            self._backlog -= self._waiting.popleft()[1]
        start = at if link.policed else max(at, self._free)
        tokens = min(self._depth, self._tokens + (start - self._told) * link.rate)
        missing = max(0.0, size - tokens)
        if missing and link.policed:
            return None
        if self._backlog + size > max(10 * PACKET, link.rate * link.queue) + (0 if link.policed else self._depth):
            return None
        leaves = start + missing / link.rate
        self._tokens, self._told, self._free = max(0.0, tokens - size), leaves, leaves
        self._waiting.append((leaves, size))
        self._backlog += size
        return leaves


def probe(link: Link, sending: float, max_bytes: int, seed: int = 0) -> tuple[Heard, Sent]:
    """What both ends say of a probe whose train is sent at this rate, bytes per second."""
    random = Random(seed)
    line, hearing = _Line(link, random, _others(link, random)), Hearing(sending)
    now, size, rate = _train(line, hearing, sending, max_bytes, random)
    bursts = _bursts(line, hearing, now)
    hearing.over()
    size += bursts * hearing.wanted.packets(PACKET) * PACKET
    return hearing.heard(0, 0.0, 0.0), Sent(sending, rate, size, (WIRE,) * bursts)


def _train(line: _Line, hearing: Hearing, sending: float, max_bytes: int, random: Random) -> tuple[float, int, float]:
    """When the sender has heard STOP or sent all, the bytes that it sent, and its rate."""
    begun = now = zero = 1.0
    number, stops = 0, _FAR_FUTURE
    while number * PACKET < max_bytes and now < stops:
        due = int((now - zero) * sending / PACKET) + 1
        late = int(_CATCH_UP * sending / PACKET) + 44
        if due - number > late:
            zero += (due - number - late) * PACKET / sending
            due = number + late
        for each in range(number, due):
            at = now + (each - number) * PACKET / WIRE
            arrives = line.carry(at, PACKET)
            if arrives is not None and hearing.of_train(_stamp(arrives), PACKET, _stamp(now), each):
                stops = arrives + line.link.round_trip / 2
        number = max(number, due)
        now += _STEP + random.expovariate(1 / 0.0001)
        if line.link.pauses and random.random() < 0.03:
            now += random.random() * line.link.pauses
    return now, number * PACKET, number * PACKET / (now - begun)


def _bursts(line: _Line, hearing: Hearing, now: float) -> int:
    """How many were sent."""
    wanted, begun = hearing.wanted, now
    count = wanted.packets(PACKET)
    for burst in range(wanted.bursts):
        now = max(now, begun + burst * count * PACKET / wanted.rate)
        for _ in range(count):
            now += PACKET / WIRE
            arrives = line.carry(now, PACKET)
            if arrives is not None:
                hearing.bursts.add(burst, _stamp(arrives), PACKET)
    return wanted.bursts


def _others(link: Link, random: Random) -> Iterator[tuple[float, int]]:
    """(when, bytes), for ever."""
    return heapq.merge(_steady(link), _bursty(link, random), [(_FAR_FUTURE, 0)])


def _steady(link: Link) -> Iterator[tuple[float, int]]:
    """In groups of a millisecond, as a program sends them."""
    at, sent = 0.0, 0.0
    while link.steady:
        at += 0.001
        while sent < at * link.steady * link.rate:
            sent += PACKET
            yield at, PACKET


def _bursty(link: Link, random: Random) -> Iterator[tuple[float, int]]:
    """Objects at random moments, each in windows that double with every round trip, none faster than the link."""
    if not link.bursty:
        return
    under_way: list[tuple[float, int, int]] = []  # (when, window, packets left)
    new = 0.0
    while True:
        if not under_way or new <= under_way[0][0]:
            heapq.heappush(under_way, (new, 10, 1 + int(random.expovariate(PACKET / _OBJECT))))
            new += random.expovariate(link.bursty * link.rate / _OBJECT)
        at, window, left = heapq.heappop(under_way)
        for _ in range(min(window, left)):
            yield at, PACKET
        if left > window:
            wait = max(link.round_trip, window * PACKET / link.rate)
            heapq.heappush(under_way, (at + wait, 2 * window, left - window))


def _stamp(seconds: float) -> int:
    return round(seconds * 1e9)
