"""One pysnmp engine: one set of credentials, one UDP socket per address family, any number of peers.

pysnmp's habits that are tamed here: its timers follow the wall clock (ours must not stop when the clock jumps back), an
error in a received datagram or a timer ends in the event loop's error handler, a socket that cannot be opened is
noticed by nobody, a MIB lookup reads files in the event loop, an answer is taken from whoever sends it, it serves
requests itself, an answer that comes after the second attempt was sent is thrown away, and it keeps an entry for ever
for each address and timeout that it has seen.
"""

import asyncio
import logging
from asyncio import FIRST_COMPLETED
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from pyasn1.error import PyAsn1Error
from pyasn1.type import univ
from pysnmp.carrier.asyncio.dgram import udp, udp6
from pysnmp.carrier.asyncio.dispatch import AsyncioDispatcher
from pysnmp.entity import config
from pysnmp.error import PySnmpError
from pysnmp.hlapi.v3arch.asyncio import (
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    Udp6TransportTarget,
    UdpTransportTarget,
    get_cmd,
    next_cmd,
)

from agent.io.snmp.credentials import Credentials
from agent.io.snmp.envelope import plausible
from agent.io.snmp.presence import no_socket
from collectors.core.ports import Oid, SnmpValue

log = logging.getLogger(__name__)

ATTEMPTS = 2
KEPT_SECONDS = 20.0  # for which pysnmp remembers a request; we have given up before
TIMED_OUT = "RequestTimedOut"
TIMER_SECONDS = 0.5  # how exactly pysnmp keeps that; 0.1 s, its default, costs five times the idle CPU
# What pysnmp would read from files while it prepares its first request, in the event loop.
_MODULES = ("SNMPv2-TM", "TRANSPORT-ADDRESS-MIB", "PYSNMP-SOURCE-MIB", "PYSNMP-USM-MIB")


Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Peer:
    """A numeric address and a port."""

    address: str
    port: int

    def __str__(self) -> str:
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, so many seconds after it was asked for. failure "" = no error, else pysnmp's word for it, such as
    "WrongDigest", or TIMED_OUT.

    status and index are those of the PDU (RFC 3416, section 3): 0 = fine, 1 tooBig, 2 noSuchName, 5 genErr; index
    counts from 1. A value None means that the agent has no such object.
    """

    values: tuple[tuple[Oid, SnmpValue | None], ...] = ()
    status: int = 0
    index: int = 0
    failure: str = ""
    seconds: float = 0.0


class Engine:
    """Opened by `open`, closed when it has been retired and its last request has ended."""

    def __init__(self, engine: Any, credentials: Credentials) -> None:
        self._engine = engine
        self._credentials = credentials.for_pysnmp()
        self._prepared: dict[Oid, Any] = {}
        self._sockets: dict[type[Any], asyncio.Task[Any]] = {}
        self._borrowers = 0
        self.retired = False
        self.failures = 0  # polls in a row without an answer
        self.heard: dict[str, int] = {}  # datagrams per address, for the addresses that are in it
        self._asked: Counter[Address] = Counter()  # who has been asked for something and may answer

    @classmethod
    async def open(cls, credentials: Credentials) -> "Engine":
        """Takes 0.1 s or more of one core and reads pysnmp's own MIB files, so it is done in a thread."""
        return cls(await asyncio.to_thread(_build), credentials)

    async def get(self, peer: Peer, oids: Sequence[Oid], attempt_seconds: float) -> Reply:
        """One GET, sent a second time after attempt_seconds; the answer to either counts, for as long again."""
        objects = tuple(self._object(oid) for oid in oids)
        return await self._command(get_cmd, peer, objects, attempt_seconds)

    async def next(self, peer: Peer, oids: Sequence[Oid], attempt_seconds: float) -> Reply:
        """One GETNEXT."""
        objects = tuple(ObjectType(ObjectIdentity(oid)) for oid in oids)
        return await self._command(next_cmd, peer, objects, attempt_seconds)

    def known_engine(self, peer: Peer) -> bytes | None:
        """The SNMPv3 engine ID by which this peer is addressed (RFC 3411, section 5); None = will be asked for."""
        domain = (_Target6 if ip_address(peer.address).version == 6 else _Target4).TRANSPORT_DOMAIN
        model = self._engine.message_processing_subsystems[3]
        found = model.get_peer_engine_info(domain, (peer.address, peer.port))
        return bytes(found[0]) if found[0] is not None else None

    @contextmanager
    def borrowed(self) -> Iterator["Engine"]:
        """Keeps the engine open although it may be retired meanwhile."""
        self._borrowers += 1
        try:
            yield self
        finally:
            self._borrowers -= 1
            if self.retired and not self._borrowers:
                self.close()

    def retire(self) -> None:
        """Close as soon as nobody uses it any more."""
        self.retired = True
        if not self._borrowers:
            self.close()

    def close(self) -> None:
        self.retired = True
        for opening in self._sockets.values():
            opening.cancel()
        self._sockets.clear()
        self._engine.close_dispatcher()

    async def _command(self, command: Any, peer: Peer, objects: tuple[Any, ...], attempt_seconds: float) -> Reply:
        target = await self._target(peer)
        attempts: set[asyncio.Task[Reply]] = set()
        with self._expecting((peer.address, peer.port)):
            try:
                for _ in range(ATTEMPTS):
                    attempts.add(asyncio.create_task(self._attempt(command, target, objects)))
                    done, _ = await asyncio.wait(attempts, timeout=attempt_seconds, return_when=FIRST_COMPLETED)
                    if done:
                        return done.pop().result()
                return Reply(failure=TIMED_OUT)
            finally:
                for attempt in attempts:
                    attempt.cancel()

    async def _attempt(self, command: Any, target: Any, objects: tuple[Any, ...]) -> Reply:
        clock = asyncio.get_running_loop().time
        start = clock()
        try:
            answer = await command(self._engine, self._credentials, target, ContextData(), *objects, lookupMib=False)
            return _reply(clock() - start, *answer)
        except (PySnmpError, PyAsn1Error) as error:
            return Reply(failure=type(error).__name__)

    @contextmanager
    def _expecting(self, address: Address) -> Iterator[None]:
        self._asked[address] += 1
        try:
            yield
        finally:
            self._asked[address] -= 1
            if not self._asked[address]:
                del self._asked[address]

    async def _target(self, peer: Peer) -> Any:
        kind = _Target6 if ip_address(peer.address).version == 6 else _Target4
        if kind not in self._sockets:
            self._sockets[kind] = asyncio.create_task(self._open_socket(kind))
        try:
            await asyncio.shield(self._sockets[kind])
        except OSError as error:
            self._sockets.pop(kind, None)
            raise no_socket(error) from None
        return await kind.create((peer.address, peer.port), timeout=KEPT_SECONDS, retries=0)

    async def _open_socket(self, kind: type[Any]) -> None:
        transport = kind.PROTO_TRANSPORT()
        transport.heard, transport.asked = self.heard, self._asked
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: transport, family=transport.SOCK_FAMILY)
        if self._engine.transport_dispatcher is None:
            self._engine.register_transport_dispatcher(_Dispatcher())
        config.add_transport(self._engine, kind.TRANSPORT_DOMAIN, transport)

    def _object(self, oid: Oid) -> Any:
        """Prepared objects are kept: resolving one anew each time costs as much as the rest of a GET."""
        if oid not in self._prepared:
            self._prepared[oid] = ObjectType(ObjectIdentity(oid))
        return self._prepared[oid]


