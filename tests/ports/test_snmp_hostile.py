"""Any bytes as an SNMP answer: a ProbeError or what a right answer holds, soon, and nothing in the loop's error log."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyasn1.codec.ber import decoder
from pyasn1.error import PyAsn1Error
from pysnmp.proto import api

from agent.io.snmp import SnmpAdapter
from agent.io.snmp.presence import discovery
from collectors.core import ProbeError, Reason
from collectors.core.ports import Oid, SnmpAgent, SnmpValue
from collectors.core.values import Secret
from tests.fakes.hurry import HurriedLoop
from tests.fakes.snmp_wire import OBJECTS, WANTED, Request, well_behaved, wire_agent
from tests.lab.snmpd import Snmpd, free_udp_port
from tests.ports.snmp_damage import Mutation, anything, insert, tlv

EXPECTED = frozenset((Reason.NO_ANSWER, Reason.BAD_ANSWER, Reason.TIMEOUT, Reason.DENIED))
KEY = Secret("a key to prove it")
CHARGE = WANTED[3]


@dataclass
class Bench:
    """One adapter on a loop whose clock runs fast; `defects` is what the loop had to log."""

    loop: HurriedLoop = field(default_factory=lambda: HurriedLoop(10))
    adapter: SnmpAdapter = field(default_factory=SnmpAdapter)
    defects: list[dict[str, Any]] = field(default_factory=list)

    def poll(self, agent: SnmpAgent, timeout: float = 2) -> dict[Oid, SnmpValue] | Reason:
        try:
            return dict(self.loop.run_until_complete(self.adapter.get(agent, WANTED, timeout)))
        except ProbeError as error:
            return error.reason


@pytest.fixture(scope="module")
def bench(snmpd: Snmpd) -> Iterator[Bench]:
    bench = Bench()
    bench.loop.set_exception_handler(lambda _, context: bench.defects.append(context))
    signed = signed_by(snmpd.port)
    for agent in (replace(signed, version="1"), replace(signed, version="2c"), signed):
        bench.poll(agent, 100)  # once without haste: engines are built in a thread
    yield bench
    bench.loop.run_until_complete(bench.adapter.close())
    bench.loop.close()


def values_in(datagram: bytes, version: int, identifier: int) -> dict[Oid, Any]:
    """What a response to this request holds, by another way than the adapter's; empty when it is none."""
    wire = api.PROTOCOL_MODULES[version]
    try:
        message, _ = decoder.decode(datagram, asn1Spec=wire.Message())
        pdu = wire.apiMessage.get_pdu(message)
        if not pdu.isSameTypeWith(wire.GetResponsePDU()) or int(wire.apiPDU.get_request_id(pdu)) != identifier:
            return {}
        return {str(name): value for name, value in wire.apiPDU.get_varbinds(pdu)}
    except Exception:  # noqa: BLE001 - this way has its own trouble with what is no answer
        return {}


# --- any bytes --------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(version=st.sampled_from(["1", "2c"]), changes=st.lists(anything, min_size=1, max_size=12), right=st.booleans())
@example(version="2c", changes=[lambda _: b"\x30\x80" * 30000], right=False)
@example(version="1", changes=[lambda _: b"\x30\x82\xff\xff" * 16000], right=True)
@example(version="2c", changes=[insert(0.99, b"\x24\x80" + b"\x04\x01a" * 19000)], right=True)
def test_whatever_comes_only_what_an_answer_holds_gets_through(
    bench: Bench, version: Literal["1", "2c"], changes: list[Mutation], right: bool
) -> None:
    sent: dict[Oid, list[Any]] = {}

    def behave(request: Request) -> list[bytes]:
        answer = well_behaved(request)
        datagrams = [change(answer)[:60000] for change in changes] + [answer] * right
        for datagram in datagrams:
            for oid, value in values_in(datagram, request.version, request.identifier).items():
                sent.setdefault(oid, []).append(value)
        return datagrams

    async def run() -> dict[Oid, SnmpValue] | Reason:
        async with wire_agent(behave) as (_, agent):
            try:
                return dict(await bench.adapter.get(replace(agent, version=version), WANTED, 3))
            except ProbeError as error:
                return error.reason

    bench.defects.clear()
    found = bench.loop.run_until_complete(run())
    assert not bench.defects
    if isinstance(found, Reason):
        assert found in EXPECTED
        return
    for oid, value in found.items():
        assert any(_equal(value, other) for other in sent.get(oid, ())), f"{oid} = {value!r} was never sent"


def _equal(value: SnmpValue, other: Any) -> bool:
    with suppress(Exception):
        if isinstance(value, int):
            return int(other) == value
        if isinstance(value, bytes):
            return bytes(other) == value
        return f"{other!s}" == value
    return False


# --- what a real snmpd says, damaged on its way -----------------------------------------------------------------------


@dataclass
class Between(asyncio.DatagramProtocol):
    """Hands requests on to a real agent, and its answers back after `change` has had them."""

    far: tuple[str, int]
    change: Callable[[bytes], bytes] = lambda answer: answer
    near: Any = None
    transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        if addr[1] == self.far[1]:
            if self.near:
                self.transport.sendto(self.change(data), self.near)
        else:
            self.near = addr
            self.transport.sendto(data, self.far)


def signed_by(port: int) -> SnmpAgent:
    return SnmpAgent("127.0.0.1", port, "3", user="fuzz", auth="sha", auth_key=KEY, privacy="aes128", privacy_key=KEY)


