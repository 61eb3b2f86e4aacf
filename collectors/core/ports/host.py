"""This machine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Filesystem:
    """One mounted file system; sizes in bytes."""

    device: str
    mountpoint: str
    fstype: str
    size: int
    free: int  # including what is reserved for root
    available: int
    readonly: bool


@dataclass(frozen=True, slots=True)
class Interface:
    """Counters of one network interface since it came up."""

    name: str
    up: bool
    receive_bytes: int
    transmit_bytes: int
    receive_packets: int
    transmit_packets: int
    receive_errors: int
    transmit_errors: int
    receive_drops: int
    transmit_drops: int
    speed_bits: int | None = None  # of the medium, where the driver knows it
    operstate: str = "unknown"  # RFC 2863: up, down, dormant, ...; many drivers of point-to-point links say unknown


@dataclass(frozen=True, slots=True)
class Gateway:
    """The default route: next hop ("" on point-to-point links) and interface."""

    address: str
    interface: str


@dataclass(frozen=True, slots=True)
class HostFacts:
    """One look at this machine. cpu: seconds per (cpu number, mode); memory: node_exporter's meminfo names, bytes."""

    boot_time: float
    load: tuple[float, float, float] | None
    cpu: Mapping[tuple[int, str], float]
    memory: Mapping[str, int]
    filesystems: tuple[Filesystem, ...]
    interfaces: tuple[Interface, ...]
    uname: Mapping[str, str]


class HostPort(Protocol):
    """This machine."""

    async def facts(self) -> HostFacts: ...

    async def interfaces(self) -> tuple[Interface, ...]: ...

    async def gateway(self, family: Literal["ip4", "ip6"] = "ip4") -> Gateway | None: ...

    async def modem(self, which: str, timeout: float) -> Mapping[str, object]:
        """What ModemManager says of a modem ("any", or its number): the object below `modem` of mmcli's JSON, with
        state, signal, and location where that is allowed. ProbeError: UNSUPPORTED (no ModemManager), NO_ANSWER (no
        such modem), PERMISSION, BAD_ANSWER, TIMEOUT.
        """
        ...

    async def at(self, device: str, questions: Sequence[str], timeout: float) -> Mapping[str, Sequence[str]]:
        """What the modem at a serial port says to AT commands that ask: the lines of each answer, those refused absent.
        ProbeError: NO_ANSWER (no such device, or silence), PERMISSION, BUSY (somebody else has it), BAD_ANSWER.
        """
        ...

    async def read_text(self, path: str, most: int) -> str:
        """A regular file, whole. ProbeError: NO_ANSWER (not there), PERMISSION, BAD_ANSWER (longer than `most` bytes,
        not UTF-8, no regular file), TIMEOUT (its disk does not answer).
        """
        ...
