"""How many probes a second of CPU gives, by how many in flight, and by how much the event loop is late meanwhile."""

import asyncio
from asyncio import StreamReader, StreamWriter
from dataclasses import astuple, dataclass
from pathlib import Path

import aiohttp

from tests.bench.measure import get
from tests.bench.stand import LOOPBACK, PAGE, Stand
from tests.bench.usage import usage
from tests.lab.process import CHECKOUT
from tests.servers.tcp import listening, request

IN_FLIGHT = (1, 16, 256)
MANY = IN_FLIGHT[-1]
LATE = 1.0  # seconds
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Rate:
    """Probes and the CPU seconds that they took; by how many seconds the loop was late, in 99 of 100 cases and at most,
    and how much of that was its own work.
    """

    probes: int
    cpu: float
    delay_99: float = 0.0
    delay_most: float = 0.0
    own_99: float = 0.0
    own_most: float = 0.0

    @property
    def per_second(self) -> float:
        return self.probes / self.cpu

    def __add__(self, other: "Rate") -> "Rate":
        worse = map(max, astuple(self)[2:], astuple(other)[2:])
        return Rate(self.probes + other.probes, self.cpu + other.cpu, *worse)


@dataclass(frozen=True, slots=True)
class Pair:
    """The agent and blackbox_exporter on the same page, the same number at once, in turn; `bare`: see bare.py."""

    kind: str
    at_once: int
    ours: Rate
    theirs: Rate
    bare: Rate

    @property
    def ratio(self) -> float:
        """Times as many for the same CPU."""
        return self.ours.per_second / self.theirs.per_second


@dataclass(frozen=True, slots=True)
class Lateness:
    """Of the loop with many probes in flight, and of an idle process at the same time."""

    ours: Rate
    idle_99: float
    idle_most: float


async def pairs(stand: Stand, python: Path, count: int) -> list[Pair]:
    """HTTP and HTTPS, by number in flight. In rounds: what else the machine does then falls on all alike."""
    found = []
    for kind, url, ca in (("HTTP", stand.plain_url, ""), ("HTTPS", stand.urls[0], str(stand.ca))):
        for at_once in IN_FLIGHT:
            ours = theirs = bare = Rate(0, 0.0)
            for _ in range(ROUNDS):
                ours += await prober(python, url, ca, count // ROUNDS, at_once)
                theirs += await _blackbox(stand, url, count // ROUNDS, at_once)
                bare += await _run(python, "tests.bench.bare", url, ca, count // ROUNDS)
            found.append(Pair(kind, at_once, ours, theirs, bare))
            print(f"bench: {kind}, {at_once} in flight: {found[-1].ratio:.2f} times blackbox_exporter", flush=True)
    return found


async def delays(stand: Stand, python: Path) -> dict[str, Lateness]:
    """Many probes in flight, each waiting a second for its page."""
    async with listening(_late_page) as plain, listening(_late_page, stand.server_tls()) as tls:
        return {
            "HTTP": await _lateness(python, f"http://{LOOPBACK}:{plain}/", ""),
            "HTTPS": await _lateness(python, f"https://{LOOPBACK}:{tls}/", str(stand.ca)),
        }


async def _lateness(python: Path, url: str, ca: str) -> Lateness:
    pipe = asyncio.subprocess.PIPE
    idle = await asyncio.create_subprocess_exec(python, "-m", "tests.bench.idle", cwd=CHECKOUT, stdin=pipe, stdout=pipe)
    ours = await prober(python, url, ca, 5 * MANY, MANY)
    output, _ = await idle.communicate(b"")
    return Lateness(ours, *map(float, output.split()))


async def _late_page(reader: StreamReader, writer: StreamWriter) -> None:
    await request(reader)
    await asyncio.sleep(LATE)
    body = PAGE.encode()
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)


async def prober(python: Path, url: str, ca: str, count: int, at_once: int) -> Rate:
    """Our service probe in a process of its own."""
    return await _run(python, "tests.bench.prober", url, ca, count, at_once)


async def _run(python: Path, module: str, *arguments: str | int) -> Rate:
    process = await asyncio.create_subprocess_exec(
        python, "-m", module, *map(str, arguments), cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{module} cannot probe {arguments[0]}")
    probes, *seconds = output.split()
    return Rate(int(probes), *map(float, seconds))


async def _blackbox(stand: Stand, url: str, count: int, at_once: int) -> Rate:
    base = stand.probes[0].partition("target=")[0]
    pid = stand.processes["blackbox"].pid
    left = count

    async def worker(session: aiohttp.ClientSession) -> None:
        nonlocal left
        while left > 0:
            left -= 1
            if "probe_success 1" not in await get(session, f"{base}target={url}"):
                raise RuntimeError(f"blackbox_exporter cannot probe {url}")

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await get(session, f"{base}target={url}")
        before = usage(pid).cpu
        await asyncio.gather(*(worker(session) for _ in range(at_once)))
        return Rate(count, usage(pid).cpu - before)
