"""IP addresses as the socket calls want them."""

import socket
from ipaddress import IPv4Address, IPv6Address

from collectors.core import ProbeError, Reason

IP = IPv4Address | IPv6Address
SocketAddress = tuple[str, int] | tuple[str, int, int, int]


def family_of(ip: IP) -> socket.AddressFamily:
    """AF_INET or AF_INET6."""
    return socket.AF_INET if ip.version == 4 else socket.AF_INET6


def socket_address(ip: IP, port: int) -> SocketAddress:
    """What connect() takes. A zone (fe80::1%eth0) becomes the number of its interface."""
    if isinstance(ip, IPv4Address):
        return str(ip), port
    return str(ip).partition("%")[0], port, 0, _interface(ip.scope_id) if ip.scope_id else 0


def _interface(zone: str) -> int:
    try:
        return int(zone) if zone.isdecimal() else socket.if_nametoindex(zone)
    except OSError:
        raise ProbeError(Reason.UNREACHABLE, f"this machine has no network interface {zone}") from None
