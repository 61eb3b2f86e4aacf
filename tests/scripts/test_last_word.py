"""The last word on its real way: agent, TLS and a password by the shipped nginx configuration, Prometheus."""

import asyncio
import base64
import hashlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

import aiohttp
import pytest

from tests.lab import nginx
from tests.lab.authority import Authority
from tests.lab.process import CHECKOUT
from tests.rules.servers import free_port, until
from tests.tools import tool

PASSWORD = "a-password-for-offices"
CONFIG = """
version: 1
identity: {{province: "04", commune: "01273", office: 01273-1}}
name: {{vi: Trung tâm xã Trường Hà, en: Truong Ha}}
listen: 127.0.0.1:{port}
probes: [{{collector: host, every: 1s, timeout: 1s}}]
last_word:
  url: https://127.0.0.1:{way}/api/v1/write
  ca_file: {ca}
  user: office
  password: {{file: last-word}}
"""


@dataclass
class Province:
    """Prometheus on loopback and nginx before it."""

    folder: Path
    ca: Path
    prometheus: int
    way: int

    async def query(self, expression: str) -> list[dict[str, object]]:
        url = f"http://127.0.0.1:{self.prometheus}/api/v1/query"
        async with aiohttp.ClientSession() as session, session.get(url, params={"query": expression}) as answer:
            found: list[dict[str, object]] = (await answer.json())["data"]["result"]
            return found

    async def status(self, method: str, path: str) -> int:
        """What nginx says to somebody without a password."""
        url = f"https://127.0.0.1:{self.way}{path}"
        async with aiohttp.ClientSession() as session, session.request(method, url, ssl=False) as answer:
            return answer.status


async def is_open(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@pytest.fixture
async def province(tmp_path: Path) -> AsyncIterator[Province]:
    authority = Authority(tmp_path / "tls", datetime.now(UTC))
    found = Province(tmp_path, authority.path, free_port(), free_port())
    (tmp_path / "prometheus.yml").write_text("scrape_configs: []\n")
    prometheus = (
        str(tool("prometheus")), f"--config.file={tmp_path}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/data",
        f"--web.listen-address=127.0.0.1:{found.prometheus}", "--web.enable-remote-write-receiver",
    )  # fmt: skip
    way = nginx.command("way", tmp_path / "nginx", "").argv if configure(found, authority) else ()
    processes = [
        await asyncio.create_subprocess_exec(*argv, stdout=DEVNULL, stderr=DEVNULL) for argv in (prometheus, way)
    ]
    try:
        for port in (found.prometheus, found.way):
            await until(lambda port=port: is_open(port))  # type: ignore[misc]
        yield found
    finally:
        for process in processes:
            process.kill()
            await process.wait()


def configure(province: Province, authority: Authority) -> bool:
    """The shipped configuration with the test's ports and files."""
    certificate = authority.issue("server", IPv4Address("127.0.0.1"))
    passwords = province.folder / "passwords"
    digest = base64.b64encode(hashlib.sha1(PASSWORD.encode()).digest()).decode()
    passwords.write_text(f"office:{{SHA}}{digest}\n")
    shipped = (CHECKOUT / "deploy" / "province" / "last-word.nginx.conf").read_text()
    for before, now in (
        ("listen 8443 ssl", f"listen 127.0.0.1:{province.way} ssl"),
        ("/etc/communewatch/tls/server.crt", str(certificate.certificate)),
        ("/etc/communewatch/tls/server.key", str(certificate.key)),
        ("/etc/communewatch/last-word.htpasswd", str(passwords)),
        ("127.0.0.1:9090", f"127.0.0.1:{province.prometheus}"),
    ):
        assert before in shipped
        shipped = shipped.replace(before, now)
    nginx.write_configuration(province.folder / "nginx", shipped)
    return True


@asynccontextmanager
async def agent(province: Province, password: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A running agent and the address of its metrics."""
    port, config = free_port(), province.folder / "agent.yml"
    config.write_text(CONFIG.format(port=port, way=province.way, ca=province.ca), encoding="utf-8")
    (province.folder / "last-word").write_text(password)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "communewatch.py", "agent", "run", "--config", str(config),
        cwd=CHECKOUT, stdout=DEVNULL, stderr=PIPE, env={**os.environ, "STATE_DIRECTORY": str(province.folder)},
    )  # fmt: skip
    try:
        await until(lambda: is_open(port))
        yield process, f"http://127.0.0.1:{port}/metrics"
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def shows(url: str, text: str) -> None:
    async def there() -> bool:
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return text in await answer.text()

    await until(there)


async def test_an_agent_that_is_told_to_end_says_so_and_prometheus_has_it(province: Province) -> None:
    async with agent(province, PASSWORD) as (process, metrics):
        await shows(metrics, "agent_last_word_ready 1\n")
        assert await province.query("office_last_word") == []  # a rehearsal writes nothing
        process.terminate()
        await process.communicate()
    (found,) = await province.query("office_last_word == 1")
    assert found["metric"] == {
        "__name__": "office_last_word", "province": "04", "commune": "01273", "office": "01273-1", "word": "stopping",
    }  # fmt: skip
    assert len(await province.query("office_last_word == 0")) == 6


async def test_a_wrong_password_is_known_long_before_it_matters_and_shown_nowhere(province: Province) -> None:
    async with agent(province, "another-password") as (process, metrics):
        await shows(metrics, "agent_last_word_ready 0\n")
        await shows(metrics, 'reason="http_401"')
        process.terminate()
        _, log = await process.communicate()
    assert b"last_word_way" in log
    assert b"another-password" not in log
    assert await province.query("office_last_word") == []


async def test_the_way_in_leads_to_nothing_else(province: Province) -> None:
    assert await province.status("POST", "/api/v1/write") == 401
    assert await province.status("GET", "/api/v1/write") == 403
    assert await province.status("GET", "/api/v1/query?query=up") == 404
    assert await province.status("GET", "/") == 404
