"""Network namespaces in a row, each a router for its neighbours: an office at one end, a server at the other."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface
from itertools import pairwise

from tests.lab import net
from tests.tools.debian import CHECKOUT

_NET = "10.77"


@dataclass(frozen=True, slots=True)
class Chain:
    """links[n] joins node n and node n + 1: (the near end, the far end), seen from the office."""

    nodes: Sequence[net.Namespace]
    links: Sequence[tuple[net.End, net.End]]

    @property
    def office(self) -> net.Namespace:
        return self.nodes[0]

    @property
    def far(self) -> net.Namespace:
        return self.nodes[-1]

    @property
    def far_address(self) -> str:
        return str(self.links[-1][1].address.ip)


@contextmanager
def in_a_row(*names: str) -> Iterator[Chain]:
    """Connected, with routes both ways; everything vanishes at the end of the block. Needs root."""
    with ExitStack() as stack:
        nodes = []
        for name in names:
            nodes.append(net.Namespace.create(name))
            stack.callback(nodes[-1].close)
            net.open_loopback(nodes[-1])
        links = [_join(number, near, far) for number, (near, far) in enumerate(pairwise(nodes), 1)]
        for number, node in enumerate(nodes):
            _route(number, node, len(links))
        yield Chain(nodes, links)


@contextmanager
def far_away(name: str, seconds: float, *batches: str) -> Iterator[Chain]:
    """office - router - far, as `in_a_row`, with a delay line of so many seconds each way before the far end.

    batches: further arguments of tests/lab/delay.py
    """
    with in_a_row(f"{name}-office", f"{name}-router", f"{name}-far") as chain, ExitStack() as stack:
        wan = net.Namespace.create(f"{name}-wan")
        stack.callback(wan.close)
        router, far = chain.links[1]
        router.namespace.run("ip", "link", "del", router.interface)
        near = (router, net.End(wan, "near", IPv4Interface("169.254.1.1/32")))
        net.connect(*near)
        net.connect(far, net.End(wan, "far", IPv4Interface("169.254.1.2/32")))
        net.route_default(chain.nodes[1], far.address.ip)
        net.route_default(far.namespace, router.address.ip)
        command = [sys.executable, "-m", "tests.lab.delay", "near", "far", "--seconds", str(seconds), *batches]
        line = wan.call(lambda: subprocess.Popen(command, cwd=CHECKOUT))
        stack.callback(line.wait)
        stack.callback(line.kill)
        _until_reached(chain)
        yield chain


def _until_reached(chain: Chain) -> None:
    """The delay line takes a moment to start; a closed port of the far end answers once it carries."""

    def refused() -> bool:
        try:
            socket.create_connection((chain.far_address, 9), timeout=2).close()
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
        return True

    if not any(chain.office.call(refused) for _ in range(20)):
        raise net.NetworkError("the delay line does not carry")


def _join(number: int, near: net.Namespace, far: net.Namespace) -> tuple[net.End, net.End]:
    ends = (
        net.End(near, "out", IPv4Interface(f"{_NET}.{number}.1/24")),
        net.End(far, "in", IPv4Interface(f"{_NET}.{number}.2/24")),
    )
    net.connect(*ends)
    return ends


def _route(number: int, node: net.Namespace, links: int) -> None:
    """Everything unknown leads away from the office, except at the far end."""
    if number == links:
        net.route_default(node, IPv4Address(f"{_NET}.{number}.1"))
        return
    net.route_default(node, IPv4Address(f"{_NET}.{number + 1}.2"))
    if number:
        net.make_router(node)
    for behind in range(1, number):
        node.run("ip", "route", "add", f"{_NET}.{behind}.0/24", "via", f"{_NET}.{number}.1")
