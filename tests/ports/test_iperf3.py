"""Transfers by iperf3 by the net port: the fake, the program against a real server, and programs that misbehave."""

import asyncio
import json
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from agent.io import iperf3
from agent.io.net import NetAdapter
from collectors.core import ProbeError, Reason
from collectors.core.ports import Direction, Iperf3Report, Iperf3Request
from tests.fakes.net import FakeNet
from tests.tools import tool

SIZE = 2_000_000
PLENTY = 20.0
HERE = "127.0.0.1"
REPORT = Iperf3Report(SIZE, 0.1, SIZE, 0, "cubic", "3.12")


class Port(Protocol):
    async def iperf3(self, request: Iperf3Request, timeout: float) -> Iperf3Report: ...


def asked(port: int, direction: Direction = "down", *, seconds: float = 5.0, host: str = HERE) -> Iperf3Request:
    return Iperf3Request(host, port, direction, SIZE, seconds)


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """The port of a real iperf3 server on the loopback."""
    program = str(tool("iperf3"))
    for _ in range(5):
        with socket.socket() as probe:
            probe.bind((HERE, 0))
            port = probe.getsockname()[1]
        command = [program, "--server", "--bind", HERE, "--port", str(port), "--forceflush"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as child:
            assert child.stdout
            if any("listening" in line for line in child.stdout):  # else somebody else has taken the port
                yield port
                child.terminate()
                child.stdout.read()
                return
    pytest.fail("the server does not start")


@pytest.fixture(params=["fake", "adapter"])
def net(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Port:
    if request.param == "fake":
        return FakeNet(iperf3s={"down": REPORT, "up": REPORT})
    monkeypatch.setenv("PATH", f"{tool('iperf3').parent}:{os.defpath}")
    return NetAdapter()


@pytest.mark.parametrize("direction", ["down", "up"])
async def test_what_was_asked_for_is_moved_and_timed(net: Port, server: int, direction: Direction) -> None:
    report = await net.iperf3(asked(server, direction), PLENTY)
    assert 0.9 * SIZE <= report.sent <= SIZE + 300_000  # in whole blocks
    assert report.received <= report.sent  # of so short an upload the server may have read nothing when it is asked
    assert report.seconds > 0
    assert report.congestion
    assert report.version[0].isdecimal()
    assert not report.stopped


async def test_where_nobody_listens_the_connection_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tool('iperf3').parent}:{os.defpath}")
    with socket.socket() as nobody:
        nobody.bind((HERE, 0))  # taken, but nobody listens
        with pytest.raises(ProbeError, match="refused") as caught:
            await NetAdapter().iperf3(asked(nobody.getsockname()[1]), PLENTY)
    assert caught.value.reason is Reason.REFUSED


async def test_a_machine_without_iperf3_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProbeError, match="apt install iperf3") as caught:
        await NetAdapter().iperf3(asked(1), PLENTY)
    assert caught.value.reason is Reason.PERMISSION


def program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is called iperf3 on this machine from now on."""
    file = folder / "iperf3"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def started(folder: Path) -> bool:
    return (folder / "pid").exists()


async def until_started(folder: Path) -> None:
    while not started(folder):
        await asyncio.sleep(0.01)


def is_gone(folder: Path) -> bool:
    return not Path("/proc", (folder / "pid").read_text().strip()).exists()


NOTED = 'echo $$ > "$0.new"; mv "$0.new" "$(dirname "$0")/pid"'  # with whatever trap was set before
ANSWER = {
    "start": {},
    "end": {"sum_sent": {"bytes": 9, "seconds": 1}, "sum_received": {"bytes": 7, "seconds": 1}},
    "error": "interrupt - the client has terminated",
}


async def test_one_that_lasts_too_long_is_asked_to_end_and_tells_what_it_saw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = f"trap 'cat {tmp_path}/answer; exit 1' TERM\n{NOTED}\nwhile :; do sleep 0.02; done"
    (tmp_path / "answer").write_text(json.dumps(ANSWER))
    monkeypatch.setattr(iperf3, "_LAST_WORD", PLENTY)
    program(tmp_path, trap, monkeypatch)
    said = await iperf3.said_by((str(tmp_path / "iperf3"),), until_started(tmp_path))
    assert iperf3.read(said, "down") == Iperf3Report(7, 1.0, 9, stopped=True)


async def test_one_that_does_not_end_when_it_is_asked_to_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(iperf3, "_LAST_WORD", 0.1)
    program(tmp_path, f"trap '' TERM\n{NOTED}\nexec sleep 60", monkeypatch)
    with pytest.raises(ProbeError) as caught:
        await iperf3.said_by((str(tmp_path / "iperf3"),), until_started(tmp_path))
    assert caught.value.reason is Reason.TIMEOUT
    assert is_gone(tmp_path)


@pytest.mark.parametrize("script", ["echo 'not JSON'", "exec head -c 2000000 /dev/zero", "exit 7"])
async def test_a_program_that_says_nothing_sensible_is_a_bad_answer(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, f"{NOTED}\n{script}", monkeypatch)
    with pytest.raises(ProbeError) as caught:
        await NetAdapter().iperf3(asked(1, seconds=50), 60.0)
    assert caught.value.reason is Reason.BAD_ANSWER
    assert is_gone(tmp_path)


async def test_a_program_that_cannot_be_started_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "", monkeypatch)
    (tmp_path / "iperf3").write_text("#!/no/such/shell\n")
    with pytest.raises(ProbeError, match="cannot be started") as caught:
        await NetAdapter().iperf3(asked(1), PLENTY)
    assert caught.value.reason is Reason.PERMISSION


async def test_a_run_that_is_cancelled_leaves_no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, f"{NOTED}\nexec sleep 60", monkeypatch)
    running = asyncio.create_task(NetAdapter().iperf3(asked(1, seconds=50), 60.0))
    await until_started(tmp_path)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert is_gone(tmp_path)
