"""SnmpAdapter: the SNMP port. Knows every agent it has spoken with, and which engine speaks for which credentials."""

import asyncio
from asyncio import FIRST_COMPLETED
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from agent.io.resolver import Resolver
from agent.io.snmp.conversation import LONGEST_ATTEMPT, SYS_UP_TIME, Conversation
from agent.io.snmp.credentials import Credentials
from agent.io.snmp.engine import Engine, Peer
from agent.io.snmp.engines import Engines
from agent.io.snmp.failures import RejectedError, SilentError, rejected, silence, too_slow
from agent.io.snmp.limits import Limits
from agent.io.snmp.presence import Presence, Sign, presence
from collectors.core import ProbeError, Reason
from collectors.core.ports import Oid, SnmpAgent, SnmpValue, SnmpVersion

LOST_AFTER = 3  # polls in a row without an answer: what was learnt is forgotten, and not much time is spent any more
FULL_TRY = 4  # each so-many-th poll of a lost agent is as patient as any other: it may have become slow
BRIEFLY = 1.5  # seconds for an attempt otherwise
OTHER_AFTER = 1.0  # seconds without an answer in version 2c, after which version 1 is tried beside it
GRACE = 0.5  # seconds for version 2c beyond the time that version 1 took
KNOCK = 0.2  # seconds; a host without an agent says so in less, a card without SNMPv3 says nothing

Found = TypeVar("Found")


@dataclass(slots=True)
class _Card:
    """What is remembered of an agent between polls. version: as it is configured; the limits have the one it speaks."""

    version: Literal["auto"] | SnmpVersion
    limits: Limits = field(init=False)
    failures: int = 0
    address: str = ""

    def __post_init__(self) -> None:
        self.limits = Limits(self._first_version)

    @property
    def _first_version(self) -> SnmpVersion:
        return "2c" if self.version == "auto" else self.version

    @property
    def may_speak_1(self) -> bool:
        """Whether it is not known to answer in version 2c, and allowed not to."""
        unheard = self.limits.in_doubt and not self.limits.proven
        return self.version == "auto" and self.limits.version != "1" and unheard and not self.is_asked_briefly

    @property
    def is_lost(self) -> bool:
        return self.failures >= LOST_AFTER

    @property
    def is_asked_briefly(self) -> bool:
        return self.is_lost and self.failures % FULL_TRY > 0

    @property
    def longest_attempt(self) -> float:
        return BRIEFLY if self.is_asked_briefly else LONGEST_ATTEMPT

    def failed(self) -> None:
        """It may have been replaced, restarted or upgraded."""
        self.failures += 1
        self.limits.in_doubt = True
        if self.is_lost:
            self.speaks(self._first_version)

    def speaks(self, version: SnmpVersion) -> None:
        """From now on, with all that was learnt in another one forgotten."""
        self.limits.forget()
        self.limits.version = version