@asynccontextmanager
async def between(snmpd: Snmpd) -> AsyncIterator[tuple[Between, SnmpAgent]]:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(
        lambda: Between((snmpd.host, snmpd.port)), local_addr=("127.0.0.1", 0)
    )
    try:
        port = transport.get_extra_info("sockname")[1]
        yield protocol, signed_by(port)
    finally:
        transport.close()


@pytest.fixture(scope="module")
def snmpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snmpd]:
    lines = [f'createUser fuzz SHA "{KEY.reveal()}" AES "{KEY.reveal()}"', "rouser fuzz priv", "rocommunity public"]
    lines += [f"override {oid} integer {value!r}" for oid, value in OBJECTS.items()]
    with Snmpd(tmp_path_factory.mktemp("snmpd"), lines, "127.0.0.1", free_udp_port()).running() as running:
        yield running


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(version=st.sampled_from(["1", "2c", "3"]), change=anything)
def test_damage_to_a_real_agents_answers_is_no_other_value(
    bench: Bench, snmpd: Snmpd, version: Literal["1", "2c", "3"], change: Mutation
) -> None:
    async def run() -> tuple[object, object]:
        async with between(snmpd) as (proxy, signed):
            agent = replace(signed, version=version)
            proxy.change = lambda answer: change(answer)[:60000] or b"\0"
            try:
                damaged: object = dict(await bench.adapter.get(agent, WANTED, 3))
            except ProbeError as error:
                damaged = error.reason
            proxy.change = lambda answer: answer
            for _ in range(3):
                with suppress(ProbeError):
                    return damaged, dict(await bench.adapter.get(agent, WANTED, 12))
            return damaged, None

    bench.defects.clear()
    damaged, right = bench.loop.run_until_complete(run())
    assert not bench.defects
    assert right == OBJECTS, "and afterwards the agent is read as before"
    if version == "3":  # signed: all or nothing
        assert damaged in (*EXPECTED, OBJECTS)


# --- others -----------------------------------------------------------------------------------------------------------


async def test_an_answer_from_another_address_is_not_taken() -> None:
    adapter = SnmpAdapter()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        async with wire_agent(lambda _: None) as (wire, agent):
            near: list[tuple[str, int]] = []
            receive = wire.datagram_received

            def overheard(data: bytes, addr: tuple[str | Any, int]) -> None:
                near.append((str(addr[0]), addr[1]))
                receive(data, addr)

            wire.datagram_received = overheard  # type: ignore[method-assign]

            def lie(request: Request) -> None:
                stranger.sendto(well_behaved(request), near[-1])

            wire.behave = lie
            with pytest.raises(ProbeError):
                await adapter.get(agent, WANTED, 1)
    await adapter.close()


async def test_nobody_is_answered_by_the_adapter_itself() -> None:
    adapter = SnmpAdapter()
    asked: asyncio.Future[tuple[str, int]] = asyncio.get_running_loop().create_future()
    async with wire_agent(well_behaved) as (wire, agent):
        receive = wire.datagram_received

        def overheard(data: bytes, addr: tuple[str | Any, int]) -> None:
            if not asked.done() and data[4:5] != b"\x03":
                asked.set_result((str(addr[0]), addr[1]))
            receive(data, addr)

        wire.datagram_received = overheard  # type: ignore[method-assign]
        await adapter.get(agent, WANTED, 5)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
            caller.setblocking(False)
            caller.sendto(discovery(1), await asked)
            await adapter.get(agent, WANTED, 5)
            with pytest.raises(BlockingIOError):
                caller.recv(4096)
    await adapter.close()


async def test_a_request_that_comes_back_as_it_was_is_no_answer() -> None:
    adapter = SnmpAdapter()
    async with wire_agent(lambda _: None) as (wire, agent):
        wire.datagram_received = wire.transport.sendto  # type: ignore[method-assign]
        with pytest.raises(ProbeError) as caught:
            await adapter.get(agent, WANTED, 1)
    await adapter.close()
    assert caught.value.reason is Reason.BAD_ANSWER


def worst() -> list[bytes]:
    """Datagrams that are as dear to decode as their length allows."""
    many = tlv(0x30, b"\x06\x01\x2b\x05\x00") * 8000
    strings = b"\x24\x80" * 90 + b"\x04\x01a" * 19000
    head = b"\x02\x01\x01" + tlv(0x04, b"public")
    return [
        tlv(0x30, head + tlv(0xA2, b"\x02\x01\x01\x02\x01\0\x02\x01\0" + tlv(0x30, body))) for body in (many, strings)
    ]


async def test_a_flood_of_dear_datagrams_costs_less_than_decoding_one() -> None:
    wire = api.PROTOCOL_MODULES[1]
    adapter, dear = SnmpAdapter(), worst()
    start = perf_counter()
    with suppress(PyAsn1Error):
        decoder.decode(dear[0], asn1Spec=wire.Message())
    one = perf_counter() - start
    async with wire_agent(well_behaved) as (agent_wire, agent):
        await adapter.get(agent, WANTED, 5)
        start = perf_counter()
        await adapter.get(agent, WANTED, 5)
        usual = perf_counter() - start
        agent_wire.behave = lambda request: [*dear * 5, well_behaved(request)]
        start = perf_counter()
        with suppress(ProbeError):
            await adapter.get(agent, WANTED, 5)
        assert perf_counter() - start < 3 * usual + one
    await adapter.close()
