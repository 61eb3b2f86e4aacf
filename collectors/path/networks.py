"""Whose a router is: by lists of networks, and where they say nothing by its place. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, ip_address, ip_network


class Zone(StrEnum):
    """Parts of the way, from the office outwards."""

    GATEWAY = "gateway"
    ISP_ACCESS = "isp_access"
    ISP_BACKBONE = "isp_backbone"
    PROVINCE = "province"
    NATIONAL = "national"
    TARGET = "target"


_ORDER = tuple(Zone)
LISTED = (Zone.ISP_ACCESS, Zone.ISP_BACKBONE, Zone.PROVINCE, Zone.NATIONAL)
_SHARED = tuple(ip_network(text) for text in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"))


@dataclass(frozen=True, slots=True)
class Network:
    """Addresses with a common prefix, as text: 203.0.113.0/24."""

    prefix: IPv4Network

    @classmethod
    def parse(cls, text: str) -> "Network":
        """ValueError for anything else."""
        try:
            return cls(IPv4Network(text))
        except ValueError as error:
            raise ValueError(f"{text!r} is not an IPv4 network such as 203.0.113.0/24: {error}") from None

    def __str__(self) -> str:
        return str(self.prefix)

    def __contains__(self, address: str) -> bool:
        return ip_address(address) in self.prefix


@dataclass(frozen=True, slots=True)
class Networks:
    """What is known of who has which addresses; the longest prefix counts."""

    isp_access: tuple[Network, ...] = ()
    isp_backbone: tuple[Network, ...] = ()
    province: tuple[Network, ...] = ()
    national: tuple[Network, ...] = ()

    def of(self, zone: Zone) -> tuple[Network, ...]:
        """The list of one zone; the office's own end and the host have none."""
        return getattr(self, zone) if zone in LISTED else ()

    def zone(self, address: str) -> Zone | None:
        """Where the lists place an address."""
        found = [(network.prefix.prefixlen, zone) for zone in LISTED for network in self.of(zone) if address in network]
        return max(found)[1] if found else None

    def after(self, zone: Zone) -> Zone:
        """What lies behind a zone as far as anybody has said so; the backbone is the last that there always is."""
        later = _ORDER[_ORDER.index(zone) + 1 :]
        certain = (Zone.ISP_ACCESS, Zone.ISP_BACKBONE)
        if zone is Zone.ISP_BACKBONE and not (self.province or self.national):
            return zone
        return next((one for one in later if one in certain or self.of(one)), Zone.TARGET)


def place(addresses: Sequence[str | None], networks: Networks, *, gateway: bool) -> tuple[Zone | None, ...]:
    """The zone of each router in its turn; None = it is silent. gateway: the first one is the office's own."""
    found: list[Zone | None] = []
    for distance, address in enumerate(addresses, 1):
        found.append(
            _place(address, distance, [zone for zone in found if zone], networks, gateway) if address else None
        )
    return tuple(found)


def _place(address: str, distance: int, before: Sequence[Zone], networks: Networks, gateway: bool) -> Zone:
    if distance == 1 and gateway:
        return Zone.GATEWAY
    if listed := networks.zone(address):
        return listed
    if distance <= 1 + gateway or (is_shared(address) and set(before) <= {Zone.GATEWAY, Zone.ISP_ACCESS}):
        return Zone.ISP_ACCESS
    return furthest((*before, Zone.ISP_BACKBONE))


def furthest(zones: Iterable[Zone]) -> Zone:
    """The one that is furthest from the office."""
    return max(zones, key=_ORDER.index)


def is_shared(address: str) -> bool:
    """An address that many networks use within themselves (RFC 1918, RFC 6598)."""
    return any(ip_address(address) in network for network in _SHARED)


def is_local(address: str) -> bool:
    """An address of this machine itself: a name server there asks others in its turn."""
    return ip_address(address).is_loopback
