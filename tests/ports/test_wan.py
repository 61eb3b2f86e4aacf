"""The WAN collector against a real snmpd, which counts the bytes of this machine's loopback."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent.io.host import HostAdapter
from agent.io.snmp import SnmpAdapter
from collectors.core import Metric, ProbeError, Reading, Reason
from collectors.wan import COLLECTOR, Target
from collectors.wan.collector import BYTES, INFO, UP
from tests.fakes.time import FakeClock
from tests.lab.snmpd import Snmpd, free_udp_port

COUNTERS = Path("/sys/class/net/lo/statistics")


@pytest.fixture(scope="module")
def snmpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snmpd]:
    with Snmpd(tmp_path_factory.mktemp("snmpd"), ["rocommunity public"], "127.0.0.1", free_udp_port()).running() as it:
        yield it


@pytest.fixture
async def ports() -> AsyncIterator[Any]:
    snmp, host = SnmpAdapter(), HostAdapter()
    yield SimpleNamespace(clock=FakeClock(), snmp=snmp, host=host)
    await snmp.close()
    await host.close()


def counted(name: str) -> int:
    return int((COUNTERS / name).read_text())


def value(reading: Reading, metric: Metric, direction: str = "") -> float:
    (found,) = (one.value for one in reading.samples if one.metric is metric and one.label("direction") == direction)
    return found


def router(snmpd: Snmpd, **more: Any) -> Target:
    return Target(router=snmpd.host, port=snmpd.port, down_mbps=100, up_mbps=100, **more)


@pytest.mark.parametrize("where", [{"index": 1}, {"interface": "lo"}], ids=["ifIndex", "ifName"])
@pytest.mark.parametrize("version", ["2c", "1"])
async def test_a_router_counts_as_its_own_kernel_does(
    snmpd: Snmpd, ports: Any, where: dict[str, Any], version: str
) -> None:
    """Its answers may be some seconds old: it keeps them. By version 1 there are only counters of 32 bits."""
    reading = await COLLECTOR.collect(router(snmpd, version=version, **where), ports, 10)
    wrap = 2**64 if version == "2c" else 2**32
    assert value(reading, UP) == 1
    assert 0 <= (counted("rx_bytes") - int(value(reading, BYTES, "down"))) % wrap < 200_000_000
    (info,) = (one for one in reading.samples if one.metric is INFO)
    assert info.label("device") == "lo"


async def test_an_interface_that_the_router_does_not_have_is_no_answer(snmpd: Snmpd, ports: Any) -> None:
    with pytest.raises(ProbeError) as caught:
        await COLLECTOR.collect(router(snmpd, interface="ether77"), ports, 10)
    assert caught.value.reason is Reason.NO_ANSWER
    with pytest.raises(ProbeError) as caught:
        await COLLECTOR.collect(router(snmpd, index=7777), ports, 10)
    assert caught.value.reason is Reason.UNSUPPORTED
