"""The ground that the lab stands on: links to shape, cut and make lossy, and programs that do not outlive it."""

import asyncio
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Interface
from itertools import islice
from pathlib import Path

import pytest

from tests.lab import net
from tests.lab import process as process_module
from tests.lab.errors import LabError
from tests.lab.plan import Claim, labs_folder
from tests.lab.process import CHECKOUT, Command, Processes
from tests.tools import needs_root, tool

PORT = 9000
SO_RCVBUFFORCE = 33  # a receive buffer beyond what the machine grants to users
# A lab in miniature: it starts a program in a namespace of its own, says which one, and waits to be killed.
PARENT = """
import asyncio, sys
from pathlib import Path
from tests.lab import net
from tests.lab.process import Command, Processes

async def main():
    network = net.Namespace.create("short-lived")
    program = (sys.executable, "-c", "import time; time.sleep(600)")
    process = await Processes(Path(sys.argv[1])).start(Command("child", program, network.path))
    print(process.pid, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.fixture
def cable() -> Iterator[tuple[net.End, net.End]]:
    """Two namespaces and a link between them."""
    needs_root()
    for name in ("ip", "tc", "nft"):
        tool(name)
    here, there = net.Namespace.create("here"), net.Namespace.create("there")
    near = net.End(here, "near", IPv4Interface("198.18.255.1/30"))
    far = net.End(there, "far", IPv4Interface("198.18.255.2/30"))
    for namespace in (here, there):
        net.open_loopback(namespace)
    net.connect(near, far)
    assert send(near, far, 1) == 1  # both ends know each other's hardware address from here on
    yield near, far
    here.close()
    there.close()


def send(sender: net.End, receiver: net.End, packets: int, seconds: float = 0.5) -> int:
    """How many of these datagrams arrive, waiting at most `seconds` for the next one."""
    sockets = [end.namespace.call(lambda: socket.socket(type=socket.SOCK_DGRAM)) for end in (sender, receiver)]
    outgoing, incoming = sockets
    with outgoing, incoming:
        incoming.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 22)
        incoming.bind((str(receiver.address.ip), PORT))
        incoming.settimeout(seconds)
        for _ in range(packets):
            try:
                outgoing.sendto(bytes(1000), (str(receiver.address.ip), PORT))
            except OSError:
                continue
        return sum(1 for _ in islice(arrivals(incoming), packets))


def arrivals(incoming: socket.socket) -> Iterator[bytes]:
    """Datagrams until none comes any more."""
    try:
        while True:
            yield incoming.recv(2048)
    except TimeoutError:
        return


def test_a_link_carries_packets_until_it_is_cut_and_again_once_it_is_mended(cable: tuple[net.End, net.End]) -> None:
    near, far = cable
    assert send(far, near, 10) == 10
    net.cut(near)
    assert send(far, near, 10) == 0
    net.mend(near)
    for end in cable:
        net.wait_for_carrier(end)
    # Who asked for the neighbour's address into the dead cable asks again a second later.
    assert any(send(far, near, 10) == 10 for _ in range(20))


def test_a_lossy_link_loses_the_share_that_was_asked_for(cable: tuple[net.End, net.End]) -> None:
    near, far = cable
    net.lose(near, 0.3)
    assert 0.6 < send(far, near, 1000) / 1000 < 0.8
    assert 0.6 < send(near, far, 1000) / 1000 < 0.8
    net.lose(near, 0)
    assert send(far, near, 1000) == 1000


def test_a_shaped_link_takes_the_time_that_its_rate_asks_for(cable: tuple[net.End, net.End]) -> None:
    near, far = cable
    megabyte, rate = 1_000_000, 8_000_000
    unshaped = seconds_to_send(near, far, megabyte)
    net.shape(near, rate)
    # A busy machine only makes it longer: the shortest of three tries is nearest to the link's own time.
    shaped = min(seconds_to_send(near, far, megabyte) for _ in range(3))
    assert unshaped < shaped / 2
    assert 0.9 < shaped / (megabyte * 8 / rate) < 1.3  # headers take their part of the rate


def seconds_to_send(sender: net.End, receiver: net.End, size: int) -> float:
    """How long this many bytes take over TCP, from the first one sent to the last one received."""
    server = receiver.namespace.call(lambda: socket.create_server((str(receiver.address.ip), PORT)))
    address = (str(receiver.address.ip), PORT)
    with server, sender.namespace.call(lambda: socket.create_connection(address)) as outgoing:
        incoming, _ = server.accept()
        with incoming, ThreadPoolExecutor(1) as sending:
            start = time.monotonic()
            sending.submit(outgoing.sendall, bytes(size))
            received = 0
            while received < size:
                received += len(incoming.recv(1 << 16))
            return time.monotonic() - start


async def until(condition: Callable[[], bool], within: float = 10) -> None:
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether the process still runs; one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_nothing_survives_a_lab_that_is_killed(tmp_path: Path) -> None:
    needs_root()
    lab = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(tmp_path), stdout=asyncio.subprocess.PIPE, cwd=CHECKOUT
    )
    assert lab.stdout
    child = int(await lab.stdout.readline())
    assert alive(child)
    lab.kill()
    await lab.wait()
    await until(lambda: not alive(child))


async def test_a_program_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    script = "sleep 600 & echo $!; wait"
    process = await processes.start(Command("parent", ("sh", "-c", script)))
    await until(lambda: process.log.read_text().endswith("\n"))
    grandchild = int(process.log.read_text())
    assert process.alive()
    await processes.stop()
    assert not process.alive()
    await until(lambda: not alive(grandchild))


async def test_a_program_that_does_not_listen_to_sigterm_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_module, "GRACE", 0.2)
    processes = Processes(tmp_path)
    process = await processes.start(Command("deaf", ("sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 1; done")))
    await until(lambda: "deaf" in process.log.read_text())
    await processes.stop()
    assert not process.alive()


async def test_a_program_that_ends_too_early_is_named_with_its_last_words(tmp_path: Path) -> None:
    async def never() -> bool:
        return False

    processes = Processes(tmp_path)
    await processes.start(Command("clumsy", ("sh", "-c", "echo no such file >&2; exit 3")))
    with pytest.raises(LabError, match=r"clumsy ended\n +no such file"):
        await processes.until(never, "the impossible", within=10)


async def test_a_program_may_be_killed_and_started_again(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    process = await processes.start(Command("phoenix", ("sleep", "600")))
    first = process.pid
    await process.kill()
    assert not process.alive()
    assert not processes.failed  # it was asked to end
    await process.start()
    assert process.alive()
    assert process.pid != first
    await processes.stop()


def test_two_labs_at_once_get_numbers_and_folders_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    first, second = Claim.take(), Claim.take()
    assert first.number != second.number
    assert first.folder.is_dir()
    assert second.folder.is_dir()
    first.close()
    second.close()
    assert not first.folder.exists()


def test_the_folder_of_a_killed_lab_is_swept_away_by_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left_behind = labs_folder() / "199" / "prometheus"
    left_behind.mkdir(parents=True)
    claim = Claim.take()
    assert not left_behind.parent.exists()
    claim.close()
