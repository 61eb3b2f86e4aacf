"""Where the lab's programs run: in network namespaces behind shaped links, or, without root, all on loopback."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Protocol

from tests.lab import net
from tests.lab.errors import LabError
from tests.lab.plan import LOOPBACK, SUBNET, Plan, free_network

MASK = 28  # of a subnet of the plan
WAN = "wan"  # an office's interface on its link
assert 2 ** (32 - MASK) == SUBNET


@dataclass(frozen=True, slots=True)
class Place:
    """An address to listen on, and the path of the namespace that has it ("" = this machine)."""

    address: IPv4Address
    network: str = ""


class Link(Protocol):
    """One office's way to the province. Rates in bit/s, loss as a share from 0 to 1."""

    def cut(self) -> None: ...

    def restore(self) -> None:
        """As it was at first: plugged in, at its contracted rate, without loss."""
        ...

    def shape(self, down: float, up: float) -> None: ...

    def lose(self, share: float) -> None: ...


class Ground(Protocol):
    """All places of one lab."""

    plan: Plan
    shaped: bool  # whether there are links to cut and shape

    def province(self) -> Place: ...

    def service(self, index: int) -> Place: ...

    def office(self, index: int) -> Place: ...

    def ups(self, index: int) -> Place: ...

    def gateway(self, index: int) -> IPv4Address:
        """The router's address on an office's link."""
        ...

    def link(self, index: int) -> Link: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Contract:
    """Contracted rates of a link in bit/s."""

    down: float
    up: float


class Loopback:
    """Addresses in 127.118.<number>.0/24, which need no set-up. There are no links, so none can be cut or shaped."""

    shaped = False

    def __init__(self, number: int) -> None:
        self.plan = Plan(IPv4Network(LOOPBACK.format(number=number)))

    def province(self) -> Place:
        return Place(self.plan.province)

    def service(self, index: int) -> Place:
        return Place(self.plan.service(index))

    def office(self, index: int) -> Place:
        return Place(self.plan.office(index))

    def ups(self, index: int) -> Place:
        return Place(self.plan.ups(index))

    def gateway(self, index: int) -> IPv4Address:
        return self.plan.address(4 + index, 1)

    def link(self, index: int) -> Link:
        raise LabError("links exist only in a lab that root started: sudo make run")

    def close(self) -> None: ...


class VethLink:
    """A cable from the router to an office, shaped at both ends."""

    def __init__(self, router: net.End, office: net.End, contract: Contract) -> None:
        self._router, self._office = router, office
        self._contract = contract
        net.connect(router, office)
        net.route_default(office.namespace, router.address.ip)
        self.shape(contract.down, contract.up)

    def cut(self) -> None:
        """Nobody answers for what is behind a dead line, neither with a refusal nor with "unreachable"."""
        net.cut(self._router)
        net.swallow(self._router.namespace, self._router.address.network)

    def restore(self) -> None:
        net.release(self._router.namespace, self._router.address.network)
        net.mend(self._router)
        self.lose(0)
        self.shape(self._contract.down, self._contract.up)

    def shape(self, down: float, up: float) -> None:
        net.shape(self._router, down)
        net.shape(self._office, up)

    def lose(self, share: float) -> None:
        net.lose(self._router, share)


class Namespaces:
    """host -- router -- province, services and one namespace per office.

    Only one interface and one address appear on the machine itself. All of the lab's addresses are reached through
    it, because the router answers ARP for them; the machine's routes stay as they are.
    """

    shaped = True

    def __init__(self, number: int, contracts: Sequence[Contract]) -> None:
        host = net.Namespace.of_this_process()
        self.plan = Plan(free_network(number, _routes(host)))
        self._router, self._province, self._services = map(net.Namespace.create, ("router", "province", "services"))
        self._offices = [net.Namespace.create(f"office{index + 1}") for index in range(len(contracts))]
        self._held = [host, self._router, self._province, self._services, *self._offices]
        self._prepare(len(contracts))
        self._connect_host(host, f"cwlab{os.getpid()}")
        self._connect(self._province, 1)
        self._connect(self._services, 2)
        self._links = [self._connect_office(index, contract) for index, contract in enumerate(contracts)]

    def _prepare(self, offices: int) -> None:
        for namespace in (self._router, self._province):
            net.open_loopback(namespace)
        net.open_loopback(self._services, *(self.plan.service(index) for index in range(1, SUBNET - 3)))
        for index in range(offices):
            net.open_loopback(self._offices[index], self.plan.ups(index))
        net.make_router(self._router)

    def _connect_host(self, host: net.Namespace, interface: str) -> None:
        far = net.End(self._router, "host", self._interface(0, 2))
        near = net.End(host, interface, IPv4Interface((self.plan.address(0, 1), self.plan.network.prefixlen)))
        net.connect(far, near)
        net.write_setting(self._router, "ipv4/conf/host/proxy_arp", "1")

    def _connect(self, namespace: net.Namespace, subnet: int) -> None:
        net.connect(
            net.End(self._router, namespace.name, self._interface(subnet, 1)),
            net.End(namespace, "eth0", self._interface(subnet, 2)),
        )
        net.route_default(namespace, self.plan.address(subnet, 1))

    def _connect_office(self, index: int, contract: Contract) -> VethLink:
        office = self._offices[index]
        near = net.End(self._router, office.name, self._interface(4 + index, 1))
        return VethLink(near, net.End(office, WAN, self._interface(4 + index, 2)), contract)

    def _interface(self, subnet: int, position: int) -> IPv4Interface:
        return IPv4Interface((self.plan.address(subnet, position), MASK))

    def province(self) -> Place:
        return Place(self.plan.province, self._province.path)

    def service(self, index: int) -> Place:
        return Place(self.plan.service(index), self._services.path)

    def office(self, index: int) -> Place:
        return Place(self.plan.office(index), self._offices[index].path)

    def ups(self, index: int) -> Place:
        return Place(self.plan.ups(index), self._offices[index].path)

    def gateway(self, index: int) -> IPv4Address:
        return self.plan.address(4 + index, 1)

    def link(self, index: int) -> Link:
        return self._links[index]

    def close(self) -> None:
        for namespace in self._held:
            namespace.close()


def _routes(host: net.Namespace) -> list[IPv4Network]:
    """Every network that this machine has an address in or a route to."""
    found = json.loads(host.run("ip", "-4", "-json", "route", "show", "table", "all"))
    names = (route["dst"] for route in found if route["dst"] != "default")
    return [IPv4Network(name, strict=False) for name in names]