def _build() -> Any:
    engine = SnmpEngine()
    engine.get_mib_builder().load_modules(*_MODULES)
    return engine


def _reply(seconds: float, failure: Any, status: Any, index: Any, objects: Any) -> Reply:
    if failure:
        return Reply(failure=type(failure).__name__)
    values = tuple((str(name), plain(value)) for name, value in objects)
    return Reply(values, int(status), int(index), seconds=seconds)


def plain(value: Any) -> SnmpValue | None:
    """A pysnmp value as the port hands it on; NULL, noSuchObject, noSuchInstance and endOfMibView are None."""
    if isinstance(value, univ.Null) or not value.isValue:
        return None
    if isinstance(value, univ.Integer):
        return int(value)
    if isinstance(value, univ.OctetString):
        return bytes(value.asOctets())
    if isinstance(value, univ.ObjectIdentifier):
        return str(value)
    return None


class _Dispatcher(AsyncioDispatcher):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(timeout=TIMER_SECONDS)

    async def handle_timeout(self) -> None:
        with suppress(asyncio.CancelledError):
            clock = asyncio.get_running_loop().time  # monotonic
            while True:
                await asyncio.sleep(TIMER_SECONDS)
                try:
                    self.handle_timer_tick(clock())
                except Exception as error:  # noqa: BLE001 - whatever it is, the timer must go on
                    log.warning("snmp timer error=%s", type(error).__name__)


class _Guard:
    """Mixed into pysnmp's UDP transports: count what arrives per address, let through what can be an answer of one who
    was asked, survive what cannot be understood.
    """

    heard: dict[str, int]
    asked: Counter[Address]
    _callback_function: Any

    def datagram_received(self, datagram: bytes, address: tuple[Any, ...]) -> None:
        sender = (address[0], address[1])
        if sender[0] in self.heard:
            self.heard[sender[0]] += 1
        if self._callback_function is None or sender not in self.asked or not plausible(datagram):
            return
        try:
            self._callback_function(self, sender, datagram)
        except Exception as error:  # noqa: BLE001 - pysnmp raises anything on a datagram made to confuse it
            log.debug("snmp datagram from=%s error=%s", address[0], type(error).__name__)


class _Udp4(_Guard, udp.UdpAsyncioTransport):  # type: ignore[misc]
    pass


class _Udp6(_Guard, udp6.Udp6AsyncioTransport):  # type: ignore[misc]
    pass


class _Resolved:
    """pysnmp's targets resolve names themselves; ours are given addresses."""

    async def _resolve_address(self, address: tuple[str, int]) -> tuple[str, int]:
        return address


class _Target4(_Resolved, UdpTransportTarget):  # type: ignore[misc]
    PROTO_TRANSPORT = _Udp4


class _Target6(_Resolved, Udp6TransportTarget):  # type: ignore[misc]
    PROTO_TRANSPORT = _Udp6
