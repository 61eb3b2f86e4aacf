"""The look itself: name servers, the way to what they name, the office's own end; then the verdict."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Address

from collectors.core import Ports, ProbeError, Reading, Reason, Schedule
from collectors.core.ports import Gateway, Ping, TraceRequest
from collectors.core.values import HostPort
from collectors.path.drawing import drawing
from collectors.path.locate import Fault, Finding, Lan, Observation, locate
from collectors.path.metrics import METRICS, samples
from collectors.path.names import Comparison, Names, Said, compare, servers_of
from collectors.path.networks import is_local
from collectors.path.past import Usual
from collectors.path.reduced import ping, walk
from collectors.path.table import table, width
from collectors.path.target import Target

_NAMES = 3.0  # seconds for name servers, and for the gateway's echoes
_LEFT_OVER = 1.0  # seconds for what comes after the trace
_FULL = 0.6  # share of the time that a full trace gets; one that is refused leaves the rest to the reduced form
_AGAIN = 600.0  # seconds: a fault that no service and no link shows is to be seen twice, and its end soon
_SERVERS = 3  # of the machine's own: resolv.conf(5) uses no more
_MOST = 65536  # bytes of a small file of the system
_RESOLV_CONF, _ARP = "/etc/resolv.conf", "/proc/net/arp"
_RESULTS = {
    Fault.NONE: Reason.OK,
    Fault.DNS: Reason.DNS,
    Fault.MTU: Reason.FROZEN,  # connected, and then nothing comes: as it looks to those who use it
}


class Path:
    """See the package. Its past is the way as it last led to its end."""

    name = "path"
    target = Target
    metrics = METRICS
    schedule = Schedule(every=6 * 3600, timeout=30)
    needs = frozenset(("host", "net"))

    @staticmethod
    def argument(text: str) -> Mapping[str, str]:
        """HOST or HOST:PORT."""
        host, _, port = text.partition(":")
        return {"host": host} | ({"port": port} if port else {})

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """All but the comparison with the past."""
        ends = ports.clock.monotonic() + timeout - _LEFT_OVER
        gateway = await ports.host.gateway("ip4")
        names = await _names(target, ports, min(_NAMES, timeout / 4))
        address = next(iter(names.addresses), "") or _stand_in(names)
        lan = Lan(None if gateway is None else gateway.address)
        seen = Observation(target.host, address, lan, target.networks, names=names)
        if gateway is None:
            return _reading(seen, locate(seen))
        left = ends - ports.clock.monotonic()
        echoes = ping(gateway.address, ports, min(_NAMES, left))
        seen, answer = await asyncio.gather(_followed(seen, target, ports, left), echoes)
        seen = replace(seen, lan=await _near(gateway, answer, ports))
        return _reading(seen, locate(seen))

    def past(self) -> Usual:
        return Usual()

    def read_past(self, kept: object) -> Usual:
        return Usual.read(kept)

    def compare(self, reading: Reading, past: Usual, now: float) -> tuple[Reading, Usual]:  # noqa: ARG002 - the contract's
        """The verdict again, knowing how the way usually is."""
        seen = reading.seen
        if not isinstance(seen, Observation):
            return reading, past
        leads = seen.end is not None and not seen.stands_in
        return _reading(seen, locate(seen, past)), _usual(seen) if leads else past


def _usual(seen: Observation) -> Usual:
    zones = tuple(hop.zone for hop in seen.hops)
    return Usual(zones, mute=bool(seen.lan.gateway) and zones[0] is None and not seen.lan.answers)


async def _names(target: Target, ports: Ports, timeout: float) -> Comparison:
    """What each name server says to the host's name; an address needs none."""
    if _is_address(target.host):
        return Comparison(Names.NOT_ASKED, addresses=(target.host,))
    own = await _own_servers(ports)
    asked = [*((server, False) for server in own), *((str(server), True) for server in target.resolvers)]
    answers = await asyncio.gather(*(_ask(server, trusted, target.host, ports, timeout) for server, trusted in asked))
    found = replace(compare(answers, target.expected), answers=tuple(answers))
    if found.verdict is Names.UNKNOWN_NAME and await _is_of_ipv6(target.host, found.suspects, ports, timeout):
        raise ProbeError(Reason.UNSUPPORTED, f"{target.host} has addresses of IPv6 only; ways are followed over IPv4")
    return found


