"""What a gateway needs around it: an authority, a list of offices, a store that keeps what it is given, and offices."""

import asyncio
import re
import ssl
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import aiohttp
import cramjam
from aiohttp import web

from agent.gateway.envelope import pack
from agent.uplink.series import Series, encode
from collectors.core.pki import certificate_pem, issue, key_pem, new_key
from inventory.ca import build
from inventory.ca.folder import Folder, write
from tests.lab.process import CHECKOUT
from tests.rules.servers import free_port

OFFICES = ("01273-1", "01290-1")
IDENTITIES = """\
version: 1
offices:
  01273-1: {province: "04", commune: "01273", office: 01273-1}
  01290-1: {province: "04", commune: "01290", office: 01290-1}
"""
STARTED = re.compile(r"event=gateway_started listen=127\.0\.0\.1:(\d+) metrics=(\d+)")
CONFIG = """\
version: 1
listen: 127.0.0.1:{port}
metrics: 127.0.0.1:{metrics}
tls:
  certificate: {ca}/server.crt
  key: {ca}/server.key
  authority: {ca}/authority.pem
  revoked: {ca}/revoked.crl
  revoked_offices: {ca}/revoked.yml
identities: {folder}/identities.yml
store: {{url: {store}, tenant: cao-bang, token: {{file: token}}, timeout: 2s}}
issuer: {{certificate: {ca}/issuer.pem, key: {ca}/issuer.key, lifetime: 30d}}
allowed: {{connections: 40, catching_up: 1}}
"""
_DAY = 86400.0
_NOTHING = pack(b"")  # by which the gateway sees how its store is


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate with its chain, and its key, as files."""

    certificate: Path
    key: Path


class Authority:
    """A province's authority in a folder, with whatever else the tests want it to sign."""

    def __init__(self, path: Path, now: float) -> None:
        self.folder, self.now = Folder(path), now
        self.folder.create("test", now)
        self.path = path

    def office(self, office: str, *, name: str = "", now: float | None = None, days: float = 90) -> Paper:
        """A certificate of that office; `name`: of its files."""
        signer, key = self.folder.issuer(), new_key()
        made = issue(signer, office, key.public_key(), self.now if now is None else now, days * _DAY)
        self.folder.record(made, office)
        paper = Paper(self.path / f"{name or office}.crt", self.path / f"{name or office}.key")
        write(paper.certificate, certificate_pem(made) + certificate_pem(signer.certificate))
        write(paper.key, key_pem(key), private=True)
        return paper

    def server(self, *names: str) -> Paper:
        signer = self.folder.issuer()
        made = build.server(signer, names, self.now, 90 * _DAY)
        paper = Paper(self.path / "server.crt", self.path / "server.key")
        write(paper.certificate, certificate_pem(made.certificate) + certificate_pem(signer.certificate))
        write(paper.key, key_pem(made.key), private=True)
        return paper

    def trusted_by(self, paper: Paper | None) -> ssl.SSLContext:
        """How a client with this certificate speaks to a server of this authority."""
        context = ssl.create_default_context(cafile=self.path / "root.pem")
        if paper:
            context.load_cert_chain(paper.certificate, paper.key)
        return context


@dataclass(slots=True)
class Store:
    """A receiver of remote write that keeps what it is given, and answers as it is told."""

    status: int = 204
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    blocks: list[bytes] = field(default_factory=list)
    asked: list[Mapping[str, str]] = field(default_factory=list)
    url: str = ""
    keeps: bool = True
    may_answer: asyncio.Event | None = None  # None: at once

    @property
    def messages(self) -> list[bytes]:
        return [bytes(cramjam.snappy.decompress_raw(block)) for block in self.blocks]

    async def take(self, request: web.Request) -> web.Response:
        block = await request.read()
        keeps = self.keeps and block != _NOTHING
        if keeps:
            self.asked.append(dict(request.headers))
        if self.status < 300 and keeps:
            self.blocks.append(block)
        if self.may_answer and block != _NOTHING:
            await self.may_answer.wait()
        return web.Response(status=self.status, text=self.text, headers=dict(self.headers))


