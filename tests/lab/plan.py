"""Who has which address in the lab, and how a lab finds a place of its own beside other labs.

Every lab has a number. It owns the number by listening on 127.118.<number>.1, which the kernel gives to one process
of the machine at a time and takes back when that process ends, however it ends.
"""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from tests.lab.errors import LabError

CLAIM_PORT = 20118
NUMBERS = range(200)
LOOPBACK = "127.118.{number}.0/24"
# For namespaces: networks that seldom lead anywhere (RFC 2544 benchmarks, then two corners of private space).
CANDIDATES = ("198.18.{number}.0/24", "10.118.{number}.0/24", "172.30.{number}.0/24")
SUBNET = 16  # addresses per subnet, the router's the first one in it
MOST_OFFICES = 11


@dataclass(frozen=True, slots=True)
class Plan:
    """The lab's network of 256 addresses: subnet 0 the host's, 1 the province's, 2 the services', 4 on the offices'."""

    network: IPv4Network

    def address(self, subnet: int, position: int) -> IPv4Address:
        """Position 1 is the router's."""
        return self.network[subnet * SUBNET + position]

    @property
    def province(self) -> IPv4Address:
        return self.address(1, 2)

    def service(self, index: int) -> IPv4Address:
        return self.address(2, 2 + index)

    def office(self, index: int) -> IPv4Address:
        return self.address(4 + index, 2)

    def ups(self, index: int) -> IPv4Address:
        return self.address(4 + index, 3)


class Claim:
    """A lab's number, for as long as it is open, and the folder that goes with it."""

    def __init__(self, number: int, owner: socket.socket) -> None:
        self.number = number
        self._owner = owner
        self.folder = labs_folder() / str(number)
        shutil.rmtree(self.folder, ignore_errors=True)  # left behind by a lab that was killed
        self.folder.mkdir(parents=True)

    @classmethod
    def take(cls) -> "Claim":
        """The lowest number that is free; what killed labs have left behind is swept away."""
        sweep()
        for number in NUMBERS:
            if owner := _listen(number):
                return cls(number, owner)
        raise LabError(f"{len(NUMBERS)} labs run on this machine already")

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self._owner.close()


def labs_folder() -> Path:
    """This user's labs, a folder for each; nobody else may look inside."""
    folder = Path(tempfile.gettempdir()) / f"communewatch-lab-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise LabError(f"{folder} belongs to somebody else")
    return folder


def sweep() -> None:
    """Remove the folders of labs that were killed."""
    for folder in labs_folder().iterdir():
        if folder.name.isdecimal() and (owner := _listen(int(folder.name))):
            with closing(owner):
                shutil.rmtree(folder, ignore_errors=True)


def _listen(number: int) -> socket.socket | None:
    owner = socket.socket()
    try:
        owner.bind((f"127.118.{number}.1", CLAIM_PORT))
        owner.listen()
    except OSError:
        owner.close()
        return None
    return owner


def free_network(number: int, routes: Iterable[IPv4Network]) -> IPv4Network:
    """The first candidate for this lab that nothing on this machine leads to yet."""
    taken = [route for route in routes if route.prefixlen > 0]
    for candidate in CANDIDATES:
        network = IPv4Network(candidate.format(number=number))
        if not any(network.overlaps(route) for route in taken):
            return network
    raise LabError(f"this machine has routes into all of {', '.join(CANDIDATES)}".format(number=number))
