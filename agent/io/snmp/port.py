"""SnmpAdapter: the SNMP port. Knows every agent it has spoken with, and which engine speaks for which credentials."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from agent.io.resolver import Resolver
from agent.io.snmp.conversation import Conversation
from agent.io.snmp.credentials import Credentials
from agent.io.snmp.engine import Engine, Peer
from agent.io.snmp.failures import RejectedError, SilentError, rejected, silence
from agent.io.snmp.limits import Limits
from agent.io.snmp.presence import Presence, presence
from collectors.core import ProbeError, Reason
from collectors.core.ports import Oid, SnmpAgent, SnmpValue

Answers = dict[Oid, SnmpValue]
REBUILD_AFTER = 3  # polls in a row without an answer: a replaced card is not found again with the old engine's memory
REBUILD_AGAIN = 10
KNOCK = 0.2  # seconds; a host without an agent says so in less, a card without SNMPv3 says nothing


@dataclass(slots=True)
class _Card:
    """What is remembered of an agent between polls."""

    limits: Limits
    failures: int = 0
    address: str = ""


class SnmpAdapter:
    """One per process, used in one event loop. At most `in_flight` agents are asked at once; `close` ends it."""

    def __init__(self, in_flight: int = 20, resolver: Resolver | None = None) -> None:
        self._resolver = resolver or Resolver()
        self._slots = asyncio.Semaphore(in_flight)
        self._engines: dict[Credentials, asyncio.Task[Engine]] = {}
        self._cards: dict[SnmpAgent, _Card] = {}

    async def get(self, agent: SnmpAgent, oids: Sequence[Oid], timeout: float) -> Mapping[Oid, SnmpValue]:
        """See SnmpPort.get. Also raises REFUSED (port closed), UNREACHABLE (no route), DNS and TIMEOUT (no slot)."""
        return await self._poll(agent, timeout, lambda conversation: conversation.get(oids))

    async def walk(self, agent: SnmpAgent, root: Oid, most: int, timeout: float) -> Mapping[Oid, SnmpValue]:
        """See SnmpPort.walk."""
        return await self._poll(agent, timeout, lambda conversation: conversation.walk(root, most))

    async def close(self) -> None:
        """Close all sockets and timers. Whoever still waits for an answer waits until its own timeout."""
        for opening in self._engines.values():
            if not opening.cancel() and not opening.exception():
                opening.result().close()
        self._engines.clear()
        for _ in range(3):  # the event loop closes cancelled timers and sockets in its next rounds
            await asyncio.sleep(0)

    async def _poll(
        self, agent: SnmpAgent, timeout: float, work: Callable[[Conversation], Awaitable[Answers]]
    ) -> Answers:
        loop = asyncio.get_running_loop()
        ends = loop.time() + timeout
        card = self._cards.setdefault(agent, _Card(Limits(agent.version)))
        peer = await _resolve(self._resolver, agent, card, timeout / 3)
        try:
            await asyncio.wait_for(self._slots.acquire(), ends - loop.time())
        except TimeoutError:
            raise ProbeError(Reason.TIMEOUT, f"{peer} was not asked: other SNMP agents kept us waiting") from None
        try:
            return await self._converse(agent, card, peer, ends - loop.time(), work)
        finally:
            self._slots.release()

    async def _converse(
        self, agent: SnmpAgent, card: _Card, peer: Peer, seconds: float,
        work: Callable[[Conversation], Awaitable[Answers]],
    ) -> Answers:  # fmt: skip
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        credentials = Credentials.of(agent)
        try:
            if not card.limits.proven:
                await _knock(agent, peer, min(KNOCK, seconds / 5))
            with (await self._engine(credentials)).borrowed() as engine:
                answers = await _listen(engine, agent, peer, card.limits, ends - loop.time(), work)
        except ProbeError:
            if seconds > card.limits.patience:  # with less, a slow card had no chance
                self._failed(credentials, card)
            raise
        card.failures = 0
        return answers

    async def _engine(self, credentials: Credentials) -> Engine:
        while True:
            if credentials not in self._engines:
                self._engines[credentials] = asyncio.create_task(Engine.open(credentials))
            try:
                engine = await asyncio.shield(self._engines[credentials])
            except Exception:
                self._engines.pop(credentials, None)
                raise
            if not engine.retired:
                return engine

    def _failed(self, credentials: Credentials, card: _Card) -> None:
        """Forget what was learnt: the card may have been replaced, restarted or upgraded."""
        card.failures += 1
        card.limits = Limits(credentials.version)
        opened = self._engines.get(credentials)
        if card.failures % REBUILD_AGAIN == REBUILD_AFTER and opened and opened.done():
            del self._engines[credentials]
            opened.result().retire()


async def _knock(agent: SnmpAgent, peer: Peer, seconds: float) -> None:
    """Before the first long wait: a closed port and a missing route need none."""
    sign = await presence(peer.address, peer.port, seconds)
    if sign in (Presence.CLOSED, Presence.NO_ROUTE):
        raise silence(agent, peer, 0, sign)


async def _listen(
    engine: Engine, agent: SnmpAgent, peer: Peer, limits: Limits, seconds: float,
    work: Callable[[Conversation], Awaitable[Answers]],
) -> Answers:  # fmt: skip
    reserve = min(1.0, seconds / 5)  # to find out what a silence means
    heard = engine.heard.setdefault(peer.address, 0)
    try:
        async with asyncio.timeout(seconds - reserve):
            return await work(Conversation(engine, peer, limits, seconds - reserve))
    except (TimeoutError, SilentError):
        sign = await presence(peer.address, peer.port, reserve)
        raise silence(agent, peer, engine.heard[peer.address] - heard, sign) from None
    except RejectedError as error:
        raise rejected(agent, peer, error.word) from None


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