@asynccontextmanager
async def store() -> AsyncIterator[Store]:
    """On a free port of loopback."""
    found = Store()
    app = web.Application(client_max_size=1 << 26)
    app.add_routes([web.post("/api/v1/write", found.take)])
    runner = web.AppRunner(app, access_log=None, auto_decompress=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/v1/write"
        yield found
    finally:
        await runner.cleanup()


def message(
    at: float, office: str = OFFICES[0], *, series: int = 3, samples: int = 1, every: float = 1.0, **labels: str
) -> bytes:
    """A WriteRequest of an office; at: Unix seconds of the last samples, which are `every` seconds apart."""
    identity = {"province": "04", "commune": office.partition("-")[0], "office": office, **labels}
    times = tuple(round((at - every * back) * 1000) for back in reversed(range(samples)))
    made = [
        Series(tuple(sorted({"__name__": f"toy_{number}", **identity}.items())), times, (float(number),) * samples)
        for number in range(series)
    ]
    return encode(made)


async def post(
    session: aiohttp.ClientSession, url: str, body: bytes, encoding: str = "snappy"
) -> aiohttp.ClientResponse:
    """The answer, read to its end."""
    headers = {"Content-Encoding": encoding, "Content-Type": "application/x-protobuf"}
    async with session.post(url, data=BytesIO(body), headers=headers) as answer:
        await answer.read()
        return answer


@dataclass(slots=True)
class Running:
    process: Process
    port: int
    metrics: int
    authority: Authority
    store: Store
    papers: dict[str, Paper]
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}/api/v1/write"

    @asynccontextmanager
    async def office(self, paper: Paper | None = None) -> AsyncIterator[aiohttp.ClientSession]:
        context = self.authority.trusted_by(paper or self.papers[OFFICES[0]])
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as session:
            yield session

    async def send(self, body: bytes, encoding: str = "snappy", paper: Paper | None = None) -> tuple[int, str]:
        """The status of the answer, and what it says."""
        async with self.office(paper) as session:
            answer = await post(session, self.url, body, encoding)
            return answer.status, await answer.text()

    async def page(self) -> dict[str, float]:
        url = f"http://127.0.0.1:{self.metrics}/metrics"
        async with aiohttp.ClientSession() as web, web.get(url) as answer:
            found = re.findall(r"^([^#\s]\S*) (\S+)$", await answer.text(), re.MULTILINE)
        return {name: float(value) for name, value in found}

    async def until(self, name: str, value: float) -> None:
        async with asyncio.timeout(20):
            while (await self.page()).get(name) != value:
                await asyncio.sleep(0.05)


@asynccontextmanager
async def running(folder: Path, connections: int = 40) -> AsyncIterator[Running]:
    authority = Authority(folder / "ca", time.time())
    authority.server("127.0.0.1")
    papers = {office: authority.office(office) for office in OFFICES}
    (folder / "identities.yml").write_text(IDENTITIES)
    (folder / "token").write_text("a secret of the store\n")
    async with store() as behind:
        port, metrics = free_port(), free_port()
        config = folder / "gateway.yml"
        text = CONFIG.format(port=port, metrics=metrics, ca=authority.path, folder=folder, store=behind.url)
        config.write_text(text.replace("connections: 40", f"connections: {connections}"))
        command = [sys.executable, "communewatch.py", "gateway", "run", "--config", str(config)]
        process = await asyncio.create_subprocess_exec(*command, stderr=PIPE, cwd=CHECKOUT)
        assert process.stderr
        said = [(await process.stderr.readline()).decode()]
        assert STARTED.search(said[0]), said
        listening = asyncio.create_task(_listen(process, said))
        try:
            yield Running(process, port, metrics, authority, behind, papers, said)
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            assert await asyncio.wait_for(process.wait(), 15) == 0
            await listening


async def _listen(process: Process, said: list[str]) -> None:
    assert process.stderr
    async for line in process.stderr:
        said.append(line.decode())
