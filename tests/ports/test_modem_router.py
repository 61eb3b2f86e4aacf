"""A modem in a router, by the real SNMP adapter: a real snmpd plays a MikroTik's objects."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent.io.snmp import SnmpAdapter
from collectors.modem import COLLECTOR, Target
from tests.fakes.time import FakeClock
from tests.lab.snmpd import Snmpd, free_udp_port

ROW = ".1.3.6.1.4.1.14988.1.1.16.1.1"
OBJECTS = {"2": -65, "3": -11, "4": -97, "5": 2_590_977, "6": 7, "7": 9}


@pytest.mark.parametrize("version", ["2c", "1"])
async def test_the_signal_of_a_modem_in_a_router_is_read_by_snmp(tmp_path: Path, version: Any) -> None:
    directives = ["rocommunity public", *(f"override {ROW}.{part}.4 integer {said}" for part, said in OBJECTS.items())]
    snmp = SnmpAdapter()
    ports: Any = SimpleNamespace(clock=FakeClock(), snmp=snmp)
    with Snmpd(tmp_path, directives, "127.0.0.1", free_udp_port()).running() as it:
        try:
            reading = await COLLECTOR.collect(Target(router=it.host, port=it.port, version=version), ports, 10)
        finally:
            await snmp.close()
    seen: Any = reading.seen
    assert (seen.signal.rsrp, seen.signal.sinr, seen.signal.technology) == (-97, 9, "lte")
    assert reading.evidence == ("the modem is registered, lte, -97 dBm",)
