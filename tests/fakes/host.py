"""The host port with values in memory."""

from dataclasses import dataclass
from typing import Literal

from collectors.core import ProbeError
from collectors.core.ports import Filesystem, Gateway, HostFacts, Interface

ROOT = Filesystem("/dev/sda1", "/", "ext4", size=1000, free=400, available=300, readonly=False)


def interface(name: str = "eth0", *, up: bool = True, **more: int | str) -> Interface:
    """An interface that has received 1000 bytes in 10 packets, and sent 500 in 5."""
    counts = {
        "receive_bytes": 1000, "transmit_bytes": 500, "receive_packets": 10, "transmit_packets": 5,
        "receive_errors": 1, "transmit_errors": 2, "receive_drops": 3, "transmit_drops": 4,
    }  # fmt: skip
    return Interface(name, up, **{**counts, "operstate": "up" if up else "down", **more})  # type: ignore[arg-type]


def machine(*interfaces: Interface) -> HostFacts:
    """A small machine: one processor, 1 GiB, one disk."""
    return HostFacts(
        boot_time=1_700_000_000.0,
        load=(0.5, 0.25, 0.125),
        cpu={(0, "user"): 12.5, (0, "idle"): 1000.0},
        memory={"MemTotal": 2**30, "MemAvailable": 2**29},
        filesystems=(ROOT,),
        interfaces=interfaces or (interface(),),
        uname={"sysname": "Linux", "release": "6.1", "version": "#1", "machine": "x86_64", "nodename": "office"},
    )


@dataclass(slots=True)
class FakeHost:
    """`problem` is raised by every look."""

    about: HostFacts
    route: Gateway | None = None
    problem: ProbeError | None = None

    async def facts(self) -> HostFacts:
        return self._unless_broken()

    async def interfaces(self) -> tuple[Interface, ...]:
        return self._unless_broken().interfaces

    async def gateway(self, family: Literal["ip4", "ip6"] = "ip4") -> Gateway | None:
        self._unless_broken()
        return self.route

    def _unless_broken(self) -> HostFacts:
        if self.problem:
            raise self.problem
        return self.about