class SnmpAdapter:
    """One per process, used in one event loop. At most `in_flight` agents are asked at once, and at most a third of
    them are such that have not answered lately: those must not keep the others waiting. `close` ends it.
    """

    def __init__(self, in_flight: int = 60, resolver: Resolver | None = None) -> None:
        self._resolver = resolver or Resolver()
        self._slots_of_lost = asyncio.Semaphore(max(1, in_flight // 3))
        self._slots = asyncio.Semaphore(max(1, in_flight - in_flight // 3))
        self._engines = Engines()
        self._cards: dict[SnmpAgent, _Card] = {}

    async def get(self, agent: SnmpAgent, oids: Sequence[Oid], timeout: float) -> Mapping[Oid, SnmpValue]:
        """See SnmpPort.get. Also raises REFUSED (port closed), UNREACHABLE (no route), DNS and TIMEOUT (too slow, or no
        slot).
        """
        return await self._poll(agent, timeout, lambda conversation: conversation.get(oids))

    async def find(self, agent: SnmpAgent, marks: Sequence[Oid], timeout: float) -> frozenset[Oid]:
        """See SnmpPort.find."""
        return await self._poll(agent, timeout, lambda conversation: conversation.find(marks))

    async def walk(self, agent: SnmpAgent, root: Oid, most: int, timeout: float) -> Mapping[Oid, SnmpValue]:
        """See SnmpPort.walk."""
        return await self._poll(agent, timeout, lambda conversation: conversation.walk(root, most))

    async def close(self) -> None:
        """Close all sockets and timers. Whoever still waits for an answer waits until its own timeout."""
        await self._engines.close()

    async def _poll(self, agent: SnmpAgent, timeout: float, work: Callable[[Conversation], Awaitable[Found]]) -> Found:
        loop = asyncio.get_running_loop()
        ends = loop.time() + timeout
        card = self._cards.setdefault(agent, _Card(agent.version))
        peer = await _resolve(self._resolver, agent, card, timeout / 3)
        slots = self._slots_of_lost if card.is_lost else self._slots
        try:
            await asyncio.wait_for(slots.acquire(), ends - loop.time())
        except TimeoutError:
            raise ProbeError(Reason.TIMEOUT, f"{peer} was not asked: other SNMP agents kept us waiting") from None
        try:
            if card.limits.in_doubt:
                await _knock(agent, card, peer, min(KNOCK, timeout / 5))
            if card.may_speak_1:
                return await self._ask_in_either(agent, card, peer, ends, work)
            return await self._ask(agent, card, peer, ends, work)
        finally:
            slots.release()

    async def _ask_in_either(
        self, agent: SnmpAgent, card: _Card, peer: Peer, ends: float, work: Callable[[Conversation], Awaitable[Found]]
    ) -> Found:
        """In version 2c; where that stays without an answer and version 1 does not, in version 1."""
        loop = asyncio.get_running_loop()
        newer = asyncio.create_task(self._ask(agent, card, peer, ends, work))
        try:
            await asyncio.wait({newer}, timeout=OTHER_AFTER)
            begun = loop.time()
            if not card.may_speak_1 or not await self._answers_1(agent, peer, ends, newer):
                return await newer
            await asyncio.wait({newer}, timeout=loop.time() - begun + GRACE)
            if newer.done() or not card.may_speak_1:
                return await newer
        finally:
            newer.cancel()
            await asyncio.gather(newer, return_exceptions=True)
        card.speaks("1")
        return await self._ask(agent, card, peer, ends, work)

    async def _answers_1(self, agent: SnmpAgent, peer: Peer, ends: float, newer: asyncio.Task[Found]) -> bool:
        """Whether it does, before the poll in version 2c has ended."""
        hello = asyncio.create_task(self._hello(agent, peer, ends))
        try:
            await asyncio.wait({newer, hello}, return_when=FIRST_COMPLETED)
            return not newer.done() and hello.result()
        finally:
            hello.cancel()

    async def _hello(self, agent: SnmpAgent, peer: Peer, ends: float) -> bool:
        """In version 1. Any answer is one: not every card knows how long it has been up."""
        try:
            opened = await self._engines.opened(Credentials.of(agent, "1"), ends - asyncio.get_running_loop().time())
            with opened.borrowed() as engine:
                return not (await engine.get(peer, (SYS_UP_TIME,), LONGEST_ATTEMPT)).failure
        except ProbeError:
            return False

    async def _ask(
        self, agent: SnmpAgent, card: _Card, peer: Peer, ends: float, work: Callable[[Conversation], Awaitable[Found]]
    ) -> Found:
        loop = asyncio.get_running_loop()
        opened = await self._engines.opened(Credentials.of(agent, card.limits.version), ends - loop.time())
        with opened.borrowed() as engine:
            return await self._listen(engine, agent, card, peer, ends - loop.time(), work)

    async def _listen(
        self, engine: Engine, agent: SnmpAgent, card: _Card, peer: Peer, seconds: float,
        work: Callable[[Conversation], Awaitable[Found]],
    ) -> Found:  # fmt: skip
        reserve = min(1.0, seconds / 5)  # to find out what a silence means
        heard = engine.heard.setdefault(peer.address, 0)
        patience = card.limits.patience
        conversation = Conversation(engine, peer, card.limits, seconds - reserve, card.longest_attempt)
        try:
            async with asyncio.timeout(seconds - reserve):
                found = await work(conversation)
        except (TimeoutError, SilentError):
            if conversation.answers or (card.limits.proven and seconds <= patience):  # a slow card had no chance
                raise too_slow(peer, conversation.answers) from None
            came = engine.heard[peer.address] - heard
            sign = await presence(peer.address, peer.port, reserve)
            card.failed()
            self._engines.failed(engine, beyond_repair=_is_replaced(engine, peer, sign))
            raise silence(agent, peer, came, sign.presence) from None
        except RejectedError as error:
            card.failed()
            self._engines.failed(engine, beyond_repair=False)
            raise rejected(agent, peer, error.word) from None
        card.failures = engine.failures = 0
        return found


def _is_replaced(engine: Engine, peer: Peer, sign: Sign) -> bool:
    """Whether another agent has taken this one's place: an engine goes on addressing the old one."""
    return bool(sign.engine) and engine.known_engine(peer) not in (None, sign.engine)


async def _knock(agent: SnmpAgent, card: _Card, peer: Peer, seconds: float) -> None:
    """Before a long wait: a closed port and a missing route need none."""
    sign = await presence(peer.address, peer.port, seconds)
    if sign.presence in (Presence.CLOSED, Presence.NO_ROUTE):
        card.failed()
        raise silence(agent, peer, 0, sign.presence)


async def _resolve(resolver: Resolver, agent: SnmpAgent, card: _Card, timeout: float) -> Peer:
    """A name that no longer resolves keeps its last address: a UPS stays readable while the link is down.

    One address is asked, so of a name with both families the one that every office's network has.
    """
    try:
        async with asyncio.timeout(timeout):
            found = await resolver.addresses(agent.host, "any", timeout)
        card.address = str(next((ip for ip in found if ip.version == 4), found[0]))
    except (ProbeError, TimeoutError):
        if not card.address:
            raise ProbeError(Reason.DNS, f"the name {agent.host} does not resolve to an address") from None
    return Peer(card.address, agent.port)
