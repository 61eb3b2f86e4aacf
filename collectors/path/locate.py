"""Where the fault is, and why it is thought to be there. Pure.

A way that ends early is compared with the way as it last was (`Usual`): what is missing first has failed. Without such
a past the fault is placed behind the last router that answers, in the network that comes next by the lists of networks.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from collectors.core.ports import Method, Word
from collectors.path.names import Comparison, Names
from collectors.path.networks import Networks, Zone
from collectors.path.past import Usual
from collectors.path.table import Hop, Width

LOSSY = 0.3  # share of packets to the end that are lost: few are sent, so less says nothing
_LOOP = 3  # distances at which one router answers, when packets go round in circles


class Fault(StrEnum):
    """Where it is: a closed list, exported as the label `where` of `path_fault`."""

    NONE = "none"
    OFFICE_LAN = "office_lan"
    GATEWAY = "gateway"
    ISP_ACCESS = "isp_access"
    ISP_BACKBONE = "isp_backbone"
    PROVINCE = "province"
    NATIONAL = "national"
    TARGET = "target"
    DNS = "dns"
    MTU = "mtu"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """What speaks for it: the message `path.why.*`."""

    REACHED = "reached"
    NO_ROUTE = "no_route"
    NO_CARRIER = "no_carrier"
    NO_NEIGHBOUR = "no_neighbour"
    GATEWAY_SILENT = "gateway_silent"
    SILENT_BEHIND = "silent_behind"
    NO_WAY_ON = "no_way_on"
    REFUSES = "refuses"
    LOOP = "loop"
    LOSS = "loss"
    TCP_LOST = "tcp_lost"
    TOO_LARGE = "too_large"
    NAMES_DIFFER = "names_differ"
    NAMES_SILENT = "names_silent"
    NAME_UNKNOWN = "name_unknown"


@dataclass(frozen=True, slots=True)
class Lan:
    """The office's end. gateway: its address, "" = a line without one, None = no default route.

    carrier    whether the cable (or radio) is connected, None = unknown
    neighbour  whether the gateway's hardware address is known (ARP), None = unknown
    answers    whether the gateway answers echoes
    """

    gateway: str | None
    carrier: bool | None = None
    neighbour: bool | None = None
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Observation:
    """One look at the way to a host. reduced: why much could not be seen, "" = it could."""

    host: str
    address: str
    lan: Lan
    networks: Networks
    hops: tuple[Hop, ...] = ()
    width: Width = field(default_factory=Width)
    names: Comparison = field(default_factory=lambda: Comparison(Names.NOT_ASKED))
    reduced: str = ""

    @property
    def end(self) -> Hop | None:
        """The distance at which the host itself answers."""
        return next((hop for hop in self.hops if hop.ends), None)

    @property
    def stands_in(self) -> bool:
        """The way is a name server's: the host's own address is not known."""
        return bool(self.address) and self.address not in self.names.addresses

    @property
    def first_isp(self) -> str | None:
        """The operator's router next to the office, if it names itself."""
        distance = 2 if self.lan.gateway else 1
        found = self.hops[distance - 1 : distance]
        return found[0].address if found and not found[0].ends else None


@dataclass(frozen=True, slots=True)
class Finding:
    """The fault, and behind (or at) which distance it is: 0 = at the office's own machine, None = not on the way."""

    fault: Fault
    why: Why
    behind: int | None = None
    what: str = ""


_UNKNOWN = Usual()


def locate(seen: Observation, before: Usual = _UNKNOWN) -> Finding:
    """The way first: names can only be judged where it leads to somebody."""
    if seen.end is None:
        return _broken(seen, before)
    found = (_of_names(seen.names), _of_width(seen), _of_loss(seen), _of_tcp(seen))
    return next((one for one in found if one), Finding(Fault.NONE, Why.REACHED, what=str(seen.end.distance)))


def _broken(seen: Observation, before: Usual) -> Finding:
    lan, last = seen.lan, next((hop for hop in reversed(seen.hops) if hop.address), None)
    if lan.gateway is None:
        return Finding(Fault.OFFICE_LAN, Why.NO_ROUTE, 0)
    if seen.names.verdict is Names.UNKNOWN_NAME:  # they answer: so there is a way
        return Finding(Fault.DNS, Why.NAME_UNKNOWN, what=", ".join(seen.names.suspects))
    if last is None and not lan.answers and _told(seen) is None and not (before.mute and _is_there(lan)):
        return _near(lan)
    if circle := _loop(seen.hops):
        return circle
    if not seen.address:  # nothing to follow but the gateway, and that answers
        return Finding(Fault.UNKNOWN, Why.NAMES_SILENT, what=", ".join(seen.names.suspects))
    return _behind(seen, last, before)


