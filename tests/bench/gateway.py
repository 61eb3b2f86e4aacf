"""The gateway at a whole country: 3,321 offices, each with a certificate of its own, before a store that takes all.

nginx, which checks the same certificates and hands on the same requests without looking into them, is the peer.
"""

import asyncio
import resource
import ssl
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.gateway.envelope import pack
from tests.bench.stand import free_ports
from tests.bench.usage import usage
from tests.lab import nginx
from tests.lab.process import CHECKOUT
from tests.servers.gateway import Authority, message, store

OFFICES = 3321
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
the agents send it ({per_minute} samples a series), and a backlog of an hour from {catching_up} of them. nginx checks
the same certificates and hands on the same bytes without looking into them. CPU seconds are those of the process alone;
the load generator and the store have the other core.

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


class Office:
    """One office's connection."""

    def __init__(self, name: str, context: ssl.SSLContext) -> None:
        self.name, self._context = name, context
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, port: int, body: bytes) -> None:
        """Answered with 204, or RuntimeError."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(
                "127.0.0.1", port, ssl=self._context, server_hostname="127.0.0.1", ssl_handshake_timeout=120
            )
        reader, writer = self._streams
        writer.write(_head(len(body)) + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 204"):
            raise RuntimeError(f"{self.name}: {answer[:40]!r}")

    async def close(self) -> None:
        if self._streams:
            self._streams[1].transport.abort()
            self._streams = None


async def country(folder: Path) -> str:
    """The section of the page."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    authority = Authority(folder / "ca", time.time())
    authority.server("127.0.0.1")
    names = [f"{number:05}-1" for number in range(OFFICES)]
    entries = (f'  {name}: {{province: "04", commune: "{name[:5]}", office: {name}}}\n' for name in names)
    (folder / "identities.yml").write_text("version: 1\noffices:\n" + "".join(entries))
    papers = [authority.office(name) for name in names]
    offices = [Office(name, authority.trusted_by(paper)) for name, paper in zip(names, papers, strict=True)]
    async with store() as behind:
        behind.keeps = False
        rows = []
        for name, running in (("gateway", _gateway), ("nginx", _nginx)):
            async with running(folder, authority.path, behind.url) as (pid, port):
                rows.append(await _carry(name, pid, port, offices))
            for office in offices:
                await office.close()
    ours, theirs = rows
    return SECTION.format(
        title=TITLE, offices=f"{OFFICES:,}", series=SERIES, per_minute=PER_MINUTE, catching_up=CATCHING_UP,
        rows="\n".join(row.row() for row in rows), back=ours.took, ratio=ours.minute / theirs.minute,
    )  # fmt: skip


async def _carry(name: str, pid: int, port: int, offices: Sequence[Office]) -> Carried:
    begun, before = time.monotonic(), usage(pid)
    await _all(offices, port, time.time(), PER_MINUTE)
    took, back = time.monotonic() - begun, usage(pid)
    await _all(offices, port, time.time(), PER_MINUTE)
    minute = usage(pid)
    for piece in range(6):
        await _all(offices[:CATCHING_UP], port, time.time() - 3600 + 600 * piece, AN_HOUR // 6)
    after = usage(pid)
    return Carried(name, back.cpu - before.cpu, minute.cpu - back.cpu, after.cpu - minute.cpu, after.rss, took)


async def _all(offices: Iterable[Office], port: int, at: float, samples: int) -> None:
    """One request of each, so many at once."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(office: Office) -> None:
        async with room:
            await office.send(port, pack(message(at, office.name, series=SERIES, samples=samples)))

    await asyncio.gather(*(one(office) for office in offices))


def _head(size: int) -> bytes:
    lines = (
        "POST /api/v1/write HTTP/1.1", "Host: gateway", "Content-Encoding: snappy",
        "Content-Type: application/x-protobuf", f"Content-Length: {size}",
    )  # fmt: skip
    return "\r\n".join((*lines, "", "")).encode()


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
            while not await _is_open(port):
                await asyncio.sleep(0.05)
        yield process.pid, port
    finally:
        process.kill()
        await process.wait()


async def _is_open(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
