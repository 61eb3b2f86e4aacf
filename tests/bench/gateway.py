"""What the gateway costs beside nginx: 3,321 offices, each with a certificate of its own, and a store that takes all.

nginx checks the same certificates and hands on the same requests without looking into them.
"""

import asyncio
import resource
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.country import OFFICES, PIECE, SCRAPE, Office, body, offices
from tests.bench.stand import free_ports, is_open
from tests.bench.usage import usage
from tests.lab import nginx
from tests.lab.process import CHECKOUT
from tests.servers.gateway import store

SERIES, PER_MINUTE, AN_HOUR = 150, 4, 240  # samples of a series
AT_ONCE = 64  # requests that the load generator has under way
CATCHING_UP = 166  # offices whose backlog of an hour is sent: a twentieth of them

CONFIG = """\
version: 1
listen: 127.0.0.1:{port}
metrics: 127.0.0.1:{metrics}
tls: {{certificate: {ca}/server.crt, key: {ca}/server.key, authority: {ca}/authority.pem}}
identities: {folder}/identities.yml
store: {{url: "{store}"}}
allowed: {{catching_up: 4000, connections: 8000, samples_per_second: 1000000, burst: 1000000}}
"""
PROXY = """
upstream store {{ server {store}; keepalive 64; }}
server {{
  listen 127.0.0.1:{port} ssl backlog=4096;
  ssl_certificate {ca}/server.crt;
  ssl_certificate_key {ca}/server.key;
  ssl_client_certificate {ca}/authority.pem;
  ssl_verify_client on;
  ssl_verify_depth 2;
  ssl_protocols TLSv1.3;
  keepalive_timeout 600s;
  keepalive_requests 100000;
  client_max_body_size 1m;
  client_body_buffer_size 1m;
  location / {{
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_pass http://store;
  }}
}}
"""
TITLE = "## The gateway and a whole country"
SECTION = """{title}

{offices} offices, each with a certificate and a connection of its own, {series} series each: one request a minute as
the agents send it ({per_minute} samples a series, zstd), and a backlog of an hour from {catching_up} of them. nginx
checks the same certificates and hands on the same bytes without looking into them. CPU seconds are those of the process
alone; the load generator and the store have the other core.

| | CPU s, all come back | CPU s, a minute of all | offices at 60 s per core | backlog samples per CPU s | RSS MiB |
|---|---|---|---|---|---|
{rows}

When all come back at once, {offices} connections, their certificates and the first request of each take {back:.0f} s
(load generator included). A minute of all, read and judged, costs {ratio:.1f} times what nginx uses to hand it on.
"""


@dataclass(frozen=True, slots=True)
class Carried:
    """What one process used. back, minute, backlog: CPU seconds; took: seconds that passed until all were back."""

    name: str
    back: float
    minute: float
    backlog: float
    rss: int
    took: float

    def row(self) -> str:
        per_core, rate = OFFICES * 60 / self.minute, CATCHING_UP * SERIES * AN_HOUR / self.backlog
        memory = f"{self.rss / 2**20:.0f}"
        return f"| {self.name} | {self.back:.1f} | {self.minute:.1f} | {per_core:,.0f} | {rate:,.0f} | {memory} |"


async def country(folder: Path) -> str:
    """The section of the page."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    everybody = list(offices(folder, SERIES))
    async with store() as behind:
        behind.keeps = False
        rows = []
        for name, running in (("gateway", _gateway), ("nginx", _nginx)):
            async with running(folder, folder / "ca", behind.url) as (pid, port):
                rows.append(await _carry(name, pid, port, everybody))
            for one in everybody:
                one.line.close()
    ours, theirs = rows
    return SECTION.format(
        title=TITLE, offices=f"{OFFICES:,}", series=SERIES, per_minute=PER_MINUTE, catching_up=CATCHING_UP,
        rows="\n".join(row.row() for row in rows), back=ours.took, ratio=ours.minute / theirs.minute,
    )  # fmt: skip


async def _carry(name: str, pid: int, port: int, everybody: Sequence[Office]) -> Carried:
    newest = int(time.time() / SCRAPE)
    begun, before = time.monotonic(), usage(pid)
    await _all(everybody, port, newest - PER_MINUTE, PER_MINUTE)
    took, back = time.monotonic() - begun, usage(pid)
    await _all(everybody, port, newest, PER_MINUTE)
    minute = usage(pid)
    for piece in range(AN_HOUR // PIECE):
        await _all(everybody[:CATCHING_UP], port, newest - AN_HOUR + PIECE * piece, PIECE)
    after = usage(pid)
    return Carried(name, back.cpu - before.cpu, minute.cpu - back.cpu, after.cpu - minute.cpu, after.rss, took)


async def _all(everybody: Iterable[Office], port: int, last: int, scrapes: int) -> None:
    """One request of each, so many at once. RuntimeError where one is not taken."""
    room = asyncio.Semaphore(AT_ONCE)

    async def send(office: Office) -> None:
        async with room:
            status, _ = await office.line.post(port, body(office.name, last, scrapes, SERIES))
            if status != 204:
                raise RuntimeError(f"{office.name}: {status}")

    await asyncio.gather(*map(send, everybody))


@asynccontextmanager
async def _gateway(folder: Path, ca: Path, url: str) -> AsyncIterator[tuple[int, int]]:
    port, metrics = free_ports(2)
    config = folder / "gateway.yml"
    config.write_text(CONFIG.format(port=port, metrics=metrics, ca=ca, folder=folder, store=url))
    command = [sys.executable, "communewatch.py", "gateway", "run", "--config", str(config)]
    process = await asyncio.create_subprocess_exec(*command, stderr=PIPE, cwd=CHECKOUT)
    try:
        if not process.stderr or b"gateway_started" not in await process.stderr.readline():
            raise RuntimeError("the gateway did not start")
        yield process.pid, port
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def _nginx(folder: Path, ca: Path, url: str) -> AsyncIterator[tuple[int, int]]:
    (port,) = free_ports(1)
    place = url.removeprefix("http://").partition("/")[0]
    nginx.write_configuration(folder / "nginx", PROXY.format(port=port, ca=ca, store=place))
    text = (folder / "nginx" / "nginx.conf").read_text().replace("worker_connections 1024", "worker_connections 16384")
    (folder / "nginx" / "nginx.conf").write_text(text)
    process = await asyncio.create_subprocess_exec(
        *nginx.command("peer", folder / "nginx", "").argv, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        async with asyncio.timeout(20):
            while not await is_open(port):
                await asyncio.sleep(0.05)
        yield process.pid, port
    finally:
        process.kill()
        await process.wait()
