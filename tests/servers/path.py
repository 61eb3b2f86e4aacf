"""A way of two hops: office -- router -- far, in network namespaces of their own. Needs root."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import IPv4Address, IPv4Interface

from tests.lab.net import End, Namespace, connect, make_router, open_loopback, route_default, write_setting

ROUTER = "10.91.1.1"
FAR = "10.91.2.2"
SILENT = "10.91.3.3"  # the router drops what is for it, without a word
CLOSED = "10.91.4.4"  # the router says that there is no way
EVERYBODY = "0 2147483647"
NOBODY = "1 0"


@contextmanager
def two_hops() -> Iterator[Namespace]:
    """The office's namespace."""
    with ExitStack() as closing:
        office, router, far = (Namespace.create(f"service-{name}") for name in ("office", "router", "far"))
        for namespace in (office, router, far):
            closing.callback(namespace.close)
            open_loopback(namespace)
        connect(_end(office, "wan", "10.91.1.2/24"), _end(router, "lan", f"{ROUTER}/24"))
        connect(_end(router, "wan", "10.91.2.1/24"), _end(far, "lan", f"{FAR}/24"))
        route_default(office, IPv4Address(ROUTER))
        route_default(far, IPv4Address("10.91.2.1"))
        make_router(router)
        router.run("ip", "route", "add", "blackhole", f"{SILENT}/32")
        router.run("ip", "route", "add", "unreachable", f"{CLOSED}/32")
        yield office


def allow_echoes(namespace: Namespace, groups: str) -> None:
    """Which groups may send echoes without privilege (icmp(7))."""
    write_setting(namespace, "ipv4/ping_group_range", groups)


def _end(namespace: Namespace, interface: str, address: str) -> End:
    return End(namespace, interface, IPv4Interface(address))
