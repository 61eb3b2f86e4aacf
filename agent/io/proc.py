"""What /proc says, as values. Pure: the texts of its files come in as arguments."""

from collections.abc import Iterable, Mapping
from ipaddress import IPv6Address
from sys import byteorder
from typing import Literal

from collectors.core.ports import Gateway

_USABLE = 0x1  # RTF_UP
_REJECT = 0x200  # RTF_REJECT


def memory(text: str) -> Mapping[str, int]:
    """/proc/meminfo in bytes, by its own field names. Lines of another form are left out."""
    found: dict[str, int] = {}
    for line in text.splitlines():
        match line.replace(":", " ").split():
            case [name, number, "kB"] if number.isdecimal():
                found[name] = int(number) * 1024
    return found


def default_route(lines: Iterable[str], family: Literal["ip4", "ip6"]) -> Gateway | None:
    """The default route with the lowest metric in /proc/net/route (or ipv6_route), None where there is none."""
    routes = [route for line in lines if (route := (_route4 if family == "ip4" else _route6)(line.split()))]
    return min(routes, key=lambda route: route[0])[1] if routes else None


def _route4(fields: list[str]) -> tuple[int, Gateway] | None:
    """Iface Destination Gateway Flags RefCnt Use Metric Mask ...: addresses as the machine's own 32-bit numbers."""
    if len(fields) < 8 or fields[1] != "00000000" or fields[7] != "00000000":
        return None
    if int(fields[3], 16) & (_USABLE | _REJECT) != _USABLE:
        return None
    address = ".".join(str(byte) for byte in int(fields[2], 16).to_bytes(4, byteorder))
    return int(fields[6]), Gateway("" if address == "0.0.0.0" else address, fields[0])


def _route6(fields: list[str]) -> tuple[int, Gateway] | None:
    """Destination length source length next-hop metric refcnt use flags device, all hexadecimal."""
    if len(fields) < 10 or set(fields[0]) != {"0"} or fields[1] != "00" or fields[9] == "lo":
        return None
    if int(fields[8], 16) & (_USABLE | _REJECT) != _USABLE:
        return None
    address = IPv6Address(int(fields[4], 16))
    return int(fields[5], 16), Gateway("" if address.is_unspecified else str(address), fields[9])


def read_only(mountinfo: str) -> dict[str, bool]:
    """Mount point -> whether the file system itself is read-only, from the text of /proc/self/mountinfo (proc(5)).

    Not the options of the mount: the agent's own sandbox shows it the whole system read-only.
    """
    found = {}
    for line in mountinfo.splitlines():
        mount, _, filesystem = line.partition(" - ")
        place, options = mount.split()[4], filesystem.split()[-1]
        found[place.replace("\\040", " ")] = "ro" in options.split(",")
    return found
