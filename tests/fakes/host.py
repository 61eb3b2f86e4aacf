"""The host port with values in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from collectors.core import ProbeError, Reason
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
    """`problem` is raised by every look; `files` by path, None = one that may not be read; `serials` by device."""

    about: HostFacts
    route: Gateway | None = None
    problem: ProbeError | None = None
    files: Mapping[str, bytes | None] = field(default_factory=dict)
    modems: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    serials: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)

    async def facts(self) -> HostFacts:
        return self._unless_broken()

    async def interfaces(self) -> tuple[Interface, ...]:
        return self._unless_broken().interfaces

    async def gateway(self, family: Literal["ip4", "ip6"] = "ip4") -> Gateway | None:
        self._unless_broken()
        return self.route

    async def modem(self, which: str, timeout: float) -> Mapping[str, object]:
        self._unless_broken()
        if which not in self.modems:
            raise ProbeError(Reason.NO_ANSWER, "couldn't find modem")
        return self.modems[which]

    async def at(self, device: str, questions: Sequence[str], timeout: float) -> Mapping[str, Sequence[str]]:
        self._unless_broken()
        if device not in self.serials:
            raise ProbeError(Reason.NO_ANSWER, f"{device}: No such file or directory")
        return {question: said for question, said in self.serials[device].items() if question in questions}

    async def read_text(self, path: str, most: int) -> str:
        self._unless_broken()
        if path not in self.files:
            raise ProbeError(Reason.NO_ANSWER, f"there is no {path}")
        content = self.files[path]
        if content is None:
            raise ProbeError(Reason.PERMISSION, f"{path} may not be read")
        if len(content) > most:
            raise ProbeError(Reason.BAD_ANSWER, f"{path} is longer than {most} bytes")
        try:
            return content.decode()
        except UnicodeDecodeError:
            raise ProbeError(Reason.BAD_ANSWER, f"{path} is not UTF-8 text") from None

    def _unless_broken(self) -> HostFacts:
        if self.problem:
            raise self.problem
        return self.about
