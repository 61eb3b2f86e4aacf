"""The link collector: what of the link answers, and what may be concluded from it."""

import pytest

from collectors.core import ProbeError, Reading, Reason
from collectors.core.ports import Gateway
from collectors.link import COLLECTOR, HOP_LOSS, HOP_RTT, INTERFACE_UP, SPEED, TRAFFIC, UP, Target
from tests.fakes.host import FakeHost, interface, machine
from tests.fakes.net import FakeNet
from tests.fakes.ports import FakePorts
from tests.fakes.time import run

GATEWAY, HOP, FAR = "10.0.0.1", "100.64.0.1", "203.0.113.9"
ROUTE = Gateway(GATEWAY, "eth0")
WAY = {(FAR, 2): HOP}
FINE = {GATEWAY: (0.001,) * 5, HOP: (0.010, 0.030, 0.020, 0.015, 0.025), FAR: (0.040,) * 5}


def look(
    pings: object = FINE,
    target: Target = Target(reference=FAR),  # noqa: B008 - frozen
    host: FakeHost | None = None,
    hops: object = WAY,
) -> Reading:
    net = FakeNet(pings=pings, hops=hops)  # type: ignore[arg-type]
    ports = FakePorts(host=host or FakeHost(machine(), ROUTE), net=net)
    return run(COLLECTOR.collect(target, ports, 10.0))


def values(reading: Reading) -> dict[tuple[str, ...], float]:
    """By metric name and the values of its labels."""
    return {(sample.metric.name, *(value for _, value in sample.labels)): sample.value for sample in reading.samples}


def test_a_healthy_link_shows_times_and_losses_of_every_hop() -> None:
    reading = look()
    found = values(reading)
    assert reading.result is Reason.OK
    assert found[UP.name,] == 1
    assert [found[HOP_RTT.name, "first_hop", stat] for stat in ("min", "median", "max")] == [0.010, 0.020, 0.030]
    assert [found[HOP_LOSS.name, hop] for hop in ("gateway", "first_hop", "reference")] == [0, 0, 0]
    assert reading.phases == {"gateway": 0.001, "first_hop": 0.010, "reference": 0.040}


def test_lost_pings_are_a_share_and_leave_the_times_of_the_others() -> None:
    found = values(look(FINE | {FAR: (0.04, None, 0.05, None, 0.06)}))
    assert found[HOP_LOSS.name, "reference"] == pytest.approx(0.4)
    assert found[HOP_RTT.name, "reference", "median"] == 0.05


def test_when_only_the_gateway_answers_the_line_behind_it_is_down() -> None:
    reading = look({GATEWAY: FINE[GATEWAY]}, hops={})
    assert reading.result is Reason.UNREACHABLE
    assert "behind" in reading.evidence[0]
    assert values(reading)[UP.name,] == 0
    assert values(reading)[HOP_LOSS.name, "reference"] == 1


def test_when_nothing_answers_the_local_cable_or_the_router_is_to_blame() -> None:
    reading = look({}, hops={})
    assert reading.result is Reason.UNREACHABLE
    assert "router or local cable" in reading.evidence[0]
    assert values(reading)[HOP_LOSS.name, "gateway"] == 1


@pytest.mark.parametrize(("silent", "name"), [(GATEWAY, "gateway"), (HOP, "first_hop")])
def test_a_hop_that_ignores_pings_while_one_behind_it_answers_has_no_loss(silent: str, name: str) -> None:
    reading = look({address: times for address, times in FINE.items() if address != silent})
    assert reading.result is Reason.OK
    assert (HOP_LOSS.name, name) not in values(reading)


def test_a_first_hop_that_names_itself_proves_the_line_though_nobody_answers_pings() -> None:
    reading = look({})
    assert reading.result is Reason.OK
    assert values(reading)[UP.name,] == 1


def test_without_a_reference_the_gateway_decides() -> None:
    assert look(target=Target()).result is Reason.OK
    assert look({}, target=Target()).result is Reason.UNREACHABLE


def test_on_a_point_to_point_link_the_first_router_is_the_first_hop() -> None:
    host = FakeHost(machine(interface("ppp0", operstate="unknown")), Gateway("", "ppp0"))
    found = values(look(host=host, hops={(FAR, 1): HOP}))
    assert found[UP.name,] == 1
    assert (HOP_RTT.name, "first_hop", "min") in found
    assert (HOP_RTT.name, "gateway", "min") not in found


