"""The whole way from a real SNMP agent to the samples, compared with what net-snmp's snmpget shows of the same card."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.io.clock import MachineClock
from agent.io.snmp import SnmpAdapter
from collectors.core import Reading
from collectors.ups import COLLECTOR, POWER_VERDICT, Target
from tests.fakes.ports import FakePorts
from tests.lab.snmpd import free_udp_port
from tests.lab.ups import LabUps, State
from tests.tools import tool

A, U = "1.3.6.1.4.1.318.1.1.1", "1.3.6.1.2.1.33.1"
# metric -> (OID, what one step of the object is in the metric's unit)
SHOWN = {
    "powernet": {
        "ups_battery_charge_ratio": (f"{A}.2.2.1.0", 0.01), "ups_battery_runtime_seconds": (f"{A}.2.2.3.0", 0.01),
        "ups_on_battery_seconds": (f"{A}.2.1.2.0", 0.01), "ups_battery_voltage_volts": (f"{A}.2.3.4.0", 0.1),
        "ups_battery_temperature_celsius": (f"{A}.2.2.2.0", 1), "ups_input_voltage_volts": (f"{A}.3.2.1.0", 1),
        "ups_input_frequency_hertz": (f"{A}.3.2.4.0", 1), "ups_output_voltage_volts": (f"{A}.4.2.1.0", 1),
        "ups_output_frequency_hertz": (f"{A}.4.3.2.0", 0.1), "ups_load_ratio": (f"{A}.4.2.3.0", 0.01),
    },
    "rfc1628": {
        "ups_battery_charge_ratio": (f"{U}.2.4.0", 0.01), "ups_battery_runtime_seconds": (f"{U}.2.3.0", 60),
        "ups_on_battery_seconds": (f"{U}.2.2.0", 1), "ups_battery_voltage_volts": (f"{U}.2.5.0", 0.1),
        "ups_battery_temperature_celsius": (f"{U}.2.7.0", 1), "ups_input_voltage_volts": (f"{U}.3.3.1.3.1", 1),
        "ups_input_frequency_hertz": (f"{U}.3.3.1.2.1", 0.1), "ups_output_voltage_volts": (f"{U}.4.4.1.2.1", 1),
        "ups_output_frequency_hertz": (f"{U}.4.2.0", 0.1), "ups_load_ratio": (f"{U}.4.4.1.5.1", 0.01),
        "ups_input_line_bads_total": (f"{U}.3.1.0", 1),
    },
}  # fmt: skip
VERDICTS = {
    State.ON_LINE: "mains", State.ON_BATTERY: "outage", State.LOW_BATTERY: "low_battery",
    State.SELF_TEST: "self_test", State.LINK_LOST: "ups_link_lost", State.BYPASS: "bypass", State.OVERLOAD: "overload",
}  # fmt: skip


@dataclass(frozen=True)
class Bench:
    """A simulated UPS, read by us and by snmpget."""

    ups: LabUps
    adapter: SnmpAdapter

    async def read(self, mib: str = "auto") -> Reading:
        ports = FakePorts(snmp=self.adapter, clock=MachineClock())
        return await COLLECTOR.collect(Target(self.ups.host, self.ups.port, mib=mib), ports, 10)

    def snmpget(self, mib: str) -> dict[str, float]:
        """Metric -> what snmpget shows, in the metric's unit."""
        oids = [oid for oid, _ in SHOWN[mib].values()]
        command = (str(tool("snmpget")), "-v2c", "-cpublic", "-OqvtU", f"{self.ups.host}:{self.ups.port}", *oids)
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        return {name: int(text) * step for (name, (_, step)), text in zip(SHOWN[mib].items(), lines, strict=True)}


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    tool("snmpd")
    ups = LabUps(tmp_path, "127.0.0.1", free_udp_port())
    await ups.start()
    adapter = SnmpAdapter()
    yield Bench(ups, adapter)
    await adapter.close()
    await ups.stop()


def verdict(reading: Reading) -> list[str]:
    judged, _ = COLLECTOR.compare(reading, COLLECTOR.past(), 1.8e9)
    return [sample.label("verdict") for sample in judged.samples if sample.metric == POWER_VERDICT and sample.value]


@pytest.mark.parametrize("state", [State.ON_LINE, State.ON_BATTERY, State.OVERLOAD])
@pytest.mark.parametrize("mib", SHOWN)
async def test_values_are_what_snmpget_shows_in_base_units(bench: Bench, mib: str, state: State) -> None:
    bench.ups.set_state(state, charge=0.63, empty_after=1e9)
    before = bench.snmpget(mib)
    ours = {sample.metric.name: sample.value for sample in (await bench.read(mib)).samples}
    after = bench.snmpget(mib)
    for name, first in before.items():
        lowest, highest = sorted((first, after[name]))  # the time on battery goes on meanwhile
        assert lowest - 0.006 <= ours[name] <= highest + 0.006, name


@pytest.mark.parametrize("mib", ["auto", *SHOWN])
async def test_a_ups_goes_through_all_its_states(bench: Bench, mib: str) -> None:
    for state, expected in VERDICTS.items():
        bench.ups.set_state(State.ON_LINE, charge=1)
        bench.ups.set_state(state)
        assert verdict(await bench.read(mib)) == [expected]


async def charge(bench: Bench) -> float:
    samples = (await bench.read()).samples
    return next(sample.value for sample in samples if sample.metric.name == "ups_battery_charge_ratio")


async def test_the_charge_falls_on_battery_and_the_card_counts_the_dip(bench: Bench) -> None:
    bench.ups.set_state(State.ON_BATTERY, charge=0.5, empty_after=60)
    first = await charge(bench)
    assert 0 < first <= 0.5
    async with asyncio.timeout(30):
        while await charge(bench) >= first:
            continue
    bench.ups.set_state(State.ON_LINE)
    third = {sample.metric.name: sample.value for sample in (await bench.read()).samples}
    bench.ups.set_state(State.ON_BATTERY)
    fourth = {sample.metric.name: sample.value for sample in (await bench.read()).samples}
    assert fourth["ups_input_line_bads_total"] == third["ups_input_line_bads_total"] + 1
