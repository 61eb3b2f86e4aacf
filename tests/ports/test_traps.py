"""Traps by Debian's snmptrap, and whatever else comes to that port: each wakes the card's probe, none is believed."""

import asyncio
import os
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from ipaddress import IPv4Interface, ip_address
from pathlib import Path

import pytest

import collectors
from agent.config import Configuration, Probe, loads
from agent.io import traps as trap_port
from agent.io.address import IP
from agent.io.clock import MachineClock
from agent.io.snmp import SnmpAdapter
from agent.io.traps import TrapPort
from agent.outcome import Outcome
from agent.runner import Runner
from agent.traps import Traps
from collectors.core import Schedule
from collectors.core.values import Listen
from tests.fakes.ports import FakePorts
from tests.lab.net import End, Namespace, connect
from tests.lab.process import CHECKOUT
from tests.lab.snmpd import free_udp_port
from tests.lab.ups import LabUps, State
from tests.tools import needs_root, tool

PLENTY = 30.0
HOURLY = 3600.0
ON_BATTERY = "1.3.6.1.4.1.318.0.5"
ENTERPRISE = "1.3.6.1.4.1.318"
# What net-snmp's snmptrap is told, by version; the port follows the address.
VERSIONS = {
    "v1": (("-v1", "-cpublic"), (ENTERPRISE, "", "6", "5", "")),
    "v2c": (("-v2c", "-cpublic"), ("", ON_BATTERY)),
    "v3": (("-v3", "-ureader", "-lauthPriv", "-aSHA", "-Aauthentication", "-xAES", "-Xencryption", "-e0x8000000001"),
           ("", ON_BATTERY)),
}  # fmt: skip
GARBAGE = (b"", b"\x00", b"GET / HTTP/1.0\r\n\r\n", b"\x30\x84\xff\xff\xff\xff", os.urandom(9000), b"0" * 65_000)


async def send_trap(version: str, port: int) -> None:
    before, after = VERSIONS[version]
    command = (str(tool("snmptrap")), *before, f"127.0.0.1:{port}", *after)
    process = await asyncio.create_subprocess_exec(*command)
    assert await process.wait() == 0


def send(data: bytes, port: int, host: str = "127.0.0.1") -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(data, (host, port))


@asynccontextmanager
async def listening(host: str = "127.0.0.1") -> AsyncIterator[tuple[int, Callable[[], Awaitable[IP]]]]:
    """A port, and a way to wait for the next sender that is heard there."""
    heard: asyncio.Queue[IP] = asyncio.Queue()
    port = TrapPort(Listen(ip_address(host), free_udp_port(host)), heard.put_nowait)
    try:
        async with asyncio.timeout(PLENTY):
            yield port.port, heard.get
    finally:
        port.close()


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_trap_of_any_version_is_heard(version: str) -> None:
    async with listening() as (port, heard):
        await send_trap(version, port)
        assert await heard() == ip_address("127.0.0.1")


@pytest.mark.parametrize("data", GARBAGE, ids=lambda data: f"{len(data)} bytes")
async def test_any_datagram_is_heard_and_none_hurts(data: bytes) -> None:
    async with listening() as (port, heard):
        for _ in range(2):
            send(data, port)
            await heard()


@pytest.mark.parametrize(("host", "to"), [("::1", "::1"), ("::", "127.0.0.1")])
async def test_both_versions_of_ip_are_heard(host: str, to: str) -> None:
    async with listening(host) as (port, heard):
        send(b"x", port, to)
        assert await heard() == ip_address(to)


async def test_a_flood_is_looked_at_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trap_port, "_TURN", HOURLY)
    async with listening() as (port, heard):
        for _ in range(50):
            send(b"x", port)
        await heard()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(heard(), 0.1)


def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_open() -> None:
    async def twice() -> None:
        async with listening() as (port, _):
            with pytest.raises(OSError, match="in use"):
                TrapPort(Listen(ip_address("127.0.0.1"), port), lambda _: None)

    asyncio.run(twice())


