"""Where the counters of the WAN are: an interface of this machine, or one of the router, asked by SNMP (RFC 2863)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from collectors.core import Ports, ProbeError, Reason
from collectors.core.ports import SnmpValue
from collectors.wan.counters import Look
from collectors.wan.router import Router

_SYS_UPTIME = "1.3.6.1.2.1.1.3.0"
_IF_SPEED, _IF_OPER_STATUS = "1.3.6.1.2.1.2.2.1.5", "1.3.6.1.2.1.2.2.1.8"
_IF_IN, _IF_OUT = "1.3.6.1.2.1.2.2.1.10", "1.3.6.1.2.1.2.2.1.16"
_IF_NAME = "1.3.6.1.2.1.31.1.1.1.1"
_IF_HC_IN, _IF_HC_OUT = "1.3.6.1.2.1.31.1.1.1.6", "1.3.6.1.2.1.31.1.1.1.10"
_IF_HIGH_SPEED, _IF_ALIAS = "1.3.6.1.2.1.31.1.1.1.15", "1.3.6.1.2.1.31.1.1.1.18"
_COLUMNS = (
    _IF_OPER_STATUS, _IF_SPEED, _IF_IN, _IF_OUT, _IF_NAME, _IF_HC_IN, _IF_HC_OUT, _IF_HIGH_SPEED, _IF_ALIAS,
)  # fmt: skip
_DEFAULT_ROUTE = "1.3.6.1.2.1.4.21.1.2.0.0.0.0"  # ipRouteIfIndex of 0.0.0.0 (RFC 1213; newer tables need a walk)
_UP = 1  # ifOperStatus
_MOST_INTERFACES = 64
_FULL = 2**32 - 1  # ifSpeed of an interface that is too fast for it


@dataclass(frozen=True, slots=True)
class Place(Router):
    """An interface of this machine, where it is the office's gateway, or one of the router, which SNMP tells of.

    interface  its name; of a router its ifName, which takes more questions than the index
    index      ifIndex at the router
    router     host name or address; "" = this machine
    version    2c uses the community; 3 uses user, auth, auth_key, privacy, privacy_key; 1 knows small counters only
    """

    interface: str = ""
    index: int = 0

    def check(self) -> Iterator[tuple[str, str]]:
        """Of a router also the rules of every SNMP agent."""
        yield from Router.check(self)
        if not self.interface and not (self.router and self.index):
            yield "interface", "is missing: which one leads to the operator?"
        if not 0 <= self.index < 2**31:
            yield "index", f"{self.index} is no ifIndex"


@dataclass(frozen=True, slots=True)
class Seen:
    """One look.

    speed  bytes per second of the medium, 0 = unknown
    route  ifIndex of the router's default route, 0 = it does not tell, or has none
    """

    look: Look
    name: str
    alias: str = ""
    up: bool = True
    speed: float = 0.0
    route: int = 0


async def see(place: Place, ports: Ports, timeout: float) -> Seen:
    """Raises ProbeError: what the ports raise, NO_ANSWER where there is no such interface, UNSUPPORTED."""
    if place.router:
        return await _of_router(place, ports, timeout)
    for found in await ports.host.interfaces():
        if found.name == place.interface:
            look = Look(ports.clock.monotonic(), found.receive_bytes, found.transmit_bytes)
            return Seen(look, found.name, up=found.up, speed=(found.speed_bits or 0) / 8)
    raise ProbeError(Reason.NO_ANSWER, f"this machine has no interface {place.interface}")


async def _of_router(place: Place, ports: Ports, timeout: float) -> Seen:
    index = place.index or await _index_of(place, ports, timeout / 2)
    oids = (_SYS_UPTIME, _DEFAULT_ROUTE, *(f"{column}.{index}" for column in _COLUMNS))
    said = await ports.snmp.get(place.agent, oids, timeout / 2)
    at = ports.clock.monotonic()
    row = {column: said[oid] for column in _COLUMNS if (oid := f"{column}.{index}") in said}
    ticks = _number(said, _SYS_UPTIME)
    return Seen(
        _look(at, row, None if ticks is None else ticks / 100),
        _text(row, _IF_NAME) or str(index),
        _text(row, _IF_ALIAS),
        _number(row, _IF_OPER_STATUS) in (None, _UP),
        _speed(row),
        _number(said, _DEFAULT_ROUTE) or 0,
    )


async def _index_of(place: Place, ports: Ports, timeout: float) -> int:
    names = await ports.snmp.walk(place.agent, _IF_NAME, _MOST_INTERFACES, timeout)
    for oid in names:
        if _text(names, oid) == place.interface:
            return int(oid.rpartition(".")[2])
    raise ProbeError(Reason.NO_ANSWER, f"the router has no interface {place.interface}")


def _look(at: float, row: Mapping[str, SnmpValue], uptime: float | None) -> Look:
    """The counters of 64 bits, or where the router has none those of 32."""
    for inward, outward, bits in ((_IF_HC_IN, _IF_HC_OUT, 64), (_IF_IN, _IF_OUT, 32)):
        down, up = _number(row, inward), _number(row, outward)
        if down is not None and up is not None:
            return Look(at, down, up, bits, uptime)
    raise ProbeError(Reason.UNSUPPORTED, "the router counts no bytes of this interface")


def _speed(row: Mapping[str, SnmpValue]) -> float:
    """Bytes per second; ifHighSpeed is in Mbit/s, ifSpeed in bit/s."""
    if megabits := _number(row, _IF_HIGH_SPEED):
        return megabits * 125_000.0
    bits = _number(row, _IF_SPEED) or 0
    return 0.0 if bits == _FULL else bits / 8


def _number(said: Mapping[str, SnmpValue], oid: str) -> int | None:
    value = said.get(oid)
    return value if isinstance(value, int) and value >= 0 else None


def _text(said: Mapping[str, SnmpValue], oid: str) -> str:
    """What may stand in a label."""
    value = said.get(oid)
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
    return "".join(letter for letter in text if letter.isprintable())[:80]
