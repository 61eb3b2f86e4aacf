"""This machine, under node_exporter's names: is the office's own computer well?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from collectors.core import Kind, Lane, Metric, Ports, Reading, Reason, Sample, Schedule
from collectors.core.ports import Filesystem, HostFacts, Interface

_NODE = "node_exporter"
_DEVICE = ("device",)
_MOUNTED = ("device", "mountpoint", "fstype")


def _gauge(name: str, text: str, labels: tuple[str, ...] = ()) -> Metric:
    return Metric(name, Kind.GAUGE, text, labels, _NODE)


def _counter(name: str, text: str, labels: tuple[str, ...] = ()) -> Metric:
    return Metric(name, Kind.COUNTER, text, labels, _NODE)


BOOT_TIME = _gauge("node_boot_time_seconds", "Node boot time, in unixtime.")
TIME = _gauge("node_time_seconds", "System time in seconds since epoch (1970).")
UNAME = _gauge(
    "node_uname_info",
    "Labeled system information as provided by the uname system call.",
    ("sysname", "release", "version", "machine", "nodename", "domainname"),
)
LOADS = (
    _gauge("node_load1", "1m load average."),
    _gauge("node_load5", "5m load average."),
    _gauge("node_load15", "15m load average."),
)
CPU = _counter("node_cpu_seconds_total", "Seconds the CPUs spent in each mode.", ("cpu", "mode"))
MEMORY: Mapping[str, Metric] = {
    field: _gauge(f"node_memory_{field}_bytes", f"Memory information field {field}_bytes.")
    for field in ("MemTotal", "MemFree", "MemAvailable", "Buffers", "Cached", "SwapTotal", "SwapFree")
}
SIZE = _gauge("node_filesystem_size_bytes", "Filesystem size in bytes.", _MOUNTED)
FREE = _gauge("node_filesystem_free_bytes", "Filesystem free space in bytes.", _MOUNTED)
AVAILABLE = _gauge("node_filesystem_avail_bytes", "Filesystem space available to non-root users in bytes.", _MOUNTED)
READONLY = _gauge("node_filesystem_readonly", "Filesystem read-only status.", _MOUNTED)
UP = _gauge("node_network_up", "Value is 1 if operstate is 'up', 0 otherwise.", _DEVICE)
TRAFFIC: Mapping[str, Metric] = {
    f"{direction}_{what}": _counter(
        f"node_network_{direction}_{short}_total", f"Network device statistic {direction}_{short}.", _DEVICE
    )
    for direction in ("receive", "transmit")
    for what, short in (("bytes", "bytes"), ("packets", "packets"), ("errors", "errs"), ("drops", "drop"))
}


@dataclass(frozen=True, slots=True)
class Target:
    """There is only one host: this one."""


class Host:
    """Reads the machine once and shows it as node_exporter would."""

    name = "host"
    target = Target
    metrics = (
        BOOT_TIME, TIME, UNAME, *LOADS, CPU, *MEMORY.values(), SIZE, FREE, AVAILABLE, READONLY, UP, *TRAFFIC.values(),
    )  # fmt: skip
    schedule = Schedule(every=15, timeout=5, lane=Lane.NEUTRAL)
    needs = frozenset(("host",))

    async def collect(self, _target: Target, ports: Ports, _timeout: float) -> Reading:
        """Every sample that the machine gives; what it does not know is absent."""
        facts = await ports.host.facts()
        return Reading(Reason.OK, tuple(_samples(facts, ports.clock.now())), evidence=(_summary(facts),))


def _samples(facts: HostFacts, now: float) -> Iterator[Sample]:
    yield BOOT_TIME(facts.boot_time)
    yield TIME(now)
    yield UNAME(1, **{label: facts.uname.get(label, "(none)") for label in UNAME.labels})
    for metric, value in zip(LOADS, facts.load or (), strict=False):
        yield metric(value)
    for (cpu, mode), seconds in facts.cpu.items():
        yield CPU(seconds, cpu=str(cpu), mode=mode)
    for field, metric in MEMORY.items():
        if field in facts.memory:
            yield metric(facts.memory[field])
    yield from _filesystems(facts.filesystems)
    yield from _interfaces(facts.interfaces)


def _filesystems(filesystems: Iterable[Filesystem]) -> Iterator[Sample]:
    for mounted in filesystems:
        labels = {"device": mounted.device, "mountpoint": mounted.mountpoint, "fstype": mounted.fstype}
        yield SIZE(mounted.size, **labels)
        yield FREE(mounted.free, **labels)
        yield AVAILABLE(mounted.available, **labels)
        yield READONLY(mounted.readonly, **labels)


def _interfaces(interfaces: Iterable[Interface]) -> Iterator[Sample]:
    for interface in interfaces:
        yield UP(interface.operstate == "up", device=interface.name)
        for field, metric in TRAFFIC.items():
            yield metric(getattr(interface, field), device=interface.name)


def _summary(facts: HostFacts) -> str:
    memory = facts.memory.get("MemAvailable", 0) / 2**20
    load = "unknown" if facts.load is None else f"{facts.load[0]:.2f}"
    return f"load {load}, {memory:.0f} MiB of memory available, {len(facts.filesystems)} file systems"


COLLECTOR = Host()
