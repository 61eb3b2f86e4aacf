"""Network namespaces, the links between them, and what can be done to a link: shape, cut, lose packets.

A namespace has no name in /run/netns: it lives as long as a process runs in it or this process holds its descriptor,
so that after a kill -9 nothing stays behind, neither namespaces nor links. Needs root.
"""

import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from pathlib import Path
from typing import TypeVar

from tests.lab.errors import LabError
from tests.tools.debian import program

CLONE_NEWNET = 0x40000000
FRAME = 1514  # bytes of a full Ethernet frame, as tbf counts it (without the checksum)
QUEUE_SECONDS = 0.05  # of the shaped rate: what a small router buffers
CARRIER_WITHIN = 5.0  # seconds
SIOCETHTOOL = 0x8946
# ETHTOOL_STXCSUM, _STSO, _SGSO, _SGRO: with any of them on, packets on a veth are larger than on a real wire.
OFFLOADS = (0x17, 0x1F, 0x24, 0x2C)

T = TypeVar("T")
_libc = ctypes.CDLL(None, use_errno=True)


class NetworkError(LabError):
    """A network command failed; the text holds the command and what it said."""


@dataclass(frozen=True, slots=True)
class Namespace:
    """A network namespace held open by a descriptor."""

    name: str
    descriptor: int

    @classmethod
    def create(cls, name: str) -> "Namespace":
        return cls(name, _in_a_thread(_open_new_namespace))

    @classmethod
    def of_this_process(cls) -> "Namespace":
        return cls("host", os.open("/proc/self/ns/net", os.O_RDONLY))

    @property
    def path(self) -> str:
        """Where other processes find the namespace, as long as this process lives and keeps it open."""
        return f"/proc/{os.getpid()}/fd/{self.descriptor}"

    def close(self) -> None:
        os.close(self.descriptor)

    def call(self, function: Callable[[], T]) -> T:
        """Run a function in a thread that is inside: its sockets, /proc/sys/net and child processes are too."""

        def inside() -> T:
            _enter(self.descriptor)
            return function()

        return _in_a_thread(inside)

    def run(self, *command: str, check: bool = True) -> str:
        """Run one of the network programs inside, and return what it printed."""
        return self.call(lambda: _run(command, check))


@dataclass(frozen=True, slots=True)
class End:
    """One end of a link: an interface with an address."""

    namespace: Namespace
    interface: str
    address: IPv4Interface


def connect(near: End, far: End) -> None:
    """A virtual cable between two namespaces, both ends up, with packets as large as on a wire and no larger."""
    peer = ("peer", "name", far.interface, "netns", far.namespace.path)
    near.namespace.run("ip", "link", "add", near.interface, "type", "veth", *peer)
    for end in (near, far):
        end.namespace.call(partial(_bring_up, end))
    for end in (near, far):
        wait_for_carrier(end)


def _bring_up(end: End) -> None:
    _run(("ip", "address", "add", str(end.address), "dev", end.interface))
    _run(("ip", "link", "set", end.interface, "txqueuelen", "1000", "up"))
    _switch_offloads_off(end.interface)


def wait_for_carrier(end: End) -> None:
    """The kernel tells of a carrier up to a second late, and until then drops what is sent."""
    deadline = time.monotonic() + CARRIER_WITHIN
    while "state UP" not in end.namespace.run("ip", "-oneline", "link", "show", "dev", end.interface):
        if time.monotonic() > deadline:
            raise NetworkError(f"{end.interface} in {end.namespace.name} has no carrier")
        time.sleep(0.01)


def open_loopback(namespace: Namespace, *addresses: IPv4Address) -> None:
    """127.0.0.1 and further addresses that only this namespace answers for."""
    namespace.run("ip", "link", "set", "lo", "up")
    for address in addresses:
        namespace.run("ip", "address", "add", f"{address}/32", "dev", "lo")


def route_default(namespace: Namespace, gateway: IPv4Address) -> None:
    namespace.run("ip", "route", "add", "default", "via", str(gateway))


def make_router(namespace: Namespace) -> None:
    write_setting(namespace, "ipv4/ip_forward", "1")


def write_setting(namespace: Namespace, name: str, value: str) -> None:
    """Set /proc/sys/net/<name> of a namespace."""
    namespace.call(lambda: Path("/proc/sys/net", name).write_text(value))


def shape(end: End, rate: float, queue_seconds: float = QUEUE_SECONDS, bucket: int = 0) -> None:
    """Let at most `rate` bit/s (Ethernet frames, as tbf counts) leave this end; the rest waits, then is dropped.

    bucket: bytes that pass at once after a rest; without it 1 ms of the rate, so that it shows no faster start
    """
    burst = max(3 * FRAME, int(rate / 8 * 0.001), bucket)
    limit = burst + max(10 * FRAME, int(rate / 8 * queue_seconds))
    settings = ("rate", f"{int(rate)}bit", "burst", str(burst), "limit", str(limit))
    end.namespace.run("tc", "qdisc", "replace", "dev", end.interface, "root", "tbf", *settings)


def unshape(end: End) -> None:
    end.namespace.run("tc", "qdisc", "del", "dev", end.interface, "root", check=False)


def cut(end: End) -> None:
    """Unplug the cable: the other end loses its carrier, routes and addresses stay."""
    end.namespace.run("ip", "link", "set", end.interface, "down")


def mend(end: End) -> None:
    end.namespace.run("ip", "link", "set", end.interface, "up")


def swallow(namespace: Namespace, network: IPv4Network) -> None:
    """Drop what comes for this network without a word. Its own route must be gone."""
    namespace.run("ip", "route", "replace", "blackhole", str(network))


def release(namespace: Namespace, network: IPv4Network) -> None:
    """Undo that, if it was done."""
    namespace.run("ip", "route", "delete", "blackhole", str(network), check=False)


def lose(end: End, share: float) -> None:
    """Lose this share (0 to 1) of the packets at this end, each direction for itself; 0 loses none."""
    table = f"lossy_{end.interface}"
    end.namespace.run("nft", f"add table netdev {table}; delete table netdev {table}")
    if share > 0:
        fate = f"numgen random mod 10000 < {round(share * 10000)} drop"
        chains = "; ".join(
            f"chain {hook} {{ type filter hook {hook} device {end.interface} priority 0; {fate}; }}"
            for hook in ("ingress", "egress")
        )
        end.namespace.run("nft", f"table netdev {table} {{ {chains}; }}")


def _in_a_thread(function: Callable[[], T]) -> T:
    """A thread of its own, because a thread that has changed its namespace is of no use to anybody else."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(function).result()


def _open_new_namespace() -> int:
    if _libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "a new network namespace needs root")
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY)


def _enter(descriptor: int) -> None:
    if _libc.setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "entering a network namespace needs root")


def _run(command: Sequence[str], check: bool = True) -> str:
    argv = [str(program(command[0])), *command[1:]]
    done = subprocess.run(argv, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if check and done.returncode != 0:
        raise NetworkError(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def _switch_offloads_off(interface: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for feature in OFFLOADS:
            value = ctypes.create_string_buffer(struct.pack("II", feature, 0))
            request = struct.pack("16sP8x", interface.encode(), ctypes.addressof(value))
            fcntl.ioctl(any_socket, SIOCETHTOOL, request)
