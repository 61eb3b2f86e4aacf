"""`python -m tests.bench.forwarders`: the uplink beside Prometheus' agent mode and vmagent, all with the same scrape.

Live: 150 series each 15 s for five minutes; bytes on the wire, memory and CPU. Outage: each 2 s; after 20 s the
receiver is gone for two minutes, half-way each forwarder is killed (or told to end) and started again; which scrapes
never arrive.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import cramjam
from aiohttp import web

from tests.bench.scrapes import scrapes
from tests.bench.usage import usage
from tests.lab.process import CHECKOUT
from tests.rules.servers import free_port
from tests.tools import tool
from tests.unit.agent.test_uplink_wire import fields

Argv = tuple[str, ...]
WARM, GONE, AFTER = 20.0, 120.0, 130.0  # seconds
TITLE = "## What an office pushes, beside other forwarders"
SECTION = """{title}

Buffer and uplink by themselves, fed by a scrape instead of probes, beside Prometheus' agent mode and Debian's vmagent,
all at the same time, with the same scrape of 150 series, by snappy into the same receiver. Bodies count, not headers.
Live: each 15 s. The aim is 1/2.5 of the peers' bytes.

| live | B/sample | RSS MiB | PSS MiB | CPU ms per s |
|---|---|---|---|---|
{live}

Outage: a scrape each 2 s; the receiver is gone for two minutes, and half-way each forwarder is ended and started again
at once. Lost: scrapes that never arrived. The aim is none, and 1/3.5 of the peers' bytes for what is made good.

