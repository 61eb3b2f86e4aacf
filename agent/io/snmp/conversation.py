"""Conversation: one poll of one agent, request by request, within the agent's known limits."""

import asyncio
from collections import deque
from collections.abc import Sequence
from math import ceil

from agent.io.snmp.engine import Engine, Peer, Reply
from agent.io.snmp.failures import RejectedError, SilentError
from agent.io.snmp.limits import AUTHORIZATION_ERROR, Limits, Pdu
from collectors.core.ports import Oid, SnmpValue

SYS_UP_TIME = "1.3.6.1.2.1.1.3.0"
LONGEST_ATTEMPT = 5.0  # seconds; cards that answer after four are real, and a late answer is lost
SHORTEST_ATTEMPT = 0.5


class Conversation:
    """`seconds` is the time for the whole of it; each request is sent at most twice within a part of that."""

    def __init__(self, engine: Engine, peer: Peer, limits: Limits, seconds: float) -> None:
        self._engine = engine
        self._peer = peer
        self._limits = limits
        self._ends = asyncio.get_running_loop().time() + seconds
        self._seconds = seconds

    @property
    def _patience(self) -> float:
        """Seconds for an attempt: time for two of them, but enough for one where the agent is known to be slow."""
        return max(attempt_seconds((self._seconds - 1) / 2), attempt_seconds(self._limits.patience))

    async def get(self, oids: Sequence[Oid]) -> dict[Oid, SnmpValue]:
        """Raises SilentError or RejectedError. Absent objects are left out."""
        if not self._limits.proven:  # say hello first
            await self._request((SYS_UP_TIME,), self._patience)
            self._limits.answered((SYS_UP_TIME,))
        found: dict[Oid, SnmpValue] = {}
        todo = deque(self._limits.requests(oids))
        while todo:
            pdu = todo.popleft()
            wider_than_ever = len(pdu) > self._limits.proven
            try:
                # A request that may be too wide to be answered is not waited for longer than is needed.
                reply = await self._request(pdu, self._doubtful_patience if wider_than_ever else self._patience)
            except SilentError:
                if len(pdu) == 1 or not wider_than_ever:
                    raise
                todo = deque(self._limits.silent(tuple(oid for request in (pdu, *todo) for oid in request)))
            else:
                todo.extendleft(reversed(self._take(pdu, reply, found)))
        await self._ask_again(oids, found)
        return found

    async def walk(self, root: Oid, most: int) -> dict[Oid, SnmpValue]:
        """The objects below root, in order, at most this many, by GETNEXT (GETBULK is broken on many cards)."""
        found: dict[Oid, SnmpValue] = {}
        at, inside = root, root + "."
        while len(found) < most:
            reply = _accepted(await self._engine.next(self._peer, at, self._patience))
            follower, value = reply.values[0] if reply.values and not reply.status else ("", None)
            if value is None or not follower.startswith(inside) or follower in found:
                break
            found[follower] = value
            at = follower
        return found

    @property
    def _doubtful_patience(self) -> float:
        return min(self._patience, attempt_seconds(2 * self._limits.patience))

    async def _request(self, pdu: Pdu, patience: float) -> Reply:
        loop = asyncio.get_running_loop()
        start = loop.time()
        reply = _accepted(await self._engine.get(self._peer, pdu, patience))
        took = loop.time() - start
        if took < patience:  # else it came upon the second attempt
            self._limits.slowest = max(self._limits.slowest, took)
        return reply

    def _take(self, pdu: Pdu, reply: Reply, found: dict[Oid, SnmpValue]) -> list[Pdu]:
        """Keep what was found; returns what is to be asked in its place."""
        if reply.status:
            return self._limits.refused(pdu, reply.status, reply.index)
        self._limits.answered(pdu)
        values = dict(reply.values)
        for oid in pdu:
            value = values.get(oid)
            if value is None:
                self._limits.missing(oid)
            else:
                self._limits.found(oid)
                found[oid] = value
        return []

    async def _ask_again(self, oids: Sequence[Oid], found: dict[Oid, SnmpValue]) -> None:
        """Has something appeared that was absent? Asked alone and last, so that nothing else suffers from it."""
        oid = self._limits.to_ask_again(oids)
        left = self._ends - asyncio.get_running_loop().time() - 0.1
        if oid is None or oid in found or left <= 0:
            return
        self._limits.missing(oid)
        try:
            async with asyncio.timeout(left):
                self._take((oid,), await self._request((oid,), self._patience), found)
        except (TimeoutError, SilentError, RejectedError):
            return


def attempt_seconds(wish: float) -> float:
    """In steps: pysnmp keeps an entry for ever for each address and timeout that it has seen."""
    return min(LONGEST_ATTEMPT, max(SHORTEST_ATTEMPT, ceil(wish / SHORTEST_ATTEMPT - 1e-6) * SHORTEST_ATTEMPT))


def _accepted(reply: Reply) -> Reply:
    if reply.failure == "RequestTimedOut":
        raise SilentError
    if reply.failure or reply.status == AUTHORIZATION_ERROR:
        raise RejectedError(reply.failure or "authorizationError")
    return reply
