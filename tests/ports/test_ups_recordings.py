"""Recorded cards, served by snmpsim and read through the real SNMP adapter by the whole collector."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pytest

from agent.io.snmp import SnmpAdapter
from collectors.core import Reading
from collectors.core.values import Secret
from collectors.ups import Target
from tests.lab.snmpd import free_udp_port
from tests.ups import derive
from tests.ups.canonical import facts
from tests.ups.derive import State
from tests.ups.differences import Comparison, beside_librenms, unexplained
from tests.ups.librenms import sensors
from tests.ups.product import looks, looks_at, observation, verdict
from tests.ups.recordings import Recording, folder, recordings
from tests.ups.simulator import HOST, serving

pytestmark = pytest.mark.timeout(300)  # hundreds of polls of another process, on a machine that may be busy


def one_of_each_family() -> Sequence[Recording]:
    """The states that a family derives are served for one card each: what differs between cards is judged elsewhere."""
    first: Mapping[str, Recording] = {each.family: each for each in reversed(recordings()) if each.has_state}
    return sorted(first.values(), key=lambda recording: recording.name)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where snmpsim answers for all recordings and for the derived ones."""
    derived, port = tmp_path_factory.mktemp("derived"), free_udp_port()
    assert list(derive.write(derived, one_of_each_family()))
    with serving((folder(), derived), tmp_path_factory.mktemp("cache"), port):
        yield port


@dataclass(frozen=True)
class Bench:
    """The real adapter, and the simulated cards: one address, a community each."""

    adapter: SnmpAdapter
    port: int

    async def looks(self, community: str, times: int = 1, version: Literal["1", "2c"] = "2c") -> Sequence[Reading]:
        return await looks(self.adapter, Target(HOST, self.port, version, Secret(community)), times)


@pytest.fixture
async def bench(port: int) -> AsyncIterator[Bench]:
    adapter = SnmpAdapter()
    yield Bench(adapter, port)
    await adapter.close()


async def test_every_recorded_ups_is_read_over_snmp_as_others_expect_and_never_gives_a_false_outage(
    bench: Bench,
) -> None:
    compared: list[Comparison] = []
    for each in recordings():
        if each.has_state:
            (reading,) = await bench.looks(each.name)
            (apart,) = await looks_at(each.answers())
            assert facts(observation(reading)) == facts(observation(apart)), each.stem
            assert verdict(reading) == verdict(apart) not in ("outage", "low_battery"), each.stem
            expected = [sensor for sensor in sensors() if sensor.recording == each]
            compared.extend(beside_librenms(expected, facts(observation(reading))))
    assert len(compared) >= 440
    assert not unexplained(compared), "\n".join(unexplained(compared))


async def test_a_card_without_a_state_is_no_outage_over_snmp_either(bench: Bench) -> None:
    for each in recordings():
        if not each.has_state:
            (reading,) = await bench.looks(each.name)
            (apart,) = await looks_at(each.answers())
            assert (reading.result, verdict(reading)) == (apart.result, verdict(apart)), each.stem


@pytest.mark.parametrize("state", [State.OUTAGE, State.LOW_BATTERY, State.SELF_TEST, State.UPS_LINK_LOST])
async def test_a_derived_card_gives_its_verdict_over_snmp(bench: Bench, state: State) -> None:
    for each in one_of_each_family():
        if derive.derived(each, state) is not None:
            readings = await bench.looks(f"derived-{state}-{each.stem}", 2)
            assert verdict(readings[-1]) == state.verdict, (each.stem, readings[-1].evidence)


async def test_version_1_which_voids_a_request_for_one_missing_object_reads_the_same(bench: Bench) -> None:
    for each in one_of_each_family()[::3]:
        (reading,) = await bench.looks(each.name, version="1")
        (apart,) = await looks_at(each.answers())
        assert facts(observation(reading)) == facts(observation(apart)), each.stem
        assert verdict(reading) == verdict(apart), each.stem
