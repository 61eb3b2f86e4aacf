"""What the host adapter reads out of the kernel's tables."""

import pytest

from agent.io.host import default_route, superblocks_read_only
from collectors.core.ports import Gateway

HEADER = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT"
ROUTER = "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0"
MOBILE = "wwan0\t00000000\t00000000\t0001\t0\t0\t700\t00000000\t0\t0\t0"
LOCAL = "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0"
REJECT = "*\t00000000\t00000000\t0200\t0\t0\t0\t00000000\t0\t0\t0"
SIX = "0" * 32 + " 00 " + "0" * 32 + " 00 fe80000000000000020000fffe000001 00000400 00000001 00000000 00000003 eth0"
SIX_REJECT = "0" * 32 + " 00 " + "0" * 32 + " 00 " + "0" * 32 + " ffffffff 00000001 00000000 00200200 lo"


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([HEADER], None),
        ([HEADER, LOCAL], None),
        ([HEADER, REJECT], None),
        ([HEADER, LOCAL, ROUTER], Gateway("192.168.1.1", "eth0")),
        ([HEADER, MOBILE], Gateway("", "wwan0")),
        ([HEADER, MOBILE, ROUTER], Gateway("192.168.1.1", "eth0")),
    ],
)
def test_the_default_route_with_the_lowest_metric_is_found(lines: list[str], found: Gateway | None) -> None:
    assert default_route(lines, "ip4") == found


def test_the_default_route_of_ipv6_is_found_and_the_rejecting_one_is_not() -> None:
    assert default_route([SIX_REJECT], "ip6") is None
    assert default_route([SIX_REJECT, SIX], "ip6") == Gateway("fe80:0000:0000:0000:0200:00ff:fe00:0001", "eth0")


def test_a_sandbox_that_shows_everything_read_only_is_not_mistaken_for_a_broken_disk() -> None:
    lines = [
        "36 35 254:0 / / ro,relatime shared:1 - ext4 /dev/vda rw,errors=remount-ro",
        "37 36 8:1 / /mnt/cán\\040bộ rw,relatime - vfat /dev/sda1 ro,fmask=0022",
    ]
    assert superblocks_read_only(lines) == {"/": False, "/mnt/cán bộ": True}
