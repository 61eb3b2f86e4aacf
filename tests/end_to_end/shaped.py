"""A line of a known rate between an office and a far end, where a responder and an iperf3 server wait."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from collectors.core.ports import Direction
from tests.end_to_end.chain import Chain, in_a_row
from tests.lab import net
from tests.tools import needs_root, tool
from tests.tools.debian import CHECKOUT

FAR = "10.77.2.2"
IPERF, RESPONDER = 5201, 9818
KEY = "a key of the throughput test"


@dataclass(frozen=True, slots=True)
class Line:
    """office -[down, up]- router - far; both directions are shaped where they leave the router."""

    office: net.Namespace
    far: net.Namespace
    towards_office: net.End
    towards_far: net.End

    def shape(self, megabits: float) -> None:
        for end in (self.towards_office, self.towards_far):
            net.shape(end, megabits * 1e6)

    def lose(self, share: float) -> None:
        net.lose(self.towards_office, share)

    def iperf3(self, direction: Direction, seconds: int = 3) -> float:
        """Its goodput in bytes per second, at the receiving end."""
        reverse = ("-R",) if direction == "down" else ()
        command = (str(tool("iperf3")), "-c", FAR, "-p", str(IPERF), "-t", str(seconds), "-J", *reverse)
        done = self.office.call(partial(_run, command))
        assert done.returncode == 0, done.stdout + done.stderr
        return float(json.loads(done.stdout)["end"]["sum_received"]["bits_per_second"]) / 8


@contextmanager
def shaped_line(folder: Path, name: str) -> Iterator[Line]:
    """The namespaces, with an iperf3 server and a responder at the far end. Needs root."""
    needs_root()
    with in_a_row(f"{name}-office", f"{name}-router", f"{name}-far") as chain, served(chain, folder) as line:
        yield line


@contextmanager
def served(chain: Chain, folder: Path) -> Iterator[Line]:
    """An iperf3 server and a responder at the far end of office - router - far."""
    with ExitStack() as stack:
        assert chain.far_address == FAR
        key = folder / "key"
        key.write_text(KEY)
        responder = [sys.executable, "communewatch.py", "responder", "run", "--key-file", str(key)]
        for command in ([str(tool("iperf3")), "-s", "-p", str(IPERF)], [*responder, "--listen", f"{FAR}:{RESPONDER}"]):
            stack.callback(_stop, chain.far.call(partial(_start, command)))
        for port in (IPERF, RESPONDER):
            chain.office.call(partial(_until_open, port))
        yield Line(chain.office, chain.far, chain.links[0][1], chain.links[1][0])


def _run(command: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(timeout=5)


def _until_open(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection((FAR, port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, f"nobody listens on port {port}"
            time.sleep(0.05)
