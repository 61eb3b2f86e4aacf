"""The SNMP port: the same suite for the fake and for the adapter against a real snmpd."""

from collections.abc import AsyncIterator, Iterator

import pytest

from agent.io.snmp import SnmpAdapter
from collectors.core import ProbeError, Reason
from collectors.core.ports import SnmpAgent, SnmpPort, SnmpValue
from tests.fakes.snmp import FakeSnmp
from tests.lab.snmpd import Snmpd, free_udp_port

CHARGE = "1.3.6.1.2.1.33.1.2.4.0"
MODEL = "1.3.6.1.2.1.33.1.1.2.0"
ALARMS = "1.3.6.1.2.1.33.1.6.2.1.2"
SILENT = "127.0.0.9"
OBJECTS: dict[str, SnmpValue] = {
    CHARGE: 77,
    MODEL: b"Derived 1000",
    "1.3.6.1.2.1.33.1.2.7.0": -5,
    "1.3.6.1.2.1.33.1.3.1.0": 4294967290,
    f"{ALARMS}.2": "1.3.6.1.2.1.33.1.6.3.2",
    f"{ALARMS}.9": "1.3.6.1.2.1.33.1.6.3.6",
    f"{ALARMS}.10": "1.3.6.1.2.1.33.1.6.3.20",
}
ABSENT = tuple(f"1.3.6.1.2.1.33.1.2.{number}.0" for number in range(20, 23))


def override(oid: str, value: SnmpValue) -> str:
    if isinstance(value, bytes):
        return f'override {oid} octet_str "{value.decode()}"'
    if isinstance(value, str):
        return f"override {oid} object_id {value}"
    return f"override {oid} {'uinteger' if value >= 2**31 else 'integer'} {value}"


@pytest.fixture(scope="module")
def snmpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snmpd]:
    directives = ["rocommunity public", *(override(oid, value) for oid, value in OBJECTS.items())]
    with Snmpd(tmp_path_factory.mktemp("snmpd"), directives, "127.0.0.1", free_udp_port()).running() as running:
        yield running


@pytest.fixture(params=["fake", "1", "2c"])
async def port_and_agent(request: pytest.FixtureRequest) -> AsyncIterator[tuple[SnmpPort, SnmpAgent]]:
    if request.param == "fake":
        yield FakeSnmp({"10.0.0.5": OBJECTS}), SnmpAgent("10.0.0.5")
        return
    snmpd: Snmpd = request.getfixturevalue("snmpd")
    adapter = SnmpAdapter()
    yield adapter, SnmpAgent(snmpd.host, snmpd.port, version=request.param)
    await adapter.close()


PortAndAgent = tuple[SnmpPort, SnmpAgent]


async def test_objects_arrive_as_integers_bytes_and_oids(port_and_agent: PortAndAgent) -> None:
    port, agent = port_and_agent
    assert await port.get(agent, tuple(OBJECTS), 5) == OBJECTS


async def test_what_the_agent_lacks_is_left_out_and_the_rest_arrives(port_and_agent: PortAndAgent) -> None:
    port, agent = port_and_agent
    for _ in range(2):
        assert await port.get(agent, (ABSENT[0], CHARGE, *ABSENT[1:], MODEL), 5) == {
            CHARGE: 77,
            MODEL: b"Derived 1000",
        }


async def test_nothing_but_absent_objects_is_an_empty_answer(port_and_agent: PortAndAgent) -> None:
    port, agent = port_and_agent
    assert await port.get(agent, ABSENT, 5) == {}


async def test_a_walk_stays_below_its_root_and_keeps_snmps_order(port_and_agent: PortAndAgent) -> None:
    port, agent = port_and_agent
    rows = await port.walk(agent, ALARMS, 8, 5)
    assert list(rows) == [f"{ALARMS}.2", f"{ALARMS}.9", f"{ALARMS}.10"]


async def test_a_walk_takes_no_more_than_it_was_asked_to(port_and_agent: PortAndAgent) -> None:
    port, agent = port_and_agent
    assert len(await port.walk(agent, ALARMS, 2, 5)) == 2


async def test_a_silent_host_is_a_probe_error(port_and_agent: PortAndAgent) -> None:
    port, agent = port_and_agent
    nobody = SnmpAgent(SILENT, free_udp_port(SILENT), version=agent.version)
    with pytest.raises(ProbeError) as caught:
        await port.get(nobody, (CHARGE,), 1)
    assert caught.value.reason in (Reason.NO_ANSWER, Reason.REFUSED)
    assert SILENT in caught.value.message
