"""The collector `nut` and Debian's own upsd with drivers that read a file: what upsc shows, and what may happen."""

from collections.abc import AsyncIterator, Mapping

import pytest

from agent.io.clock import MachineClock
from agent.io.net import NetAdapter
from collectors.core import Reading, Reason
from collectors.core.values import Secret
from collectors.nut import COLLECTOR, Target
from collectors.nut.observe import observe
from collectors.ups.power import Verdict
from collectors.ups.watch import Look, Watch
from tests.fakes.nut_dumps import dump_files, read_dump
from tests.fakes.ports import FakePorts
from tests.lab.waiting import eventually
from tests.servers.upsd import Upsd, serving

WITHIN = 30.0
ON_LINE = {
    "ups.status": "OL CHRG", "battery.charge": "97", "battery.runtime": "1260", "battery.voltage": "13.4",
    "input.voltage": "229.0", "input.frequency": "49.9", "output.voltage": "230.1", "output.frequency": "49.9",
    "ups.load": "17", "ups.temperature": "31.5",
}  # fmt: skip
# metric -> (variable, what 1 of it is in the metric's unit)
SHOWN = {
    "ups_battery_charge_ratio": ("battery.charge", 0.01), "ups_battery_runtime_seconds": ("battery.runtime", 1),
    "ups_battery_voltage_volts": ("battery.voltage", 1), "ups_battery_temperature_celsius": ("ups.temperature", 1),
    "ups_input_voltage_volts": ("input.voltage", 1), "ups_input_frequency_hertz": ("input.frequency", 1),
    "ups_output_voltage_volts": ("output.voltage", 1), "ups_output_frequency_hertz": ("output.frequency", 1),
    "ups_load_ratio": ("ups.load", 0.01),
}  # fmt: skip


@pytest.fixture
async def server() -> AsyncIterator[Upsd]:
    async with serving({"main": ON_LINE}) as made:
        yield made


class FastClock(MachineClock):
    """Ten seconds pass in one: what has to last must not last in a test."""

    def monotonic(self) -> float:
        return 10 * super().monotonic()


async def look(server: Upsd, target: Target | None = None) -> Reading:
    ports = FakePorts(net=NetAdapter(), clock=FastClock())
    return await COLLECTOR.collect(target or Target("127.0.0.1", server.port), ports, 10)


def values(reading: Reading) -> Mapping[str, float]:
    return {sample.metric.name: sample.value for sample in reading.samples}


class Watched:
    """A UPS whose readings are compared with those before."""

    def __init__(self, server: Upsd) -> None:
        self._server = server
        self._watch = Watch()

    async def verdict(self) -> Verdict:
        _, self._watch = COLLECTOR.compare(await look(self._server), self._watch, MachineClock().now())
        assert self._watch.state.last
        return self._watch.state.last.verdict

    async def becomes(self, verdict: Verdict) -> None:
        await eventually(self.verdict, lambda found: found is verdict, verdict, WITHIN)


async def test_the_values_are_those_of_upsc_in_base_units(server: Upsd) -> None:
    shown, ours = await server.upsc("main"), values(await look(server))
    assert {name: ours[name] for name in SHOWN} == {
        name: pytest.approx(float(shown[variable]) * unit) for name, (variable, unit) in SHOWN.items()
    }


async def test_the_power_fails_the_battery_runs_low_and_the_power_returns(server: Upsd) -> None:
    ups = Watched(server)
    await ups.becomes(Verdict.MAINS)
    server.say("main", {**ON_LINE, "ups.status": "OB DISCHRG", "input.voltage": "0.0"})
    await ups.becomes(Verdict.OUTAGE)
    server.say("main", {**ON_LINE, "ups.status": "OB DISCHRG LB", "input.voltage": "0.0", "battery.runtime": "60"})
    await ups.becomes(Verdict.LOW_BATTERY)
    server.say("main", ON_LINE)
    await ups.becomes(Verdict.MAINS)


async def test_a_calibration_is_no_outage(server: Upsd) -> None:
    ups = Watched(server)
    server.say("main", {**ON_LINE, "ups.status": "OB CAL DISCHRG"})
    await ups.becomes(Verdict.SELF_TEST)


async def test_a_driver_that_says_nothing_any_more_is_a_lost_link_and_so_is_a_dead_one(server: Upsd) -> None:
    ups = Watched(server)
    server.freeze("main")
    await ups.becomes(Verdict.UPS_LINK_LOST)
    assert any("DATA-STALE" in line for line in (await look(server)).evidence)
    await server.kill("main")
    dead = await eventually(
        lambda: look(server), lambda found: "DATA-STALE" not in "".join(found.evidence), "the driver's end", WITHIN
    )
    assert any("DRIVER-NOT-CONNECTED" in line for line in dead.evidence)
    assert values(dead)["ups_communication_up"] == 0


async def test_only_a_user_who_may_watch_the_ups_and_knows_the_password_is_let_in(server: Upsd) -> None:
    async def result(user: str, password: str) -> Reason:
        return (await look(server, Target("127.0.0.1", server.port, "main", user, Secret(password)))).result

    assert await result("reader", "right") is Reason.OK
    assert await result("reader", "wrong") is Reason.DENIED
    assert await result("nobody", "right") is Reason.DENIED
    assert await result("stranger", "right") is Reason.DENIED


async def test_of_two_upses_one_must_be_named() -> None:
    async with serving({"main": ON_LINE, "racks": {**ON_LINE, "ups.load": "55"}}) as server:
        assert (await look(server)).result is Reason.UNSUPPORTED
        racks = await look(server, Target("127.0.0.1", server.port, "racks"))
        assert values(racks)["ups_load_ratio"] == pytest.approx(0.55)


async def test_recorded_upses_are_read_as_nuts_own_client_reads_them() -> None:
    dumps = {f"ups{number}": read_dump(path) for number, path in enumerate(dump_files())}
    async with serving(dumps) as server:
        for name in dumps:
            found = (await look(server, Target("127.0.0.1", server.port, name))).seen
            assert isinstance(found, Look)
            assert found.seen == observe(await server.upsc(name)), name


async def test_a_server_that_is_not_there_refuses() -> None:
    async with serving({"main": ON_LINE}) as server:
        port = server.port
    reading = await COLLECTOR.collect(Target("127.0.0.1", port), FakePorts(net=NetAdapter(), clock=MachineClock()), 10)
    assert reading.result is Reason.REFUSED
