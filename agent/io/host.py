"""The host port by psutil, which is not imported elsewhere.

/proc and statvfs answer at once, except a file system whose server is away: what may block runs in one thread of its
own, so that it can only delay itself.
"""

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, TypeVar

import psutil

from collectors.core import ProbeError, Reason
from collectors.core.ports import Filesystem, Gateway, HostFacts, Interface

_T = TypeVar("_T")
_MODES = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")
_MEMORY = {
    "MemTotal": "total",
    "MemFree": "free",
    "MemAvailable": "available",
    "Buffers": "buffers",
    "Cached": "cached",
}
_MOST = 64  # of anything listed: a machine full of containers must not fill the page


class HostAdapter:
    """Implements collectors.core.ports.HostPort."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "host")

    async def facts(self) -> HostFacts:
        """Everything at one moment."""
        return await self._offload(_facts)

    async def interfaces(self) -> tuple[Interface, ...]:
        """All but the loopback."""
        return await self._offload(_interfaces)

    async def gateway(self, family: Literal["ip4", "ip6"] = "ip4") -> Gateway | None:
        """The default route with the lowest metric."""
        return await self._offload(lambda: _gateway(family))

    async def close(self) -> None:
        """Does not wait for a file system that never answers."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _offload(self, look: Callable[[], _T]) -> _T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, look)
        except (psutil.Error, OSError) as error:
            raise ProbeError(Reason.PERMISSION, f"the system does not let itself be read: {error}") from None


def _facts() -> HostFacts:
    system = os.uname()
    return HostFacts(
        boot_time=psutil.boot_time(),
        load=os.getloadavg(),
        cpu={
            (number, mode): seconds
            for number, times in enumerate(psutil.cpu_times(percpu=True))
            for mode in _MODES
            if (seconds := getattr(times, mode, None)) is not None
        },
        memory=_memory(),
        filesystems=tuple(_filesystems())[:_MOST],
        interfaces=_interfaces(),
        uname={
            "sysname": system.sysname,
            "release": system.release,
            "version": system.version,
            "machine": system.machine,
            "nodename": system.nodename,
        },
    )


def _memory() -> dict[str, int]:
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    found = {name: getattr(memory, field) for name, field in _MEMORY.items() if hasattr(memory, field)}
    return {**found, "SwapTotal": swap.total, "SwapFree": swap.free}


def _filesystems() -> Iterator[Filesystem]:
    seen: set[str] = set()
    for mounted in psutil.disk_partitions(all=False):
        if mounted.device in seen:
            continue  # a bind mount of something that was already counted
        seen.add(mounted.device)
        try:
            status = os.statvfs(mounted.mountpoint)
        except OSError:
            continue  # away, or not for us: absent
        unit = status.f_frsize
        yield Filesystem(
            mounted.device,
            mounted.mountpoint,
            mounted.fstype,
            size=status.f_blocks * unit,
            free=status.f_bfree * unit,
            available=status.f_bavail * unit,
            readonly="ro" in mounted.opts.split(","),
        )


def _interfaces() -> tuple[Interface, ...]:
    states = psutil.net_if_stats()
    counters = psutil.net_io_counters(pernic=True, nowrap=False)
    return tuple(
        Interface(
            name,
            up=name in states and states[name].isup,
            receive_bytes=count.bytes_recv,
            transmit_bytes=count.bytes_sent,
            receive_packets=count.packets_recv,
            transmit_packets=count.packets_sent,
            receive_errors=count.errin,
            transmit_errors=count.errout,
            receive_drops=count.dropin,
            transmit_drops=count.dropout,
            speed_bits=states[name].speed * 10**6 if name in states and states[name].speed else None,
        )
        for name, count in sorted(counters.items())
        if name != "lo"
    )[:_MOST]


def _gateway(family: Literal["ip4", "ip6"]) -> Gateway | None:
    table = Path("/proc/net/route" if family == "ip4" else "/proc/net/ipv6_route")
    return default_route(table.read_text(encoding="ascii").splitlines(), family)


def default_route(lines: Iterable[str], family: Literal["ip4", "ip6"]) -> Gateway | None:
    """The default route in the text of /proc/net/route (or ipv6_route), None where there is none."""
    routes = [route for line in lines if (route := (_route4 if family == "ip4" else _route6)(line.split()))]
    return min(routes, key=lambda route: route[0])[1] if routes else None


_USABLE = 0x1  # RTF_UP
_REJECT = 0x200  # RTF_REJECT


def _route4(fields: list[str]) -> tuple[int, Gateway] | None:
    """Iface Destination Gateway Flags RefCnt Use Metric Mask ...: addresses as the machine's own 32-bit numbers."""
    if len(fields) < 8 or fields[1] != "00000000" or fields[7] != "00000000":
        return None
    if int(fields[3], 16) & (_USABLE | _REJECT) != _USABLE:
        return None
    address = ".".join(str(byte) for byte in reversed(bytes.fromhex(fields[2])))
    return int(fields[6]), Gateway("" if address == "0.0.0.0" else address, fields[0])


def _route6(fields: list[str]) -> tuple[int, Gateway] | None:
    """Destination length source length next-hop metric refcnt use flags device, all hexadecimal."""
    if len(fields) < 10 or set(fields[0]) != {"0"} or fields[1] != "00" or fields[9] == "lo":
        return None
    if int(fields[8], 16) & (_USABLE | _REJECT) != _USABLE:
        return None
    groups = [fields[4][start : start + 4] for start in range(0, 32, 4)]
    address = ":".join(groups)
    return int(fields[5], 16), Gateway("" if set(fields[4]) == {"0"} else address, fields[9])
