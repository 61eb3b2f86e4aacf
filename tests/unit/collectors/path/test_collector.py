"""One look by the collector: what it asks, what it follows, and what it keeps for the next one."""

from typing import Any

import pytest
import yaml

from collectors.core import Metric, ProbeError, Reading, Reason
from collectors.core.decode import DecodeError, decode_text
from collectors.core.ports import Connection, DnsAnswer, Failure, Gateway, Trace
from collectors.core.values import HostPort
from collectors.path import COLLECTOR, Target
from collectors.path.locate import Fault
from collectors.path.metrics import FAULT, INFO, LOSS, REACHED, REDUCED, RESOLVER, RTT
from tests.fakes.host import FakeHost, interface, machine
from tests.fakes.net import FakeNet
from tests.fakes.ports import FakePorts
from tests.fakes.time import run
from tests.unit.collectors.path.ways import FAR, GATEWAY, LISTS, ROUTERS, answers, end, sized

OWN, TRUSTED = "10.4.0.53", "203.0.113.53"
TARGET = Target(FAR, networks=LISTS)
NAMED = Target("portal.example", networks=LISTS, resolvers=(HostPort(TRUSTED),))
ARP = f"IP address HW type Flags HW address Mask Device\n{GATEWAY} 0x1 0x2 02:00:00:00:00:01 * eth0\n"


def trace_to(address: str, routers: int, *, reached: bool) -> Trace:
    rows = [answers(distance, router) for distance, router in enumerate(ROUTERS[:routers], 1)]
    rows += [end(routers + 1)] if reached else [answers(routers + 1, None)]
    return Trace(address, tuple(packet for row in rows for packet in row), sized({}) if reached else ())


def says(*addresses: str, rcode: str = "NOERROR") -> DnsAnswer:
    return DnsAnswer("", 0.01, rcode, addresses, 0, 0)


def host(route: Gateway | None = Gateway(GATEWAY, "eth0"), *, up: bool = True, arp: str = ARP) -> FakeHost:  # noqa: B008
    files = {"/etc/resolv.conf": f"nameserver {OWN}\n".encode(), "/proc/net/arp": arp.encode()}
    return FakeHost(machine(interface("eth0", up=up)), route, files=files)


def look(net: FakeNet, target: Target = TARGET, on: FakeHost | None = None) -> Reading:
    async def collect() -> Reading:
        return await COLLECTOR.collect(target, FakePorts(net=net, host=on or host()), 30.0)

    return run(collect())


def fault(reading: Reading) -> Fault:
    (found,) = (Fault(one.label("where")) for one in reading.samples if one.metric is FAULT and one.value)
    return found


def values(reading: Reading, metric: Metric) -> list[float]:
    return [one.value for one in reading.samples if one.metric is metric]


def test_an_address_is_followed_without_any_name_server() -> None:
    net = FakeNet(traces={FAR: trace_to(FAR, 5, reached=True)})
    reading = look(net)
    assert (reading.result, fault(reading)) == (Reason.OK, Fault.NONE)
    assert not [what for what in net.asked if what[0] == "query"]
    named = {one.label("hop"): one.label("address") for one in reading.samples if one.metric is INFO}
    assert named == {"gateway": GATEWAY, "first_isp": ROUTERS[1]}


def test_a_broken_way_is_unreachable_and_says_where_in_both_languages() -> None:
    reading = look(FakeNet(traces={FAR: trace_to(FAR, 2, reached=False)}))
    assert (reading.result, fault(reading)) == (Reason.UNREACHABLE, Fault.ISP_BACKBONE)
    assert reading.evidence[-2].startswith("Mạng trục của nhà mạng: ")
    assert reading.evidence[-1].startswith("Operator's backbone: nothing answers behind hop 2")


def test_what_else_was_seen_is_told_in_both_languages() -> None:
    reading = look(FakeNet(traces={FAR: trace_to(FAR, 2, reached=True)}))
    assert any(line.startswith(f"{FAR} ({FAR}) trả lời / answers: icmp") for line in reading.evidence)


def test_a_fault_is_looked_at_again_before_its_turn() -> None:
    broken, well = (look(FakeNet(traces={FAR: trace_to(FAR, 2, reached=reached)})) for reached in (False, True))
    assert (broken.again, well.again) == (600, None)


def test_the_next_look_is_compared_with_the_last_good_one_and_only_with_that() -> None:
    plain = Target(FAR)
    good = look(FakeNet(traces={FAR: trace_to(FAR, 5, reached=True)}), plain)
    _, past = COLLECTOR.compare(good, COLLECTOR.past(), 0)
    cut = look(FakeNet(traces={FAR: trace_to(FAR, 5, reached=False)}), plain)
    alone, _ = COLLECTOR.compare(cut, COLLECTOR.past(), 0)
    beside, kept = COLLECTOR.compare(cut, past, 0)
    assert (fault(alone), fault(beside)) == (Fault.ISP_BACKBONE, Fault.TARGET)
    assert kept == past
    assert COLLECTOR.read_past(past.plain()) == past


def test_a_name_of_ipv6_alone_is_no_fault_of_name_servers() -> None:
    empty = {(server, "portal.example", "A"): says() for server in (OWN, TRUSTED)}
    net = FakeNet(answers={**empty, (OWN, "portal.example", "AAAA"): says("2001:db8::80")})
    with pytest.raises(ProbeError, match="IPv6 only") as raised:
        look(net, NAMED)
    assert raised.value.reason is Reason.UNSUPPORTED
    assert fault(look(FakeNet(answers=empty), NAMED)) is Fault.DNS