# --- port 162 ---------------------------------------------------------------------------------------------------------


@contextmanager
def lan() -> Iterator[tuple[Namespace, Namespace]]:
    """The office's machine, which redirects port 162 as docs/traps.md says, and a UPS's card on one cable."""
    with ExitStack() as closing:
        office, card = (Namespace.create(f"traps-{name}") for name in ("office", "card"))
        for namespace in (office, card):
            closing.callback(namespace.close)
        connect(End(office, "lan", IPv4Interface("10.4.1.2/24")), End(card, "lan", IPv4Interface("10.4.1.9/24")))
        page = (CHECKOUT / "docs" / "traps.md").read_text(encoding="utf-8")
        (rules,) = re.findall(r"^# /etc/nftables.conf\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
        office.run("nft", rules)
        yield office, card


def test_the_redirect_of_port_162_in_the_docs_keeps_the_address_of_the_card() -> None:
    needs_root()

    async def hear(card: Namespace) -> IP:
        heard: asyncio.Queue[IP] = asyncio.Queue()
        port = TrapPort(Listen.parse("0.0.0.0:1162"), heard.put_nowait)
        try:
            await asyncio.to_thread(card.call, lambda: send(b"a trap", 162, "10.4.1.2"))
            return await asyncio.wait_for(heard.get(), PLENTY)
        finally:
            port.close()

    with lan() as (office, card):
        assert office.call(lambda: asyncio.run(hear(card))) == ip_address("10.4.1.9")


# --- from the trap to the verdict -------------------------------------------------------------------------------------


def configuration(probe: Probe, port: int) -> Configuration:
    text = 'version: 1\nidentity: {province: "04", commune: "01273", office: 01273-1}\nname: {vi: a, en: a}\n'
    settings = loads(f"{text}probes: [{{collector: host}}]\ntraps: 127.0.0.1:{port}\n").settings
    return Configuration(settings, (probe,))


def on_battery(outcome: Outcome) -> float | None:
    samples = (sample for sample in outcome.reading.samples if sample.metric.name == "ups_on_battery")
    return next((sample.value for sample in samples), None)


class Office:
    """A UPS whose probe has its turn once in an hour, and an agent that hears its traps. Names are looked up."""

    def __init__(self, ups: LabUps) -> None:
        self.ups = ups
        self.port = free_udp_port()
        self.outcomes: asyncio.Queue[Outcome] = asyncio.Queue()

    async def next(self) -> Outcome:
        return await asyncio.wait_for(self.outcomes.get(), PLENTY)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Office"]:
        collector = collectors.load("ups")
        target = collector.target(host="localhost", port=self.ups.port)
        schedule = Schedule(HOURLY, 12, collector.schedule.lane)
        probe = Probe("ups/main", collector, target, {"ups": "main"}, None, schedule, 0.0)
        adapter = SnmpAdapter()
        runner = Runner(FakePorts(snmp=adapter, clock=MachineClock()), self.outcomes.put_nowait, 8)
        traps = Traps(runner.wake, MachineClock())
        runner.update([probe])
        traps.update(configuration(probe, self.port))
        try:
            yield self
        finally:
            traps.close()
            await runner.stop()
            await adapter.close()


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    tool("snmpd")
    ups = LabUps(tmp_path, "127.0.0.1", free_udp_port())
    await ups.start()
    async with Office(ups).running() as made:
        yield made
    await ups.stop()


async def test_an_outage_is_seen_long_before_the_next_turn(office: Office) -> None:
    assert on_battery(await office.next()) == 0
    office.ups.set_state(State.ON_BATTERY)
    await send_trap("v1", office.port)
    assert on_battery(await office.next()) == 1


async def test_a_trap_that_lies_is_not_believed(office: Office) -> None:
    await office.next()
    await send_trap("v2c", office.port)
    assert on_battery(await office.next()) == 0
