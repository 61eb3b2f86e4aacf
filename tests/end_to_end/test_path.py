"""Six namespaces in a row, broken in every way: the fault is found where it is."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collectors.core import Metric, Reading
from collectors.core.values import HostPort
from collectors.path import COLLECTOR, Target
from collectors.path.locate import Fault
from collectors.path.metrics import FAULT, INFO, LOSS, MTU, REACHED, REDUCED, SILENT
from collectors.path.networks import Network, Networks
from tests.end_to_end.chain import Chain, in_a_row
from tests.end_to_end.path_look import look, seen, way
from tests.lab import net
from tests.servers.names import holding, name_server, nxdomain, silent
from tests.tools import needs_root, tool

NODES = ("office", "gateway", "access", "backbone", "province", "far")
FAR = "10.77.5.2"
NETWORKS = Networks(
    isp_access=(Network.parse("10.77.2.0/24"),),
    isp_backbone=(Network.parse("10.77.3.0/24"),),
    province=(Network.parse("10.77.4.0/24"),),
)
WITH_LISTS, WITHOUT_LISTS = Target(FAR, networks=NETWORKS), Target(FAR)
BEHIND = (Fault.OFFICE_LAN, Fault.ISP_ACCESS, Fault.ISP_BACKBONE, Fault.PROVINCE, Fault.TARGET)  # link 0, 1, ...


@pytest.fixture
def chain() -> Iterator[Chain]:
    needs_root()
    tool("nft")
    with in_a_row(*(f"pathl-{name}" for name in NODES)) as chain:
        net.write_setting(chain.office, "ipv4/ping_group_range", "0 2147483647")
        yield chain


def fault(reading: Reading) -> Fault:
    (found,) = (Fault(one.label("where")) for one in reading.samples if one.metric is FAULT and one.value)
    return found


def values(reading: Reading, metric: Metric) -> list[float]:
    return [one.value for one in reading.samples if one.metric is metric]


def drop(node: net.Namespace, hook: str, what: str) -> None:
    """The node loses what fits without a word."""
    node.run("nft", f"table inet lossy {{ chain one {{ type filter hook {hook} priority 0; {what} drop; }}; }}")


def swallow(end: net.End) -> None:
    """The cable is plugged, and nothing comes out of it."""
    chains = (
        f"chain {hook} {{ type filter hook {hook} device {end.interface} priority 0; policy drop; }}"
        for hook in ("ingress", "egress")
    )
    end.namespace.run("nft", f"table netdev hole {{ {'; '.join(chains)}; }}")


def test_a_way_that_is_well_is_called_so_and_its_ends_are_named(chain: Chain) -> None:
    reading = look(chain.office, WITH_LISTS)
    assert fault(reading) is Fault.NONE, reading.evidence
    assert values(reading, REACHED) == [1]
    assert values(reading, REDUCED) == [0]
    assert values(reading, LOSS) == [0] * 5
    assert values(reading, MTU) == [1500]
    named = {one.label("hop"): one.label("address") for one in reading.samples if one.metric is INFO}
    assert named == {"gateway": "10.77.1.2", "first_isp": "10.77.2.2"}


@pytest.mark.parametrize("side", [0, 1], ids=["near", "far"])
@pytest.mark.parametrize("number", range(5), ids=NODES[1:])
def test_a_broken_link_is_found_by_the_lists_of_networks(chain: Chain, number: int, side: int) -> None:
    net.cut(chain.links[number][side])
    reading = look(chain.office, WITH_LISTS)
    assert fault(reading) is BEHIND[number], reading.evidence
    assert values(reading, REACHED) == [0]


@pytest.mark.parametrize("number", range(1, 5), ids=NODES[2:])
def test_a_link_that_swallows_everything_is_found_too(chain: Chain, number: int) -> None:
    swallow(chain.links[number][0])
    reading = look(chain.office, WITH_LISTS)
    assert fault(reading) is BEHIND[number], reading.evidence


def test_without_lists_the_way_as_it_was_tells_that_only_the_host_is_missing(chain: Chain) -> None:
    past = way(chain.office, WITHOUT_LISTS)
    swallow(chain.links[4][0])
    assert fault(look(chain.office, WITHOUT_LISTS, past)) is Fault.TARGET
    assert fault(look(chain.office, WITHOUT_LISTS)) is not Fault.TARGET


@pytest.mark.parametrize("number", range(1, 4), ids=NODES[2:-1])
def test_a_broken_link_behind_a_silent_hop_is_found_by_the_way_as_it_was(chain: Chain, number: int) -> None:
    drop(chain.nodes[number], "output", "icmp type time-exceeded")
    past = way(chain.office, WITH_LISTS)
    swallow(chain.links[number + 1][0])
    reading = look(chain.office, WITH_LISTS, past)
    assert fault(reading) in BEHIND[number : number + 2], reading.evidence


@pytest.mark.parametrize("number", range(1, 5), ids=NODES[1:-1])
def test_a_silent_hop_is_shown_and_is_no_fault(chain: Chain, number: int) -> None:
    drop(chain.nodes[number], "output", "icmp type time-exceeded")
    reading = look(chain.office, WITH_LISTS)
    assert fault(reading) is Fault.NONE, reading.evidence
    assert values(reading, SILENT) == [1]
    assert any(f"{number}  *" in line and "silent" in line for line in reading.evidence)


def test_a_gateway_that_is_there_but_answers_nothing_is_no_broken_cable(chain: Chain) -> None:
    look(chain.office, WITH_LISTS)  # now its hardware address is known
    drop(chain.nodes[1], "prerouting", "meta l4proto { icmp, tcp, udp }")
    reading = look(chain.office, WITH_LISTS)
    assert fault(reading) is Fault.GATEWAY, reading.evidence


def test_a_gateway_that_answers_nobody_is_no_fault_and_what_breaks_behind_it_is_not_its_own(chain: Chain) -> None:
    drop(chain.nodes[1], "output", "ip protocol icmp")
    well = seen(chain.office, WITH_LISTS)
    reading, past = COLLECTOR.compare(well, COLLECTOR.past(), 0.0)
    assert fault(reading) is Fault.NONE, reading.evidence
    swallow(chain.links[1][0])
    reading = look(chain.office, WITH_LISTS, past)
    assert fault(reading) is Fault.ISP_ACCESS, reading.evidence


def test_behind_a_gateway_that_translates_addresses_the_way_is_seen_and_so_is_what_breaks(chain: Chain) -> None:
    rules = (
        "table ip office { chain out { type nat hook postrouting priority 100; oifname out masquerade; };"
        " chain strict { type filter hook forward priority 0; ct state invalid drop; }; }"
    )
    chain.nodes[1].run("nft", rules)
    reading = look(chain.office, WITH_LISTS)
    assert fault(reading) is Fault.NONE, reading.evidence
    assert values(reading, LOSS) == [0] * 5
    drop(chain.nodes[2], "output", "icmp type destination-unreachable")
    narrow(chain, 1400)
    assert fault(look(chain.office, WITH_LISTS)) is Fault.MTU
    swallow(chain.links[2][0])
    reading = look(chain.office, WITH_LISTS)
    assert fault(reading) is Fault.ISP_BACKBONE, reading.evidence


def test_routers_that_answer_once_a_second_lose_nothing(chain: Chain) -> None:
    for node in chain.nodes[1:-1]:
        drop(node, "output", "icmp type time-exceeded limit rate over 1/second burst 1 packets")
    reading = look(chain.office, WITH_LISTS)
    assert fault(reading) is Fault.NONE, reading.evidence
    assert values(reading, LOSS) == [0] * len(values(reading, LOSS))


def test_of_two_faults_the_nearer_is_told(chain: Chain) -> None:
    drop(chain.nodes[2], "output", "icmp type { time-exceeded, destination-unreachable }")
    past = way(chain.office, WITH_LISTS)
    swallow(chain.links[4][0])
    swallow(chain.links[3][0])
    reading = look(chain.office, WITH_LISTS, past)
    assert fault(reading) is Fault.PROVINCE, reading.evidence


def test_large_packets_that_vanish_without_a_word_are_found(chain: Chain) -> None:
    narrow(chain, 1400)
    drop(chain.nodes[2], "output", "icmp type destination-unreachable")
    reading = look(chain.office, WITH_LISTS)
    assert fault(reading) is Fault.MTU, reading.evidence
    assert values(reading, MTU) == [1400]


def test_a_narrow_link_whose_router_says_so_is_no_fault(chain: Chain) -> None:
    narrow(chain, 1450)
    reading = look(chain.office, WITH_LISTS)
    assert fault(reading) is Fault.NONE, reading.evidence
    assert values(reading, MTU) == [1450]


def test_a_host_that_answers_tcp_alone_is_reached_and_the_narrow_link_before_it_found(chain: Chain) -> None:
    drop(chain.far, "input", "meta l4proto { icmp, udp }")
    for node in chain.nodes[1:-1]:  # the second look must not find routers that have answered enough for a while
        net.write_setting(node, "ipv4/icmp_ratelimit", "0")
    reading = look(chain.office, WITH_LISTS)
    assert (fault(reading), values(reading, MTU)) == (Fault.NONE, [1500]), reading.evidence
    narrow(chain, 1400)
    drop(chain.nodes[2], "output", "icmp type destination-unreachable")
    reading = look(chain.office, WITH_LISTS)
    assert (fault(reading), values(reading, MTU)) == (Fault.MTU, [1400]), reading.evidence


def narrow(chain: Chain, most: int) -> None:
    for end in chain.links[2]:
        end.namespace.run("ip", "link", "set", end.interface, "mtu", str(most))


def test_a_network_that_drops_only_tcp_is_named(chain: Chain) -> None:
    drop(chain.nodes[3], "forward", "tcp dport 443")
    reading = look(chain.office, WITH_LISTS)
    assert fault(reading) is Fault.PROVINCE, reading.evidence


def test_a_router_that_refuses_is_named_itself(chain: Chain) -> None:
    rules = "table inet shut { chain one { type filter hook forward priority 0; reject with icmp admin-prohibited; }; }"
    chain.nodes[3].run("nft", rules)
    reading = look(chain.office, WITH_LISTS)
    assert fault(reading) is Fault.ISP_BACKBONE, reading.evidence


def test_without_a_default_route_it_is_the_office(chain: Chain) -> None:
    chain.office.run("ip", "route", "del", "default")
    reading = look(chain.office, WITH_LISTS)
    assert fault(reading) is Fault.OFFICE_LAN, reading.evidence


TRUE, FALSE = holding(A=(FAR,)), holding(A=("10.77.9.9",))


@pytest.mark.parametrize("lie", [FALSE, nxdomain, silent], ids=["false", "denies", "silent"])
def test_a_name_server_of_the_machine_that_lies_is_found_and_not_followed(
    chain: Chain, tmp_path: Path, lie: Any
) -> None:
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.9\n")

    async def compared() -> Reading:
        async with name_server(lie, at=("127.0.0.9", 53)), name_server(TRUE, at=("127.0.0.8", 53)):
            target = Target("portal.example", resolvers=(HostPort("127.0.0.8"),), networks=NETWORKS)
            return await asyncio.to_thread(look, chain.office, target, None, str(tmp_path / "resolv.conf"))

    reading = chain.office.call(lambda: asyncio.run(compared()))
    assert fault(reading) is Fault.DNS, reading.evidence
    assert values(reading, REACHED) == [1]
    assert any("127.0.0.9" in line for line in reading.evidence)


def test_name_servers_that_agree_are_believed(chain: Chain, tmp_path: Path) -> None:
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.9\nnameserver 127.0.0.8\n")

    async def compared() -> Reading:
        async with name_server(TRUE, at=("127.0.0.9", 53)), name_server(TRUE, at=("127.0.0.8", 53)):
            target = Target("portal.example", networks=NETWORKS)
            return await asyncio.to_thread(look, chain.office, target, None, str(tmp_path / "resolv.conf"))

    reading = chain.office.call(lambda: asyncio.run(compared()))
    assert fault(reading) is Fault.NONE, reading.evidence


def test_without_an_answer_of_any_name_server_the_way_to_one_tells_where_it_breaks(
    chain: Chain, tmp_path: Path
) -> None:
    (tmp_path / "resolv.conf").write_text(f"nameserver {FAR}\n")
    swallow(chain.links[2][0])
    reading = look(chain.office, Target("portal.example", networks=NETWORKS), None, str(tmp_path / "resolv.conf"))
    assert fault(reading) is Fault.ISP_BACKBONE, reading.evidence
