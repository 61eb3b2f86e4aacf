"""The ports handed to a collector under test: only what the test names is there."""

from collectors.core.ports import Clock, HostPort, HttpPort, NetPort, SnmpPort
from tests.fakes.time import FakeClock


class FakePorts:
    """`FakePorts(snmp=FakeSnmp(...))`; a port that was not given raises AttributeError when touched."""

    clock: Clock
    http: HttpPort
    net: NetPort
    snmp: SnmpPort
    host: HostPort

    def __init__(self, **ports: object) -> None:
        self.clock = FakeClock()
        for name, port in ports.items():
            setattr(self, name, port)