def _is_there(lan: Lan) -> bool:
    """The gateway is on the local network, by its hardware address."""
    return bool(lan.gateway) and lan.carrier is not False and lan.neighbour is True


def _near(lan: Lan) -> Finding:
    """Nothing answers at all. The cable speaks first, then the neighbour's hardware address."""
    if lan.carrier is False:
        return Finding(Fault.OFFICE_LAN, Why.NO_CARRIER, 0)
    if not lan.gateway:
        return Finding(Fault.ISP_ACCESS, Why.SILENT_BEHIND, 0)  # the line begins at this machine
    if lan.neighbour is False:
        return Finding(Fault.OFFICE_LAN, Why.NO_NEIGHBOUR, 0, lan.gateway)
    return Finding(Fault.GATEWAY, Why.GATEWAY_SILENT, 0, lan.gateway)


def _loop(hops: Sequence[Hop]) -> Finding | None:
    seen = Counter(hop.address for hop in hops if hop.address)
    hop = next((hop for hop in hops if hop.address and seen[hop.address] >= _LOOP), None)
    return Finding(_fault(hop.zone), Why.LOOP, hop.distance, hop.address or "") if hop else None


def _behind(seen: Observation, last: Hop | None, before: Usual) -> Finding:
    """The way ends behind the last router that answers, or where one says why it gives up."""
    told = _told(seen)
    if told is None:
        distance = last.distance if last else 1  # the gateway answers echoes at most, but names itself to no packet
        return Finding(
            _next(seen, last, distance, before), Why.SILENT_BEHIND, distance, last.address or "" if last else ""
        )
    address, word = told
    hop = next((hop for hop in seen.hops if hop.address == address), None)
    distance = hop.distance if hop else 1 if address == seen.lan.gateway else last.distance if last else 0
    if word is Word.REFUSED:
        zone = hop.zone if hop else Zone.GATEWAY if address == seen.lan.gateway else seen.networks.zone(address)
        return Finding(_fault(zone), Why.REFUSES, distance, address)
    return Finding(_next(seen, hop or last, distance, before), Why.NO_WAY_ON, distance, address)


def _told(seen: Observation) -> tuple[str, Word] | None:
    """Whoever gave up on our packets: the nearest one. This machine's own kernel does not count."""
    own = (refusal for hop in seen.hops for refusal in hop.refusals)
    return next(own, None)


def _next(seen: Observation, last: Hop | None, distance: int, before: Usual) -> Fault:
    """The zone of what usually comes behind, else of what the lists have next."""
    if usual := before.behind(seen.hops[:distance]):
        return _fault(usual)
    zone = (last.zone if last else None) or (Zone.GATEWAY if seen.lan.gateway else None)
    return _fault(seen.networks.after(zone)) if zone else Fault.ISP_ACCESS


def _of_names(names: Comparison) -> Finding | None:
    whys = {
        Names.LYING: Why.NAMES_DIFFER,
        Names.SILENT: Why.NAMES_SILENT,
        Names.UNKNOWN_NAME: Why.NAME_UNKNOWN,
    }
    why = whys.get(names.verdict)
    return Finding(Fault.DNS, why, what=", ".join(names.suspects)) if why else None


def _of_width(seen: Observation) -> Finding | None:
    lossy = seen.end is not None and (seen.end.loss or 0) >= LOSSY  # then the silence of the large ones says nothing
    if not seen.width.lost or lossy:
        return None
    return Finding(Fault.MTU, Why.TOO_LARGE, what=str(seen.width.most))


def _of_loss(seen: Observation) -> Finding | None:
    first = next((hop for hop in seen.hops if (hop.loss or 0) >= LOSSY), None)
    if first is None:
        return None
    fault = Fault.OFFICE_LAN if first.zone is Zone.GATEWAY else _fault(_zone_at(seen, first.distance))
    return Finding(fault, Why.LOSS, first.distance - 1, f"{first.loss:.0%}")


def _of_tcp(seen: Observation) -> Finding | None:
    """What citizens use is TCP: where only that is dropped, it is behind the last router that answers it."""
    end = seen.end
    if end is None or any(Method.TCP in hop.ends for hop in seen.hops):
        return None
    if seen.reduced:
        return Finding(Fault.UNKNOWN, Why.TCP_LOST)
    last = max((hop.distance for hop in seen.hops if Method.TCP in hop.methods), default=0)
    return Finding(_fault(_zone_at(seen, last + 1)), Why.TCP_LOST, last)


def _zone_at(seen: Observation, distance: int) -> Zone | None:
    """Of this distance, or of the first one behind it that answers."""
    return next((hop.zone for hop in seen.hops[distance - 1 :] if hop.zone), None)


def _fault(zone: Zone | None) -> Fault:
    return Fault(zone) if zone else Fault.UNKNOWN