def test_a_gateway_with_a_link_local_address_is_asked_on_its_interface() -> None:
    host = FakeHost(machine(), Gateway("fe80::1", "eth0"))
    assert look({"fe80::1%eth0": (0.001,)}, Target(count=1), host).result is Reason.OK


def test_a_name_that_does_not_resolve_says_so_and_the_link_is_down() -> None:
    reading = look({GATEWAY: FINE[GATEWAY], FAR: ProbeError(Reason.DNS, "no such name")}, hops={})
    assert reading.result is Reason.UNREACHABLE
    assert any("no such name" in line for line in reading.evidence)


def test_a_machine_that_may_not_ping_says_what_to_do_instead_of_calling_the_link_dead() -> None:
    with pytest.raises(ProbeError) as caught:
        look({GATEWAY: ProbeError(Reason.PERMISSION, "allow it")}, Target())
    assert caught.value.reason is Reason.PERMISSION


def test_the_interface_counts_and_tells_its_speed_in_bytes() -> None:
    found = values(look(host=FakeHost(machine(interface(speed_bits=100_000_000)), ROUTE)))
    assert found[TRAFFIC["receive_bytes"].name, "eth0"] == 1000
    assert found[TRAFFIC["transmit_drops"].name, "eth0"] == 4
    assert found[SPEED.name, "eth0"] == 12_500_000
    assert found[INTERFACE_UP.name, "eth0"] == 1


BROKEN = {
    "no default route": (FakeHost(machine(), None), Target(reference=FAR), "no default route"),
    "an interface, and nowhere to go": (FakeHost(machine(), None), Target(interface="eth0"), "no default route"),
    "its interface is down": (FakeHost(machine(interface(up=False)), ROUTE), Target(reference=FAR), "is down"),
    "its modem was unplugged": (FakeHost(machine(), ROUTE), Target(interface="wwan0"), "not there"),
}


@pytest.mark.parametrize(("host", "target", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_a_link_that_does_not_even_begin_is_down_and_says_why(host: FakeHost, target: Target, words: str) -> None:
    reading = look({}, target, host)
    assert reading.result is Reason.UNREACHABLE
    assert words in reading.evidence[0]
    assert values(reading)[UP.name,] == 0


BESIDE = machine(interface(), interface("wwan0", receive_bytes=7))


@pytest.mark.parametrize("route", [ROUTE, None], ids=["beside the first", "when the first has lost its route"])
def test_a_second_link_is_asked_through_the_reference_that_is_routed_over_it(route: Gateway | None) -> None:
    modem = "192.168.8.1"
    net = FakeNet(pings={modem: (0.002,), HOP: (0.03,), FAR: (0.05,)}, hops={(FAR, 1): modem, (FAR, 2): HOP})
    ports = FakePorts(host=FakeHost(BESIDE, route), net=net)
    found = values(run(COLLECTOR.collect(Target(FAR, "wwan0", count=1), ports, 10.0)))
    assert found[UP.name,] == 1
    assert found[HOP_RTT.name, "gateway", "min"] == 0.002
    assert found[TRAFFIC["receive_bytes"].name, "wwan0"] == 7
    assert ("ping", (GATEWAY, 1)) not in net.asked


def test_a_second_link_without_a_reference_is_judged_by_its_interface() -> None:
    found = values(look({}, Target(interface="wwan0"), FakeHost(BESIDE, ROUTE)))
    assert found[UP.name,] == 1
    assert not any(name == HOP_LOSS.name for name, *_ in found)


def test_a_second_link_that_carries_nothing_is_down() -> None:
    assert look({}, Target(FAR, "wwan0"), FakeHost(BESIDE, ROUTE), hops={}).result is Reason.UNREACHABLE


def test_it_ends_within_its_time_when_nobody_answers() -> None:
    async def timed() -> float:
        ports = FakePorts(host=FakeHost(machine(), ROUTE), net=FakeNet())
        before = ports.clock.monotonic()
        await COLLECTOR.collect(Target(reference=FAR), ports, 10.0)
        return ports.clock.monotonic() - before

    assert run(timed()) <= 10.0
