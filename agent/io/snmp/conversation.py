"""Conversation: one poll of one agent, request by request, within the agent's known limits."""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from agent.io.snmp.engine import TIMED_OUT, Engine, Peer, Reply
from agent.io.snmp.failures import RejectedError, SilentError
from agent.io.snmp.limits import AUTHORIZATION_ERROR, Limits, Pdu, before, chunks
from agent.io.snmp.uptime import Uptime
from collectors.core.ports import Oid, SnmpValue

SYS_UP_TIME = "1.3.6.1.2.1.1.3.0"
LOOK_AFTER = 10.0  # seconds after which we look again whether it is still the same run of the same agent
SHORTEST_ATTEMPT, LONGEST_ATTEMPT = (
    0.5,
    5.0,
)  # seconds until a request is sent again; cards that answer after 4 are real

Answers = dict[Oid, SnmpValue]


@dataclass(slots=True)
class Conversation:
    """`seconds` is the time for the whole of it. Each request is sent at most twice, and waited for no longer than
    `longest`. answers: how many replies came. asked: what they were asked for.
    """

    engine: Engine
    peer: Peer
    limits: Limits
    seconds: float
    longest: float = LONGEST_ATTEMPT
    answers: int = 0
    asked: set[Oid] = field(default_factory=set)
    ends: float = field(init=False)

    def __post_init__(self) -> None:
        self.ends = self._now + self.seconds

    async def get(self, oids: Sequence[Oid]) -> Answers:
        """Raises SilentError or RejectedError. Absent objects are left out."""
        found: Answers = {}
        await self._meet()
        self.limits.changed = False
        known = self.limits.uptime
        look = (SYS_UP_TIME,) if known is not None and self._now - known.at >= LOOK_AFTER else ()
        await self._settle(self.limits.requests((*look, *oids)), found)
        if look and self._is_another(found.get(SYS_UP_TIME)):
            await self._settle(self.limits.requests(oid for oid in oids if oid not in found), found)
        await self._ask_again(oids, found)
        return {oid: found[oid] for oid in oids if oid in found}

    async def find(self, marks: Sequence[Oid]) -> frozenset[Oid]:
        """Those that the agent has, as far as is known when half of the time is over. Raises as `get` does."""
        await self._meet()
        for request in self.limits.to_search(marks, self._now):
            if self.ends - self._now < self.seconds / 2 and not self.limits.present.keys().isdisjoint(marks):
                break
            await self._settle((request,), {})
        return frozenset(oid for oid in marks if oid in self.limits.present)

    async def walk(self, root: Oid, most: int) -> Answers:
        """The objects below root, in order, at most this many, by GETNEXT (GETBULK is broken on many cards)."""
        found: Answers = {}
        at, inside = root, root + "."
        while len(found) < most:
            reply = _accepted(await self.engine.next(self.peer, (at,), self._patience))
            self.answers += 1
            follower, value = reply.values[0] if reply.values and not reply.status else ("", None)
            if value is None or not follower.startswith(inside) or follower in found:
                break
            found[follower] = value
            at = follower
        return found

    async def _meet(self) -> None:
        """Say hello where it is not sure who is there."""
        if not self.limits.in_doubt:
            return
        reply = await self._request((SYS_UP_TIME,), self._patience)
        value = dict(reply.values).get(SYS_UP_TIME)
        self._is_another(value if not reply.status else None)
        self.limits.answered((SYS_UP_TIME,))

    def _is_another(self, uptime: SnmpValue | None) -> bool:
        counted = Uptime(uptime / 100, self._now) if isinstance(uptime, int) else None
        return self.limits.look(counted)

    async def _settle(self, requests: Iterable[Pdu], found: Answers) -> None:
        """Ask, and what is to be asked instead of what was not answered."""
        todo = deque(requests)
        while todo:
            pdu, *rest = chunks(todo.popleft(), self.limits.widest)  # which may have become narrower
            todo.extendleft(reversed(rest))
            wider_than_ever = len(pdu) > self.limits.proven
            try:
                # A request that may be too wide to be answered is not waited for longer than is needed.
                reply = await self._request(pdu, self._doubtful_patience if wider_than_ever else self._patience)
            except SilentError:
                if len(pdu) == 1 or not wider_than_ever:
                    raise
                todo.extendleft(reversed(self.limits.silent(pdu)))
            else:
                todo.extendleft(reversed(self._take(pdu, reply, found)))

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    @property
    def _patience(self) -> float:
        """Seconds for an attempt: time for two of them, but enough for one where the agent is known to be slow."""
        return attempt_seconds(min(self.longest, max((self.seconds - 1) / 2, self.limits.patience)))

    @property
    def _doubtful_patience(self) -> float:
        return min(self._patience, attempt_seconds(2 * self.limits.patience))

    async def _request(self, pdu: Pdu, patience: float) -> Reply:
        if self.limits.by_next(pdu):
            reply = _accepted(await self.engine.next(self.peer, tuple(map(before, pdu)), patience))
        else:
            reply = _accepted(await self.engine.get(self.peer, pdu, patience))
        self.limits.took(reply.seconds)
        self.answers += 1
        self.asked.update(pdu)
        return reply

    def _take(self, pdu: Pdu, reply: Reply, found: Answers) -> list[Pdu]:
        """Keep what was found; returns what is to be asked in its place."""
        if reply.status:
            return self.limits.refused(pdu, reply.status, reply.index)
        self.limits.answered(pdu)
        values = dict(reply.values)
        for oid in pdu:
            value = values.get(oid)
            if value is None:
                self.limits.missing(oid)
            else:
                self.limits.found(oid)
                found[oid] = value
        return []

    async def _ask_again(self, oids: Sequence[Oid], found: Answers) -> None:
        """Has something appeared that was absent? Asked last, so that nothing else suffers from it."""
        for _ in range(2):  # a second time for the rest, if something has
            left = self.ends - self._now - 0.1
            requests = self.limits.to_ask_again([oid for oid in oids if oid not in self.asked], self._now)
            if not requests or left <= self.limits.slowest:
                return
            try:
                async with asyncio.timeout(left):
                    await self._settle(requests, found)
            except (TimeoutError, SilentError, RejectedError):
                return
            if not self.limits.changed:
                return


def attempt_seconds(wish: float) -> float:
    """Within what makes sense for any card."""
    return min(LONGEST_ATTEMPT, max(SHORTEST_ATTEMPT, wish))


def _accepted(reply: Reply) -> Reply:
    if reply.failure == TIMED_OUT:
        raise SilentError
    if reply.failure or reply.status == AUTHORIZATION_ERROR:
        raise RejectedError(reply.failure or "authorizationError")
    return reply
