"""Traces by the net port: one suite for the fake and for the helper process on a way of two hops."""

import asyncio
import ctypes
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from agent.io.net import NetAdapter
from agent.io.path.packets import Flow, build
from collectors.core import ProbeError, Reason
from collectors.core.ports import Method, NetPort, Packet, Reply, Trace, TraceRequest, Word
from tests.fakes.net import FakeNet
from tests.lab.net import Namespace
from tests.servers import path
from tests.tools import needs_root
from tests.tools.debian import CHECKOUT

PLENTY = 20.0
QUICK: dict[str, Any] = {"most_hops": 3, "rounds": 1, "sizes": (1500,)}
Run = Callable[[Callable[[NetPort], Coroutine[Any, Any, Any]]], Any]
PR_CAPBSET_DROP, CAP_NET_RAW = 24, 13  # linux/prctl.h, linux/capability.h
LOOP = """
import asyncio, sys
from agent.io.net import NetAdapter
from collectors.core.ports import TraceRequest
async def main():
    net, request = NetAdapter(), TraceRequest(sys.argv[1], most_hops=2, rounds=1, sizes=())
    for number in range(int(sys.argv[2])):
        await net.trace(request, 20)
        resident = next(line for line in open("/proc/self/status") if line.startswith("VmRSS"))
        print(resident.split()[1], "scapy" in sys.modules, flush=True)
asyncio.run(main())
"""


@pytest.fixture
def office() -> Iterator[Namespace]:
    """A way for each test: its routers answer a few packets at once, then one a second."""
    needs_root()
    with path.two_hops() as namespace:
        yield namespace


@pytest.fixture(params=["fake", "helper"])
def run(request: pytest.FixtureRequest) -> Run:
    if request.param == "fake":
        return lambda work: asyncio.run(work(FakeNet(traces=FAKES)))
    namespace: Namespace = request.getfixturevalue("office")
    return lambda work: namespace.call(lambda: asyncio.run(work(NetAdapter())))


def answers(distance: int, address: str, words: tuple[Word, Word, Word]) -> tuple[Packet, ...]:
    return tuple(
        Packet(method, distance, 60, Reply(address, word, 0.001)) for method, word in zip(Method, words, strict=True)
    )


FAKES: dict[str, Trace | ProbeError] = {
    path.FAR: Trace(
        path.FAR,
        answers(1, path.ROUTER, (Word.EXPIRED,) * 3) + answers(2, path.FAR, (Word.ECHO, Word.RESET, Word.PORT)),
        (Packet(Method.ICMP, 64, 1500, Reply(path.FAR, Word.ECHO, 0.001)),),
    ),
    path.SILENT: Trace(path.SILENT, (Packet(Method.ICMP, 1, 60, None),), ()),
    path.CLOSED: Trace(path.CLOSED, answers(1, path.ROUTER, (Word.NO_HOST,) * 3), ()),
}


def words(trace: Trace) -> dict[tuple[int, Method], tuple[str, Word]]:
    return {
        (packet.distance, packet.method): (packet.reply.address, packet.reply.word)
        for packet in trace.packets
        if packet.reply
    }


def test_each_method_names_the_router_and_reaches_the_end(run: Run) -> None:
    trace = run(lambda net: net.trace(TraceRequest(path.FAR, **QUICK), PLENTY))
    found = words(trace)
    assert {found[1, method] for method in Method} == {(path.ROUTER, Word.EXPIRED)}
    assert [found[2, method] for method in Method] == [(path.FAR, word) for word in (Word.ECHO, Word.RESET, Word.PORT)]
    assert max(distance for distance, _ in found) == 2
    assert [(packet.size, bool(packet.reply)) for packet in trace.sized] == [(1500, True)]


def test_silence_is_a_result(run: Run) -> None:
    trace = run(lambda net: net.trace(TraceRequest(path.SILENT, **QUICK), PLENTY))
    assert trace.packets
    assert words(trace) == {}


def test_a_router_that_gives_up_says_so(run: Run) -> None:
    trace = run(lambda net: net.trace(TraceRequest(path.CLOSED, **QUICK), PLENTY))
    assert set(words(trace).values()) == {(path.ROUTER, Word.NO_HOST)}


