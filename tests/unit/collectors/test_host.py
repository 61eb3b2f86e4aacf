"""The host collector: node_exporter's names with node_exporter's meanings."""

from dataclasses import replace

import pytest

from collectors.core import ProbeError, Reading, Reason
from collectors.core.ports import HostFacts
from collectors.host import COLLECTOR, Target
from tests.fakes.host import FakeHost, interface, machine
from tests.fakes.ports import FakePorts
from tests.fakes.time import run


def look(about: HostFacts) -> Reading:
    return run(COLLECTOR.collect(Target(), FakePorts(host=FakeHost(about)), 5.0))


def lines(reading: Reading) -> set[str]:
    """As on a page: name{labels} value."""
    return {
        f"{sample.metric.name}{{{','.join(f'{name}={value}' for name, value in sample.labels)}}} {sample.value:g}"
        for sample in reading.samples
    }


def test_a_machine_is_shown_as_node_exporter_shows_it() -> None:
    found = lines(look(machine()))
    assert found >= {
        "node_boot_time_seconds{} 1.7e+09",
        "node_load1{} 0.5",
        "node_load5{} 0.25",
        "node_load15{} 0.125",
        "node_cpu_seconds_total{cpu=0,mode=user} 12.5",
        "node_memory_MemAvailable_bytes{} 5.36871e+08",
        "node_filesystem_size_bytes{device=/dev/sda1,mountpoint=/,fstype=ext4} 1000",
        "node_filesystem_free_bytes{device=/dev/sda1,mountpoint=/,fstype=ext4} 400",
        "node_filesystem_avail_bytes{device=/dev/sda1,mountpoint=/,fstype=ext4} 300",
        "node_filesystem_readonly{device=/dev/sda1,mountpoint=/,fstype=ext4} 0",
        "node_network_receive_bytes_total{device=eth0} 1000",
        "node_network_transmit_packets_total{device=eth0} 5",
        "node_network_receive_errs_total{device=eth0} 1",
        "node_network_transmit_drop_total{device=eth0} 4",
        "node_uname_info{sysname=Linux,release=6.1,version=#1,machine=x86_64,nodename=office,domainname=(none)} 1",
    }


def test_the_time_is_that_of_the_clock_port() -> None:
    async def both() -> tuple[float, Reading]:
        ports = FakePorts(host=FakeHost(machine()))
        return ports.clock.now(), await COLLECTOR.collect(Target(), ports, 5.0)

    now, reading = run(both())
    assert [sample.value for sample in reading.samples if sample.metric.name == "node_time_seconds"] == [now]


@pytest.mark.parametrize(("operstate", "value"), [("up", 1), ("down", 0), ("unknown", 0), ("dormant", 0)])
def test_only_an_operstate_of_up_counts_as_up(operstate: str, value: int) -> None:
    assert f"node_network_up{{device=eth0}} {value}" in lines(look(machine(interface(operstate=operstate))))


def test_what_the_machine_does_not_know_is_absent() -> None:
    bare = replace(machine(), load=None, memory={}, filesystems=(), cpu={})
    found = lines(look(bare))
    assert not any(line.startswith(("node_load", "node_memory", "node_filesystem", "node_cpu")) for line in found)
    assert any(line.startswith("node_network_up") for line in found)


def test_a_read_only_file_system_says_so() -> None:
    (root,) = machine().filesystems
    found = lines(look(replace(machine(), filesystems=(replace(root, readonly=True),))))
    assert "node_filesystem_readonly{device=/dev/sda1,mountpoint=/,fstype=ext4} 1" in found


def test_a_machine_that_cannot_be_read_is_a_failed_probe() -> None:
    host = FakeHost(machine(), problem=ProbeError(Reason.PERMISSION, "not readable"))
    with pytest.raises(ProbeError, match="not readable"):
        run(COLLECTOR.collect(Target(), FakePorts(host=host), 5.0))


def test_every_series_is_a_declared_metric_and_no_series_comes_twice() -> None:
    reading = look(machine(interface(), interface("wwan0")))
    assert {sample.metric for sample in reading.samples} <= set(COLLECTOR.metrics)
    series = [(sample.metric.name, sample.labels) for sample in reading.samples]
    assert len(series) == len(set(series))