| outage | ended by | scrapes | lost | B/sample after it |
|---|---|---|---|---|
{outage}
"""
_TICK = b"\x0a\x08__name__\x12\x04tick"


@dataclass(slots=True)
class Peer:
    """One forwarder: what it was shown, and what came through. Bodies only; headers come on top for all alike."""

    name: str
    page: object = None
    shown: int = 0
    arrived: set[int] = field(default_factory=set)
    samples: int = 0
    bytes: int = 0
    away: bool = False

    def forget(self) -> None:
        self.samples = self.bytes = 0


class Centre:
    """The page that is scraped, and the receiver, for each forwarder its own."""

    def __init__(self) -> None:
        self.peers: dict[str, Peer] = {}
        self.port = 0

    def peer(self, name: str) -> Peer:
        return self.peers.setdefault(name, Peer(name, scrapes(1 << 30)))

    async def show(self, request: web.Request) -> web.Response:
        peer = self.peer(request.match_info["name"])
        peer.shown += 1
        values = next(peer.page)[1]  # type: ignore[call-overload]
        lines = [f"tick {peer.shown}"]
        for key, value in values.items():
            (_, name), *others = key
            rest = ",".join(f'{label}="{text}"' for label, text in others)
            lines.append(f"{name}{{{rest}}} {value!r}")
        return web.Response(text="\n".join(lines) + "\n")

    async def take(self, request: web.Request) -> web.Response:
        peer = self.peer(request.match_info["name"])
        body = await request.read()
        if peer.away:
            if request.transport:
                request.transport.abort()
            return web.Response(status=503)
        peer.bytes += len(body)
        for kind, one in fields(bytes(cramjam.snappy.decompress_raw(body))):
            if kind == 1:
                assert isinstance(one, bytes)
                self._count(peer, one)
        return web.Response(status=204)

    @staticmethod
    def _count(peer: Peer, series: bytes) -> None:
        values = [dict(fields(content)).get(1, 0.0) for part, content in fields(series) if part == 2]  # type: ignore[arg-type]
        peer.samples += len(values)
        if _TICK in series:
            peer.arrived.update(int(value) for value in values if isinstance(value, float) and value == value)


@asynccontextmanager
async def centre() -> AsyncIterator[Centre]:
    found, app = Centre(), web.Application(client_max_size=1 << 27)
    app.add_routes([web.get("/{name}/metrics", found.show), web.post("/{name}/api/v1/write", found.take)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.port = runner.addresses[0][1]
    try:
        yield found
    finally:
        await runner.cleanup()


# --- the forwarders -------------------------------------------------------------------------------------------------


def prometheus(folder: Path, place: str, every: float) -> Argv:
    config = folder / "prometheus.yml"
    config.write_text(_scrape(place, every) + f"remote_write: [{{url: 'http://{place}/api/v1/write'}}]\n")
    return (
        str(tool("prometheus")), "--enable-feature=agent", f"--config.file={config}",
        f"--storage.agent.path={folder}/data", f"--web.listen-address=127.0.0.1:{free_port()}",
    )  # fmt: skip


def vmagent(folder: Path, place: str, every: float) -> Argv:
    config = folder / "vmagent.yml"
    config.write_text(_scrape(place, every))
    return (
        str(tool("vmagent")), f"-promscrape.config={config}", f"-remoteWrite.url=http://{place}/api/v1/write",
        f"-remoteWrite.tmpDataPath={folder}/data", f"-httpListenAddr=127.0.0.1:{free_port()}",
        "-promscrape.suppressScrapeErrors",
    )  # fmt: skip


def uplink(folder: Path, place: str, every: float) -> Argv:
    return (sys.executable, "-m", "tests.bench.forwarder", f"http://{place}", str(folder), str(every))


def _scrape(place: str, every: float) -> str:
    host, _, name = place.partition("/")
    return (
        f"global: {{scrape_interval: {every:g}s, scrape_timeout: 1s}}\n"
        f"scrape_configs: [{{job_name: office, metrics_path: /{name}/metrics,"
        f" static_configs: [{{targets: ['{host}']}}]}}]\n"
    )


FORWARDERS: tuple[Callable[[Path, str, float], Argv], ...] = (uplink, vmagent, prometheus)


# --- the two scenes -------------------------------------------------------------------------------------------------


async def _start(argv: Argv) -> Process:
    return await asyncio.create_subprocess_exec(*argv, cwd=CHECKOUT, stdout=DEVNULL, stderr=DEVNULL)


async def live(where: Centre, make: Callable[[Path, str, float], Argv], folder: Path, seconds: float) -> str:
    """A line of the table."""
    name = f"{make.__name__}-live"
    process = await _start(make(folder, f"127.0.0.1:{where.port}/{name}", 15))
    peer = where.peer(name)
    await asyncio.sleep(75)
    peer.forget()
    before = usage(process.pid)
    await asyncio.sleep(seconds)
    now = usage(process.pid)
    process.kill()
    await process.wait()
    each = peer.bytes / max(1, peer.samples)
    cpu = (now.cpu - before.cpu) / seconds * 1000
    return f"| {make.__name__} | {each:.2f} | {now.rss / 2**20:.1f} | {now.pss / 2**20:.1f} | {cpu:.1f} |"


async def outage(where: Centre, make: Callable[[Path, str, float], Argv], folder: Path, end: signal.Signals) -> str:
    """The same."""
    name = f"{make.__name__}-{end.name.lower()}"
    argv = make(folder, f"127.0.0.1:{where.port}/{name}", 2)
    peer, process = where.peer(name), await _start(argv)
    await asyncio.sleep(WARM)
    peer.away = True
    await asyncio.sleep(GONE / 2)
    process.send_signal(end)
    try:
        async with asyncio.timeout(30):
            await process.wait()
    except TimeoutError:
        process.kill()
    process = await _start(argv)
    await asyncio.sleep(GONE / 2)
    peer.away, shown = False, peer.shown
    peer.forget()
    await asyncio.sleep(AFTER)
    process.kill()
    await process.wait()
    lost = shown - len({one for one in peer.arrived if one <= shown})
    return f"| {make.__name__} | {end.name} | {shown} | {lost} | {peer.bytes / max(1, peer.samples):.2f} |"


async def measured(seconds: float) -> str:
    """The section of docs/benchmarks.md. All at the same time."""
    numbers = count()
    with tempfile.TemporaryDirectory(prefix="communewatch-bench-") as root:

        def folder() -> Path:
            made = Path(root) / str(next(numbers))
            made.mkdir()
            return made

        async with centre() as where:
            lives = [live(where, make, folder(), seconds) for make in FORWARDERS]
            outages = [
                outage(where, make, folder(), end) for make in FORWARDERS for end in (signal.SIGKILL, signal.SIGTERM)
            ]
            lines = await asyncio.gather(*lives, *outages)
    return SECTION.format(title=TITLE, live="\n".join(lines[:3]), outage="\n".join(lines[3:]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.forwarders", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300, help="length of the live scene")
    print(asyncio.run(measured(parser.parse_args().seconds)))
