"""The host port: one suite for the fake and for this machine, and this machine beside node_exporter."""

import asyncio
import os
import re
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest

from agent.io import files, host
from agent.io.host import HostAdapter
from collectors.core import ProbeError, Reason
from collectors.core.ports import Filesystem, Gateway, HostPort
from collectors.host import COLLECTOR, Target
from tests.fakes.host import FakeHost, interface, machine
from tests.fakes.ports import FakePorts
from tests.lab.process import CHECKOUT
from tests.tools import tool


@pytest.fixture(params=["fake", "adapter"])
async def port(request: pytest.FixtureRequest) -> AsyncIterator[HostPort]:
    if request.param == "fake":
        yield FakeHost(machine(interface("eth0"), interface("wwan0")), Gateway("192.0.2.1", "eth0"))
        return
    adapter = HostAdapter()
    yield adapter
    await adapter.close()


async def test_the_facts_of_a_machine_make_sense(port: HostPort) -> None:
    facts = await port.facts()
    assert 0 < facts.boot_time < time.time()
    assert facts.load is None or min(facts.load) >= 0
    assert facts.uname["sysname"]
    assert 0 < facts.memory["MemAvailable"] <= facts.memory["MemTotal"]
    assert {"user", "idle"} <= {mode for _, mode in facts.cpu}
    assert min(facts.cpu.values()) >= 0


async def test_the_root_file_system_is_there_with_plausible_sizes(port: HostPort) -> None:
    (root,) = [found for found in (await port.facts()).filesystems if found.mountpoint == "/"]
    assert 0 <= root.available <= root.free <= root.size


async def test_interfaces_are_named_once_and_without_the_loopback(port: HostPort) -> None:
    names = [found.name for found in await port.interfaces()]
    assert len(names) == len(set(names))
    assert "lo" not in names


async def test_interfaces_of_the_facts_are_those_of_the_shorter_question(port: HostPort) -> None:
    facts, alone = await port.facts(), await port.interfaces()
    assert {found.name for found in facts.interfaces} == {found.name for found in alone}


async def test_the_gateway_is_on_an_interface(port: HostPort) -> None:
    gateway = await port.gateway()
    if gateway is None:
        pytest.skip("this machine has no default route")
    assert gateway.interface in {found.name for found in await port.interfaces()}


async def test_counters_do_not_fall(port: HostPort) -> None:
    before = {found.name: found.receive_bytes for found in await port.interfaces()}
    after = {found.name: found.receive_bytes for found in await port.interfaces()}
    assert all(after[name] >= count for name, count in before.items() if name in after)


FILES = {"report.json": '{"tên": "Cao Bằng"}'.encode(), "long": b"x" * 101, "bytes": b"\xff", "full": b"x" * 100}


@pytest.fixture(params=["fake", "adapter"])
async def reader(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Callable[[str], Awaitable[str]]]:
    """Reads at most 100 bytes of a file by its name."""
    adapter = HostAdapter()
    port: HostPort = FakeHost(machine(), files={str(tmp_path / name): text for name, text in FILES.items()})
    if request.param == "adapter":
        port = adapter
        for name, text in FILES.items():
            (tmp_path / name).write_bytes(text)
    yield lambda name: port.read_text(str(tmp_path / name), 100)
    await adapter.close()


async def test_a_file_is_read_as_text_up_to_the_bound(reader: Callable[[str], Awaitable[str]]) -> None:
    assert await reader("report.json") == '{"tên": "Cao Bằng"}'
    assert await reader("full") == "x" * 100


@pytest.mark.parametrize(
    ("name", "reason"),
    [("absent", Reason.NO_ANSWER), ("long", Reason.BAD_ANSWER), ("bytes", Reason.BAD_ANSWER)],
)
async def test_a_file_that_is_not_as_it_should_be_is_an_error(
    reader: Callable[[str], Awaitable[str]], name: str, reason: Reason
) -> None:
    with pytest.raises(ProbeError) as caught:
        await reader(name)
    assert caught.value.reason is reason


async def test_a_pipe_or_a_folder_in_place_of_a_file_holds_up_nothing(tmp_path: Path) -> None:
    adapter = HostAdapter()
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(ProbeError) as caught:
            await adapter.read_text(str(path), 100)
        assert caught.value.reason in (Reason.BAD_ANSWER, Reason.PERMISSION)
    await adapter.close()