def test_without_a_route_the_host_is_unreachable() -> None:
    needs_root()
    lonely = Namespace.create("path-lonely")
    try:
        assert reason(lonely, lambda net: net.trace(TraceRequest(path.FAR, **QUICK), PLENTY)) is Reason.UNREACHABLE
    finally:
        lonely.close()


def test_without_raw_rights_it_says_so(office: Namespace) -> None:
    def without(net: NetPort) -> Coroutine[Any, Any, Trace]:
        libc = ctypes.CDLL(None)
        assert libc.prctl(PR_CAPBSET_DROP, CAP_NET_RAW, 0, 0, 0) == 0  # of this thread, and what it starts
        return net.trace(TraceRequest(path.FAR, **QUICK), PLENTY)

    assert reason(office, without) is Reason.PERMISSION


def test_an_address_of_ipv6_is_not_followed(office: Namespace) -> None:
    assert reason(office, lambda net: net.trace(TraceRequest("::1", **QUICK), PLENTY)) is Reason.DNS


def reason(namespace: Namespace, work: Callable[[NetPort], Coroutine[Any, Any, Any]]) -> Reason:
    with pytest.raises(ProbeError) as raised:
        namespace.call(lambda: asyncio.run(work(NetAdapter())))
    return raised.value.reason


def test_nothing_that_strangers_send_meanwhile_disturbs_a_trace(office: Namespace) -> None:
    """Loopback is a network too: whoever can send there can send any bytes to the helper's sockets."""
    over = threading.Event()
    chance = random.Random(7)

    def shout() -> int:
        office_address, sent = "10.91.1.2", 0
        flow = Flow(office_address, path.FAR, 443, 1, 2, 3, 4)
        with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as raw:
            while not over.is_set() and sent < 20_000:
                kind, quote = chance.choice((0, 3, 11)), build(flow, chance.choice(tuple(Method)), sent % 600 + 1, 9)
                junk = bytearray(bytes((kind, chance.randrange(16), 0, 0)) + chance.randbytes(4) + quote)
                junk[chance.randrange(len(junk))] = chance.randrange(256)
                with suppress(OSError):  # the kernel itself wants a whole header
                    raw.sendto(bytes(junk[: chance.randrange(1, len(junk))]), (office_address, 0))
                sent += 1
        return sent

    shouts: list[int] = []
    stranger = threading.Thread(target=lambda: shouts.append(office.call(shout)))
    stranger.start()
    try:
        trace = office.call(lambda: asyncio.run(NetAdapter().trace(TraceRequest(path.FAR), PLENTY)))
    finally:
        over.set()
        stranger.join()
    assert shouts[0] > 100
    assert {words(trace)[2, method][0] for method in Method} == {path.FAR}


def test_the_agent_stays_as_it_was_over_many_traces(office: Namespace) -> None:
    done = office.call(
        lambda: subprocess.run(
            [sys.executable, "-c", LOOP, path.FAR, "8"], cwd=CHECKOUT, capture_output=True, text=True, check=True
        )
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    assert {loaded for _, loaded in lines} == {"False"}
    assert int(lines[-1][0]) - int(lines[2][0]) < 512, lines  # KiB


def test_the_helper_does_not_outlive_the_agent(office: Namespace) -> None:
    agent = office.call(
        lambda: subprocess.Popen(
            [sys.executable, "-c", LOOP, path.SILENT, "1"], cwd=CHECKOUT, stdout=subprocess.DEVNULL
        )
    )
    try:
        helper = until(lambda: children(agent.pid))[0]
        until(lambda: listens(helper))
    finally:
        agent.send_signal(signal.SIGKILL)
        agent.wait()
    until(lambda: not alive(helper))


def until(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PLENTY
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def listens(pid: int) -> bool:
    """Whether it has its raw sockets: then it has understood the question."""
    try:
        opened = [str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()]
    except FileNotFoundError:  # one was closed while we looked
        return False
    return sum(name.startswith("socket:") for name in opened) >= 3


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