@pytest.mark.parametrize("kept", [None, "x", ["nowhere"], [[]], ["target"] * 100, {"zones": []}])
def test_a_past_that_is_none_is_refused(kept: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        COLLECTOR.read_past(kept)


def test_a_failure_leaves_the_past_as_it_is() -> None:
    past = COLLECTOR.past()
    failed = Reading(Reason.INTERNAL)
    assert COLLECTOR.compare(failed, past, 0) == (failed, past)


def test_a_name_is_followed_to_where_the_trusted_server_says() -> None:
    named = {(OWN, "portal.example", "A"): says("192.0.2.66"), (TRUSTED, "portal.example", "A"): says("alias.", FAR)}
    net = FakeNet(answers=named, traces={FAR: trace_to(FAR, 5, reached=True)})
    reading = look(net, NAMED)
    assert (reading.result, fault(reading), values(reading, REACHED)) == (Reason.DNS, Fault.DNS, [1])
    server = "máy chủ tên miền / name server"
    assert any(line.startswith(f"✘ {server} {OWN}") and "192.0.2.66" in line for line in reading.evidence)
    assert any(line.startswith(f"  {server} {TRUSTED}") and FAR in line for line in reading.evidence)
    assert {one.label("resolver") for one in reading.samples if one.metric is RESOLVER} == {"own1", "given1"}


def test_where_no_server_answers_the_way_to_one_is_followed() -> None:
    reading = look(FakeNet(traces={OWN: trace_to(OWN, 2, reached=False)}), NAMED)
    assert fault(reading) is Fault.ISP_BACKBONE
    reached = look(FakeNet(traces={OWN: trace_to(OWN, 2, reached=True)}), NAMED)
    assert fault(reached) is Fault.DNS
    _, past = COLLECTOR.compare(reached, COLLECTOR.past(), 0)
    assert past == COLLECTOR.past()  # it is not the host's way


def test_a_server_that_fails_has_no_answer_to_give() -> None:
    failing = {(OWN, "portal.example", "A"): says(rcode="SERVFAIL"), (TRUSTED, "portal.example", "A"): says(FAR)}
    reading = look(FakeNet(answers=failing, traces={FAR: trace_to(FAR, 5, reached=True)}), NAMED)
    assert fault(reading) is Fault.DNS


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (host(None), Fault.OFFICE_LAN),
        (host(up=False), Fault.OFFICE_LAN),
        (host(arp=ARP.replace("0x2", "0x0")), Fault.OFFICE_LAN),
        (host(), Fault.GATEWAY),
        (host(arp=""), Fault.GATEWAY),
    ],
)
def test_the_offices_own_end_is_told_apart(on: FakeHost, expected: Fault) -> None:
    assert fault(look(FakeNet(traces={FAR: trace_to(FAR, 0, reached=False)}), on=on)) is expected


def test_without_raw_rights_routers_are_found_by_unprivileged_means_and_that_is_said() -> None:
    net = FakeNet(
        hops={(FAR, distance): router for distance, router in enumerate(ROUTERS, 1)},
        pings={GATEWAY: (0.001,) * 3, FAR: (0.02,) * 3},
        connections={(FAR, 443): Connection({"connect": 0.02}, FAR)},
    )
    reading = look(net)
    assert (reading.result, fault(reading)) == (Reason.OK, Fault.NONE)
    assert (values(reading, REDUCED), values(reading, LOSS)) == ([1], [])
    assert {one.label("hop") for one in reading.samples if one.metric is RTT} == {"1", "6"}
    assert any("No look by raw packets" in line for line in reading.evidence)
    assert "no raw rights" in reading.evidence


def test_without_raw_rights_a_break_is_placed_too() -> None:
    dead = Connection({}, failure=Failure(Reason.UNREACHABLE, "connect", "no answer"))
    net = FakeNet(
        hops={(FAR, 1): GATEWAY, (FAR, 2): ROUTERS[1]}, pings={GATEWAY: (0.001,) * 3}, connections={(FAR, 443): dead}
    )
    assert fault(look(net)) is Fault.ISP_BACKBONE


def test_where_the_machine_itself_has_no_way_the_office_is_at_fault() -> None:
    problem = ProbeError(Reason.UNREACHABLE, "no route to host")
    assert fault(look(FakeNet(traces={FAR: problem}), on=host(up=False))) is Fault.OFFICE_LAN


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": FAR, "most_hops": 31},
        {"host": FAR, "port": 0},
        {"host": FAR, "expected": ["203.0.113.1/24"]},
        {"host": FAR, "networks": {"province": ["somewhere"]}},
        {"host": FAR, "resolvers": [f"192.0.2.{number}" for number in range(9)]},
        {},
    ],
)
def test_a_target_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(DecodeError):
        decode_text(yaml.dump(wrong), Target, "agent.yml")


def test_the_command_line_takes_a_port() -> None:
    assert COLLECTOR.argument("portal.example") == {"host": "portal.example"}
    assert COLLECTOR.argument("portal.example:8443") == {"host": "portal.example", "port": "8443"}
