"""A cell's network: office - router - delay line - far end, shaped, policed, with what others send. Needs root."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench.capacity.cells import MEGABIT, Cell, Others
from tests.end_to_end.chain import Chain, far_away
from tests.end_to_end.shaped import FAR, Line, served
from tests.lab import net
from tests.tools import tool
from tests.tools.debian import CHECKOUT

WEB, GREEDY = 8080, (5202, 5203)
_WARM = 2.0  # seconds until the others have found their pace


@contextmanager
def staged(cell: Cell, folder: Path) -> Iterator[Line]:
    """The line of a cell, in use as the cell says."""
    batch = ("--batch-to-near", str(cell.batch), "--batch-to-far", str(cell.batch)) if cell.batch else ()
    jitter = ("--jitter", str(cell.jitter)) if cell.jitter else ()
    with ExitStack() as stack:
        chain = stack.enter_context(far_away("bench", cell.round_trip / 2, *batch, *jitter))
        line = stack.enter_context(served(chain, folder))
        _shape(cell, line)
        for command, where in _commands(cell, chain):
            stack.enter_context(launched(command, where))
        if cell.others is not Others.NOBODY or cell.hogs:
            time.sleep(_WARM)
        yield line


def _shape(cell: Cell, line: Line) -> None:
    for end, megabits in ((line.towards_office, cell.carried("down")), (line.towards_far, cell.carried("up"))):
        if cell.policed:
            _police(end, megabits, cell.bucket)
        else:
            net.shape(end, megabits * MEGABIT, cell.queue, cell.bucket)
    line.lose(cell.loss)


def _police(end: net.End, megabits: float, bucket: int) -> None:
    """Drop what is beyond the rate and wait for nothing, as a policer does; what is in the bucket passes at once."""
    size = megabits * MEGABIT / 8
    # nftables counts bytes in a bucket of a second's worth or more, and only packets in a smaller one.
    pace = (
        f"{round(size / net.FRAME)}/second burst {round(bucket / net.FRAME)} packets"
        if bucket
        else f"{round(size)} bytes/second burst {round(size)} bytes"
    )
    chain = f"chain out {{ type filter hook egress device {end.interface} priority 0; limit rate over {pace} drop; }}"
    end.namespace.run("nft", f"table netdev policer_{end.interface} {{ {chain}; }}")


def _commands(cell: Cell, chain: Chain) -> Iterator[tuple[list[str], net.Namespace]]:
    """What runs meanwhile, and where."""
    traffic = [sys.executable, "-m", "tests.bench.capacity.traffic"]
    down, up = (str(cell.carried(direction) * cell.share) for direction in ("down", "up"))
    office = str(chain.links[0][0].address.ip)
    match cell.others:
        case Others.UDP:
            yield [*traffic, "udp", office, down], chain.far
            yield [*traffic, "udp", FAR, up], chain.office
        case Others.WEB:
            yield [*traffic, "serve", str(WEB)], chain.far
            yield [*traffic, "web", FAR, str(WEB), down], chain.office
            yield [*traffic, "web", FAR, str(WEB), up, "--up"], chain.office
        case Others.TCP:
            iperf3 = str(tool("iperf3"))
            for port, way in zip(GREEDY, (("-R",), ()), strict=True):
                yield [iperf3, "-s", "-p", str(port)], chain.far
                yield ["sh", "-c", f"sleep 0.5; exec {iperf3} -c {FAR} -p {port} -t 600 {' '.join(way)}"], chain.office
        case Others.NOBODY:
            pass
    for _ in range(cell.hogs):
        yield [sys.executable, "-c", "while True: pass"], chain.office


@contextmanager
def launched(command: list[str], where: net.Namespace) -> Iterator[None]:
    """The command runs in the namespace for the block."""
    quiet = subprocess.DEVNULL
    process = where.call(lambda: subprocess.Popen(command, cwd=CHECKOUT, stdout=quiet, stderr=quiet))
    try:
        yield
    finally:
        process.kill()
        process.wait()