async def test_a_file_on_a_disk_that_hangs_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    hangs, looks = threading.Event(), list[Path]()

    def stuck(path: Path, _: int) -> str:
        looks.append(path)
        hangs.wait(20)
        return "at last"

    monkeypatch.setattr(files, "read_text", stuck)
    monkeypatch.setattr(host, "_DISK_SECONDS", 0.05)
    adapter = HostAdapter()
    for _ in range(2):
        with pytest.raises(ProbeError) as caught:
            await adapter.read_text("/feeds/land.json", 100)
        assert caught.value.reason is Reason.TIMEOUT
    hangs.set()
    monkeypatch.setattr(host, "_DISK_SECONDS", 10)
    assert await adapter.read_text("/feeds/land.json", 100) == "at last"
    assert len(looks) == 1
    await adapter.close()


async def test_a_disk_that_hangs_delays_nothing_else_and_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, hangs = asyncio.get_running_loop(), asyncio.Event()
    looks = 0

    def stuck() -> Iterator[Filesystem]:
        nonlocal looks
        looks += 1
        asyncio.run_coroutine_threadsafe(hangs.wait(), loop).result(20)
        yield machine().filesystems[0]

    monkeypatch.setattr(host, "_filesystems", stuck)
    monkeypatch.setattr(host, "_DISK_SECONDS", 0.05)
    adapter = HostAdapter()
    assert (await adapter.facts()).filesystems == ()
    assert (await adapter.facts()).filesystems == ()
    assert await adapter.interfaces() is not None
    assert looks == 1
    hangs.set()
    async with asyncio.timeout(10):
        while not (await adapter.facts()).filesystems:
            await asyncio.sleep(0.01)
    await adapter.close()


async def test_a_machine_without_ipv6_has_no_gateway_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(host._ROUTES, "ip6", tmp_path / "nothing")
    adapter = HostAdapter()
    assert await adapter.gateway("ip6") is None
    await adapter.close()


async def test_a_disk_whose_name_is_no_text_can_be_shown_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mount = tmp_path / os.fsdecode(b"usb\xff")
    mount.mkdir()
    disk = SimpleNamespace(device="/dev/sdb1", mountpoint=str(mount), fstype="vfat", opts="rw")
    monkeypatch.setattr("psutil.disk_partitions", lambda all: [disk])  # noqa: A006 - psutil's name
    adapter = HostAdapter()
    (found,) = (await adapter.facts()).filesystems
    await adapter.close()
    assert found.mountpoint.encode() == bytes(tmp_path / "usb?")


HANGING = """
import asyncio, os, time
from agent.io import host

async def ask() -> None:
    host._DISK_SECONDS = 0.05
    os.statvfs = lambda path: time.sleep(600)
    adapter = host.HostAdapter()
    assert (await adapter.facts()).filesystems == ()
    await adapter.close()

asyncio.run(ask())
"""


async def test_a_disk_that_hangs_does_not_keep_the_agent_from_ending() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", HANGING, cwd=CHECKOUT)
    try:
        async with asyncio.timeout(20):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def series_of_node_exporter() -> dict[str, float]:
    """What the real node_exporter says of this machine, by `name{labels}`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [str(tool("node_exporter")), f"--web.listen-address={address}", "--log.level=error"]
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    try:
        page = await _page(f"http://{address}/metrics")
    finally:
        process.terminate()
        await process.wait()
    return {name: float(value) for name, value in re.findall(r"^(node_\S+(?:\{.*\})?) (\S+)$", page, re.MULTILINE)}


async def _page(url: str) -> str:
    async with asyncio.timeout(20), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(url) as answer:
                    return await answer.text()
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.05)


async def test_names_and_figures_are_those_of_node_exporter() -> None:
    adapter = HostAdapter()
    reading = await COLLECTOR.collect(Target(), FakePorts(host=adapter), 5.0)
    theirs = await series_of_node_exporter()
    await adapter.close()
    ours = {
        sample.metric.name + ("{" + ",".join(f'{name}="{value}"' for name, value in sorted(sample.labels)) + "}"
                              if sample.labels else ""): sample.value
        for sample in reading.samples
    }  # fmt: skip
    assert {name.partition("{")[0] for name in ours} <= {name.partition("{")[0] for name in theirs}
    for name in ("node_memory_MemTotal_bytes", "node_memory_SwapTotal_bytes", "node_boot_time_seconds"):
        assert ours[name] == theirs[name]
    assert ours["node_memory_Cached_bytes"] == pytest.approx(theirs["node_memory_Cached_bytes"], rel=0.1)
    shared = ours.keys() & theirs.keys()
    for kind in ("node_uname_info", "node_network_up", "node_filesystem_size_bytes", "node_filesystem_readonly"):
        assert any(name.startswith(kind) for name in shared), kind
        assert all(ours[name] == theirs[name] for name in shared if name.startswith(kind)), kind
    for name in shared:
        if name.startswith(("node_network_receive_bytes", "node_cpu_seconds")):
            assert ours[name] == pytest.approx(theirs[name], rel=0.05, abs=1e7 if "bytes" in name else 2)
