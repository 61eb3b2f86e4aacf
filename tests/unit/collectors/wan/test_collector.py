"""The WAN collector: counters of this machine or of a router, the share of the contract, failovers."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from collectors.core import Metric, ProbeError, Reading, Reason
from collectors.core.decode import DecodeError, decode_text
from collectors.core.ports import Gateway, SnmpValue
from collectors.core.values import Secret
from collectors.wan import COLLECTOR, Target
from collectors.wan.collector import BYTES, FAILOVERS, INFO, SPEED, UP, USED
from collectors.wan.counters import Load
from collectors.wan.load import own_load, until_quiet
from collectors.wan.past import Past, moved, of_router
from collectors.wan.place import Place
from tests.fakes.host import FakeHost, interface, machine
from tests.fakes.ports import FakePorts
from tests.fakes.snmp import FakeSnmp
from tests.fakes.time import run

MIB, MIB_X = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
HERE = Target(interface="wan0", down_mbps=8, up_mbps=8)
THERE = Target(router="192.0.2.1", index=3, down_mbps=8, up_mbps=8)


def router(
    *, seconds: int = 100, down: int = 1_000_000, up: int = 2_000_000, wide: bool = True, index: int = 3
) -> dict[str, SnmpValue]:
    """What a router says of its interface; without counters of 64 bits if it is not wide."""
    said: dict[str, SnmpValue] = {
        "1.3.6.1.2.1.1.3.0": seconds * 100,
        f"{MIB}.8.{index}": 1, f"{MIB}.5.{index}": 100_000_000,
        f"{MIB}.10.{index}": down % 2**32, f"{MIB}.16.{index}": up % 2**32, f"{MIB_X}.1.{index}": b"pppoe-wan",
    }  # fmt: skip
    if wide:
        said |= {f"{MIB_X}.6.{index}": down, f"{MIB_X}.10.{index}": up, f"{MIB_X}.15.{index}": 1000,
                 f"{MIB_X}.18.{index}": "đường Viettel".encode()}  # fmt: skip
    return said


def looks(target: Target, *answers: Mapping[str, SnmpValue] | FakeHost, every: float = 10.0) -> Reading:
    """The last of some looks, `every` seconds apart, beside those before it."""

    async def collect() -> Reading:
        past, reading = COLLECTOR.past(), Reading(Reason.INTERNAL)
        ports = FakePorts(host=FakeHost(machine()))
        for answer in answers:
            if isinstance(answer, FakeHost):
                ports.host = answer
            else:
                ports.snmp = FakeSnmp({"192.0.2.1": answer})
            reading, past = COLLECTOR.compare(await COLLECTOR.collect(target, ports, 10.0), past, 0.0)
            await ports.clock.sleep(every)
        return reading

    return run(collect())


def values(reading: Reading, metric: Metric) -> dict[str, float]:
    return {sample.label("direction"): sample.value for sample in reading.samples if sample.metric is metric}


def own(down: int, up: int, *, route: str = "wan0", plugged: bool = True) -> FakeHost:
    card = interface("wan0", up=plugged, receive_bytes=down, transmit_bytes=up)
    return FakeHost(machine(card), Gateway("192.0.2.1", route))


def test_the_share_of_the_contract_is_what_went_by_between_two_looks() -> None:
    reading = looks(HERE, own(0, 0), own(5_000_000, 1_000_000))
    assert values(reading, USED) == {"down": 0.5, "up": 0.1}
    assert values(reading, BYTES) == {"down": 5_000_000, "up": 1_000_000}


def test_one_look_has_no_share() -> None:
    assert values(looks(HERE, own(0, 0)), USED) == {}


def test_a_router_is_asked_for_its_wide_counters() -> None:
    reading = looks(THERE, router(), router(seconds=110, down=2_000_000, up=2_000_000))
    assert values(reading, USED) == {"down": 0.1, "up": 0.0}
    assert values(reading, SPEED) == {"": 125_000_000}
    (info,) = (sample for sample in reading.samples if sample.metric is INFO)
    assert (info.label("device"), info.label("alias")) == ("pppoe-wan", "đường Viettel")


def test_a_router_without_wide_counters_may_wrap() -> None:
    before, now = 2**32 - 1000, 2**32 + 999_000
    reading = looks(THERE, router(down=before, wide=False), router(seconds=110, down=now, wide=False))
    assert values(reading, USED)["down"] == 0.1
    assert values(reading, SPEED) == {"": 12_500_000}


def test_a_router_that_restarted_gives_no_share_once() -> None:
    assert values(looks(THERE, router(seconds=5000), router(seconds=4, down=10, up=10)), USED) == {}


def test_the_interface_may_be_found_by_its_name() -> None:
    named = replace(THERE, index=0, interface="pppoe-wan")
    assert values(looks(named, router(index=17)), BYTES)["down"] == 1_000_000
    with pytest.raises(ProbeError, match="no interface ether9"):
        looks(replace(named, interface="ether9"), router())


def test_a_router_that_counts_nothing_is_unsupported() -> None:
    with pytest.raises(ProbeError) as caught:
        looks(THERE, {"1.3.6.1.2.1.1.3.0": 1})
    assert caught.value.reason is Reason.UNSUPPORTED


@pytest.mark.parametrize("odd", ["1.3.6", b"\xff\x00", -5])
def test_odd_answers_are_no_counters(odd: SnmpValue) -> None:
    said = router() | {f"{MIB_X}.6.3": odd, f"{MIB}.10.3": odd}
    with pytest.raises(ProbeError):
        looks(THERE, said)


def test_an_interface_that_is_down_is_unreachable_and_one_that_is_not_there_no_answer() -> None:
    reading = looks(HERE, own(1, 1, plugged=False))
    assert reading.result is Reason.UNREACHABLE
    assert values(reading, UP) == {"": 0}
    with pytest.raises(ProbeError, match="no interface wan0"):
        looks(HERE, FakeHost(machine()))


def test_a_default_route_that_moves_is_a_failover_and_one_that_is_gone_is_none() -> None:
    routes = [own(1, 1, route=name) for name in ("wan0", "wwan0", "wwan0", "wan0")]
    assert values(looks(HERE, *routes), FAILOVERS) == {"": 2}
    assert moved(Past(route="wan0"), "").failovers == 0


ROUTE = "1.3.6.1.2.1.4.21.1.2.0.0.0.0"


def test_a_router_that_tells_its_default_route_has_its_failovers_counted() -> None:
    told = [{**router(seconds=100 + 10 * turn), ROUTE: index} for turn, index in enumerate((3, 3, 7, 7, 3))]
    assert values(looks(THERE, *told), FAILOVERS) == {"": 2}


def test_a_router_without_a_route_for_a_while_has_not_moved_to_this_machine_s() -> None:
    told = [{**router(seconds=100), ROUTE: 3}, router(seconds=110), {**router(seconds=120), ROUTE: 7}]
    assert values(looks(THERE, *told), FAILOVERS) == {"": 1}


def test_a_router_that_begins_to_tell_has_not_moved() -> None:
    assert moved(Past(route="eth0"), of_router(3)) == Past(route=of_router(3))


def test_failovers_survive_a_file_and_one_that_was_touched_is_refused() -> None:
    past = Past(route="wan0", failovers=3)
    assert Past.read(json.loads(json.dumps(past.plain()))) == past
    touched: tuple[object, ...] = (None, [], {"route": 1, "failovers": 3}, {"route": "", "failovers": -1})
    for kept in touched:
        with pytest.raises(ValueError, match="WAN"):
            Past.read(kept)


def test_the_load_of_a_moment_and_the_wait_for_a_quiet_one() -> None:
    """Each look moves the counters on, less and less."""
    steps = iter((0, 500_000, 500_000, 900_000, 900_000, 1_000_000))

    class Busy(FakeHost):
        async def interfaces(self) -> tuple[object, ...]:  # type: ignore[override]
            return (interface("wan0", receive_bytes=next(steps), transmit_bytes=0),)

    async def wait() -> tuple[list[Load], float]:
        ports, seen = FakePorts(host=Busy(machine())), []

        def quiet(found: Load) -> bool:
            seen.append(found)
            return found.down <= 20_000

        begun = ports.clock.monotonic()
        await until_quiet(Place("wan0"), ports, quiet)
        return seen, ports.clock.monotonic() - begun

    seen, waited = run(wait())
    assert [found.down for found in seen] == [100_000, 80_000, 20_000]
    assert waited == 15.0


def test_counters_that_do_not_answer_keep_nobody_waiting() -> None:
    async def wait() -> tuple[Load | None, float]:
        ports = FakePorts(host=FakeHost(machine(), problem=ProbeError(Reason.PERMISSION, "no")))
        begun = ports.clock.monotonic()
        await until_quiet(Place("wan0"), ports, lambda _: False)
        return await own_load(Place("wan0"), ports), ports.clock.monotonic() - begun

    assert run(wait()) == (None, 0.0)


GOOD = "router: 192.0.2.1\nindex: 3\ncommunity: secret\ndown_mbps: 100\nup_mbps: 20\n"
BAD = {
    GOOD.replace("index: 3", "index: -3"): "ifIndex",
    GOOD.replace("index: 3\n", ""): "which one",
    GOOD.replace("100", "0"): "down_mbps",
    GOOD.replace("192.0.2.1", "'192.0 .2.1'"): "router",
}


def test_a_target_is_read_from_text_and_names_its_ports() -> None:
    target = decode_text(GOOD, Target, "agent.yml").value
    assert (target.router, target.index, target.community) == ("192.0.2.1", 3, Secret("secret"))
    assert target.needs == {"snmp"}
    assert HERE.needs == {"host"}
    assert "secret" not in repr(target)


@pytest.mark.parametrize(("text", "word"), BAD.items(), ids=BAD.values())
def test_a_target_that_cannot_be_is_refused(text: str, word: str) -> None:
    with pytest.raises(DecodeError, match=word):
        decode_text(text, Target, "agent.yml")