async def _is_of_ipv6(name: str, servers: Sequence[str], ports: Ports, timeout: float) -> bool:
    try:
        answer = await ports.net.query(servers[0], name, "AAAA", timeout)
    except ProbeError:
        return False
    return any(":" in record for record in answer.answers)


async def _own_servers(ports: Ports) -> tuple[str, ...]:
    try:
        return servers_of(await ports.host.read_text(_RESOLV_CONF, _MOST))[:_SERVERS]
    except ProbeError:
        return ()


async def _ask(server: str, trusted: bool, name: str, ports: Ports, timeout: float) -> Said:
    try:
        answer = await ports.net.query(server, name, "A", timeout)
    except ProbeError:
        return Said(server, trusted, None)
    if answer.rcode not in ("NOERROR", "NXDOMAIN"):
        return Said(server, trusted, None)  # it has no answer to give
    found = frozenset(record for record in answer.answers if _is_address(record))  # an alias is none
    return Said(server, trusted, found, answer.seconds)


def _stand_in(names: Comparison) -> str:
    """Without an address the way to a name server tells at least whether there is one."""
    if names.verdict is not Names.SILENT:
        return ""
    hosts = (HostPort.parse(server).host for server in names.suspects)
    return next((host for host in hosts if _is_address(host) and not is_local(host)), "")


async def _followed(seen: Observation, target: Target, ports: Ports, timeout: float) -> Observation:
    """The way to the address: with raw rights, else as far as it goes without."""
    if not seen.address:
        return seen
    gateway = bool(seen.lan.gateway)
    try:
        request = TraceRequest(seen.address, target.port, most_hops=target.most_hops)
        trace = await ports.net.trace(request, timeout * _FULL)
    except ProbeError as error:
        if error.reason is Reason.UNREACHABLE:
            return seen
        hops = await walk(seen.address, target, ports, timeout * (1 - _FULL), gateway=gateway)
        return replace(seen, hops=hops, reduced=error.message)
    return replace(seen, hops=table(trace, target.networks, gateway=gateway), width=width(trace.sized))


async def _near(gateway: Gateway, answer: Ping | None, ports: Ports) -> Lan:
    """What this machine itself knows of its cable and its neighbour, after it was asked for an answer."""
    interface = next((one for one in await ports.host.interfaces() if one.name == gateway.interface), None)
    carrier = None if interface is None else interface.up and interface.operstate not in ("down", "lowerlayerdown")
    answers = answer is not None and any(time is not None for time in answer.times)
    return Lan(gateway.address, carrier, await _neighbour(gateway.address, ports), answers)


async def _neighbour(address: str, ports: Ports) -> bool | None:
    """Whether the gateway's hardware address is known: proc(5), /proc/net/arp; the flag 2 says complete."""
    try:
        lines = (await ports.host.read_text(_ARP, _MOST)).splitlines()
    except ProbeError:
        return None
    flags = next((words[2] for line in lines if len(words := line.split()) > 3 and words[0] == address), None)
    return None if flags is None else flags not in ("0x0", "0")


def _is_address(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True


def _reading(seen: Observation, finding: Finding) -> Reading:
    result = _RESULTS.get(finding.fault, Reason.UNREACHABLE if seen.end is None else Reason.SLOW)
    again = _AGAIN if finding.fault is not Fault.NONE else None
    return Reading(result, tuple(samples(seen, finding)), evidence=drawing(seen, finding), seen=seen, again=again)
