"""/proc's texts become values; what has another form is left out."""

from textwrap import dedent
from typing import Literal

import pytest

from agent.io.proc import default_route, memory
from collectors.core.ports import Gateway

HEAD = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT"


def route4(interface: str, gateway: str, metric: int = 0, *, flags: str = "0003", to: str = "00000000") -> str:
    return f"{interface}\t{to}\t{gateway}\t{flags}\t0\t0\t{metric}\t{to}\t0\t0\t0"


def route6(interface: str, gateway: str, metric: str = "00000400", flags: str = "00000003") -> str:
    return f"{'0' * 32} 00 {'0' * 32} 00 {gateway} {metric} 00000000 00000000 {flags} {interface}"


def test_meminfo_is_bytes_by_field() -> None:
    text = dedent("""\
        MemTotal:       24731700 kB
        Active(anon):       1664 kB
        HugePages_Total:       0
        Strange
        """)
    assert memory(text) == {"MemTotal": 24731700 * 1024, "Active(anon)": 1664 * 1024}


ROUTES: dict[str, tuple[Literal["ip4", "ip6"], list[str], Gateway | None]] = {
    "none at all": ("ip4", [HEAD], None),
    "one gateway": ("ip4", [HEAD, route4("eth0", "0101A8C0")], Gateway("192.168.1.1", "eth0")),
    "point to point": ("ip4", [route4("ppp0", "00000000", flags="0001")], Gateway("", "ppp0")),
    "the lower metric": (
        "ip4", [route4("wlan0", "0102A8C0", 600), route4("eth0", "0101A8C0", 100)], Gateway("192.168.1.1", "eth0"),
    ),
    "a network of its own is no default": ("ip4", [route4("eth0", "00000000", to="0001A8C0")], None),
    "a route that is down": ("ip4", [route4("eth0", "0101A8C0", flags="0002")], None),
    "a route that rejects": ("ip4", [route4("lo", "00000000", flags="0201")], None),
    "link-local": ("ip6", [route6("eth0", "fe80" + "0" * 27 + "1")], Gateway("fe80::1", "eth0")),
    "IPv6 without a next hop": ("ip6", [route6("wwan0", "0" * 32)], Gateway("", "wwan0")),
    "IPv6 rejected by the kernel": ("ip6", [route6("lo", "0" * 32, "ffffffff", "00200200")], None),
}  # fmt: skip


@pytest.mark.parametrize(("family", "lines", "expected"), ROUTES.values(), ids=ROUTES.keys())
def test_the_default_route_is_the_usable_one_with_the_lowest_metric(
    family: Literal["ip4", "ip6"], lines: list[str], expected: Gateway | None
) -> None:
    assert default_route(lines, family) == expected
