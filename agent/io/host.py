"""The host port by psutil, which is not imported elsewhere.

Everything here answers at once except file systems, whose disk may be dying: they are looked at in a thread of their
own, and left out of the facts while they do not answer, so that they delay nothing else.
"""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Literal, TypeVar

import psutil

from agent.io import files, proc
from agent.io.modem import modem
from collectors.core import ProbeError, Reason
from collectors.core.ports import Filesystem, Gateway, HostFacts, Interface

_T = TypeVar("_T")
_MODES = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")
_MOST = 64  # of anything listed: a machine full of containers must not fill the page
_ROUTES = {"ip4": Path("/proc/net/route"), "ip6": Path("/proc/net/ipv6_route")}
_DISK_SECONDS = 2.0  # how long file systems are waited for


class HostAdapter:
    """Implements collectors.core.ports.HostPort."""

    def __init__(self) -> None:
        self._quick = ThreadPoolExecutor(1, "host")
        self._looking: asyncio.Future[tuple[Filesystem, ...]] | None = None
        self._reading: dict[str, asyncio.Future[str]] = {}  # files that did not answer in time

    async def facts(self) -> HostFacts:
        """Everything at one moment; without file systems while one of them hangs."""
        filesystems = await self._filesystems()
        return await self._offload(lambda: _facts(filesystems))

    async def interfaces(self) -> tuple[Interface, ...]:
        """All but the loopback."""
        return await self._offload(_interfaces)

    async def gateway(self, family: Literal["ip4", "ip6"] = "ip4") -> Gateway | None:
        """The default route with the lowest metric."""
        return await self._offload(lambda: _gateway(family))

    async def modem(self, which: str, timeout: float) -> Mapping[str, object]:
        """By ModemManager's own program."""
        return await modem(which, timeout)

    async def at(self, device: str, questions: Sequence[str], timeout: float) -> Mapping[str, Sequence[str]]:
        """By its serial port."""
        from agent.io.at import ask  # noqa: PLC0415 - few machines have such a modem

        return await ask(device, questions, timeout)

    async def read_text(self, path: str, most: int) -> str:
        """Apart like file systems, and for each path at most one look is under way."""
        look = self._reading.pop(path, None) or asyncio.wrap_future(_apart(lambda: files.read_text(Path(path), most)))
        done, _ = await asyncio.wait((look,), timeout=_DISK_SECONDS)
        if not done:
            self._reading[path] = look
            raise ProbeError(Reason.TIMEOUT, f"the disk that {path} lies on does not answer")
        return look.result()

    async def close(self) -> None:
        """Does not wait for a file system that never answers."""
        self._quick.shutdown(wait=False, cancel_futures=True)

    async def _filesystems(self) -> tuple[Filesystem, ...]:
        """At most one look is under way, however often it is asked for."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.wrap_future(_apart(lambda: tuple(_filesystems())))
        await asyncio.wait((self._looking,), timeout=_DISK_SECONDS)
        with _readable():
            return self._looking.result() if self._looking.done() else ()

    async def _offload(self, look: Callable[[], _T]) -> _T:
        with _readable():
            return await asyncio.get_running_loop().run_in_executor(self._quick, look)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (psutil.Error, OSError) as error:
        raise ProbeError(Reason.PERMISSION, f"the system does not let itself be read: {error}") from None


def _apart(look: Callable[[], _T]) -> Future[_T]:
    """A look in a thread that the process does not wait for when it ends, as it would for an executor's."""
    found: Future[_T] = Future()

    def run() -> None:
        try:
            found.set_result(look())
        except BaseException as error:  # noqa: BLE001 - handed on to whoever asks for the result
            found.set_exception(error)

    Thread(target=run, name="disks", daemon=True).start()
    return found


def _facts(filesystems: tuple[Filesystem, ...]) -> HostFacts:
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
        filesystems=filesystems,
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
    """From /proc/meminfo, because psutil adds reclaimable slabs to Cached; by psutil where there is none."""
    try:
        return dict(proc.memory(Path("/proc/meminfo").read_text(encoding="ascii")))
    except FileNotFoundError:
        memory, swap = psutil.virtual_memory(), psutil.swap_memory()
        return {
            "MemTotal": memory.total,
            "MemAvailable": memory.available,
            "SwapTotal": swap.total,
            "SwapFree": swap.free,
        }


def _filesystems() -> Iterator[Filesystem]:
    """Those on disks, and the root whatever it is on; a device that is mounted twice is shown once."""
    mounts = psutil.disk_partitions(all=False)
    if not any(mounted.mountpoint == "/" for mounted in mounts):  # in a container
        mounts += [mounted for mounted in psutil.disk_partitions(all=True) if mounted.mountpoint == "/"]
    read_only = proc.read_only(Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape"))
    first_of = {mounted.device: mounted for mounted in reversed(mounts)}
    for mounted in list(first_of.values())[:_MOST]:
        try:
            status = os.statvfs(mounted.mountpoint)
        except OSError:
            continue  # away, or not for us: absent
        unit = status.f_frsize
        yield Filesystem(
            _shown(mounted.device),
            _shown(mounted.mountpoint),
            mounted.fstype,
            size=status.f_blocks * unit,
            free=status.f_bfree * unit,
            available=status.f_bavail * unit,
            readonly=read_only.get(mounted.mountpoint, False),
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
            operstate=_operstate(name),
        )
        for name, count in sorted(counters.items())
        if name != "lo"
    )[:_MOST]


def _shown(path: str) -> str:
    """A path may be any bytes, a label is text."""
    return path.encode("utf-8", "replace").decode()


def _operstate(name: str) -> str:
    try:
        return Path("/sys/class/net", name, "operstate").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return "unknown"


def _gateway(family: Literal["ip4", "ip6"]) -> Gateway | None:
    try:
        lines = _ROUTES[family].read_text(encoding="ascii").splitlines()
    except FileNotFoundError:  # a kernel without IPv6
        return None
    return proc.default_route(lines, family)
