"""The relay as a process, between a real Alertmanager and a sink that breaks: nothing lost, nothing told twice."""

import asyncio
import json
import signal
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from alerts.render import to_yaml
from alerts.routing import alertmanager as configuration
from alerts.settings import PRODUCTION
from inventory.load import load
from tests.rules.servers import alertmanager, free_port, until
from tests.tools import tool
from tests.tools.debian import CHECKOUT
from tests.unit.alerts.relay.webhook import payload

FAST = PRODUCTION.scaled(60)  # Alertmanager groups within 0.2 s and looks again every second
KEY = "a-key-that-nobody-may-see"
ALERT = {
    "alertname": "ProvincialServiceDown", "severity": "critical", "scope": "province", "cause": "service",
    "incident": "province/service/04/portal", "province": "04", "service": "portal",
}  # fmt: skip


@dataclass
class Sink:
    """Where messages end up. While it is `down` nobody listens on its port."""

    port: int = field(default_factory=free_port)
    titles: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    refuse: int = 0
    _runner: web.AppRunner | None = None

    async def open(self) -> None:
        app = web.Application()
        app.add_routes([web.post(f"/{KEY}", self._take)])
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def close(self) -> None:
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def _take(self, request: web.Request) -> web.Response:
        if self.refuse:
            self.refuse -= 1
            return web.Response(status=503)
        content = await request.json()
        self.titles.append(content["title"])
        self.messages.append(content["message"])
        return web.Response(status=204)

    async def has(self, count: int) -> bool:
        return len(self.titles) >= count


@dataclass
class Relay:
    """The relay's process, its configuration and what it logged."""

    folder: Path
    sink: Sink
    port: int = field(default_factory=free_port)
    lines: list[str] = field(default_factory=list)
    more: Mapping[str, object] = field(default_factory=dict)
    process: Process | None = None
    _reader: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it (again) and wait until it listens."""
        config = {
            "version": 1, "listen": f"127.0.0.1:{self.port}", "queue": str(self.folder / "queue"),
            "channels": {"duty": {"url": f"json://127.0.0.1:{self.sink.port}/{KEY}", "per_minute": 600}},
            "default": ["duty"], "retry": {"first": "200ms", "longest": "500ms"}, **self.more,
        }  # fmt: skip
        path = self.folder / "relay.yml"
        path.write_text(to_yaml(config), encoding="utf-8")
        command = (sys.executable, "communewatch.py", "relay", "run", "--config", str(path))
        self.process = await asyncio.create_subprocess_exec(*command, cwd=CHECKOUT, stdout=DEVNULL, stderr=PIPE)
        self._reader = asyncio.create_task(self._read())
        started = len(self.said("relay_started"))
        await until(lambda: self.says("relay_started", started + 1))

    async def _read(self) -> None:
        assert self.process
        assert self.process.stderr
        async for line in self.process.stderr:
            self.lines.append(line.decode().rstrip())

    async def end(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end."""
        assert self.process
        assert self._reader
        if self.process.returncode is None:
            self.process.send_signal(number)
        async with asyncio.timeout(10):
            status = await self.process.wait()
            await self._reader
        return status

    def said(self, event: str) -> list[str]:
        return [line for line in self.lines if f"event={event} " in line]

    async def says(self, event: str, count: int = 1) -> bool:
        assert self.process
        assert self.process.returncode is None, self.lines
        return len(self.said(event)) >= count

    async def post(self, body: bytes) -> int:
        async with aiohttp.ClientSession() as session, session.post(f"{self.url}/alertmanager", data=body) as answer:
            return answer.status

    async def page(self, path: str) -> str:
        async with aiohttp.ClientSession() as session, session.get(self.url + path) as answer:
            return await answer.text()


@asynccontextmanager
async def running(folder: Path, more: Mapping[str, object] | None = None) -> AsyncIterator[Relay]:
    """A relay and its sink. more: further settings."""
    relay = Relay(folder, Sink(), more=more or {})
    await relay.sink.open()
    await relay.start()
    try:
        yield relay
    finally:
        await relay.end(signal.SIGKILL)
        await relay.sink.close()


def routes(relay: Relay) -> str:
    return to_yaml(configuration(FAST, load(), relay.url))


async def test_a_notification_goes_from_alertmanager_to_the_sink_with_one_log_line(tmp_path: Path) -> None:
    async with running(tmp_path) as relay, alertmanager(tmp_path, routes(relay)) as server:
        await server.fire(ALERT)
        await until(lambda: relay.sink.has(1))
        await server.fire(ALERT, seconds=0)
        await until(lambda: relay.sink.has(2))
        await until(lambda: relay.says("delivered", 2))
    assert [title.partition("]")[0] for title in relay.sink.titles] == ["[KHẨN CẤP", "[ĐÃ HẾT"]
    firing, resolved = relay.said("delivered")
    for words in ("channel=duty", "status=firing", "alert=ProvincialServiceDown", "service=portal", "cause=service"):
        assert f" {words} " in firing
    assert " status=resolved " in resolved


async def test_what_the_sink_refuses_survives_a_kill_and_is_delivered_once(tmp_path: Path) -> None:
    async with running(tmp_path) as relay, alertmanager(tmp_path, routes(relay)) as server:
        await relay.sink.close()
        await server.fire(ALERT)
        await until(lambda: relay.says("retry", 2))
        await relay.end(signal.SIGKILL)
        await relay.start()
        assert relay.said("relay_started")[-1].endswith("waiting=1 damaged=0")
        await until(lambda: relay.says("retry", 3))
        await relay.sink.open()
        await until(lambda: relay.sink.has(1))
        await server.fire(ALERT, seconds=0)
        await until(lambda: relay.sink.has(2))
    assert [title.partition("]")[0] for title in relay.sink.titles] == ["[KHẨN CẤP", "[ĐÃ HẾT"]


async def test_alertmanager_keeps_what_it_could_not_hand_over(tmp_path: Path) -> None:
    async with running(tmp_path) as relay, alertmanager(tmp_path, routes(relay)) as server:
        await relay.end(signal.SIGTERM)
        await server.fire(ALERT)
        await relay.start()
        await until(lambda: relay.sink.has(1))
    assert len(relay.sink.titles) == 1


async def test_a_repeated_call_is_delivered_once_also_over_a_restart(tmp_path: Path) -> None:
    body, other = (json.dumps(payload(groupLabels={"incident": name})).encode() for name in ("one", "two"))
    async with running(tmp_path) as relay:
        relay.sink.refuse = 2
        assert [await relay.post(body) for _ in range(5)] == [200] * 5
        await until(lambda: relay.sink.has(1))
        await until(lambda: relay.says("delivered"))
        await relay.end(signal.SIGKILL)
        await relay.start()
        assert await relay.post(body) == 200
        assert await relay.post(other) == 200
        await until(lambda: relay.sink.has(2))
        assert 'relay_webhooks_total{outcome="repeated"} 1' in await relay.page("/metrics")
    assert len(relay.sink.titles) == 2


@pytest.mark.parametrize("body", [b"", b"{", b'{"version": "4"}', b"\x00" * 100, b"[" * 100_000])
async def test_garbage_is_refused_and_counted_and_the_relay_goes_on(tmp_path: Path, body: bytes) -> None:
    async with running(tmp_path) as relay:
        assert await relay.post(body) == 400
        assert await relay.page("/healthz") == "ok\n"
        assert 'relay_webhooks_total{outcome="bad"} 1' in await relay.page("/metrics")
        assert len(relay.said("bad_payload")) == 1


async def test_the_page_of_metrics_is_good_and_no_key_is_told(tmp_path: Path) -> None:
    async with running(tmp_path) as relay:
        await relay.sink.close()
        await relay.post(json.dumps(payload()).encode())
        await until(lambda: relay.says("retry"))
        page = await relay.page("/metrics")
        queue = "".join(path.read_text() for path in (tmp_path / "queue" / "pending").iterdir())
    assert judged(page) == (0, "")
    assert KEY not in page + queue + "".join(relay.lines)


def judged(page: str) -> tuple[int, str]:
    """What promtool says of a page of metrics."""
    command = (tool("promtool"), "check", "metrics")
    answer = subprocess.run(command, input=page, capture_output=True, text=True, check=False)
    return answer.returncode, answer.stdout + answer.stderr


async def test_sigterm_ends_it_with_status_0(tmp_path: Path) -> None:
    async with running(tmp_path) as relay:
        assert await relay.end(signal.SIGTERM) == 0
        assert "event=relay_stopped waiting=0" in relay.lines[-1]


async def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    async with running(tmp_path) as relay:
        command = (sys.executable, "communewatch.py", "relay", "run", "--config", str(tmp_path / "relay.yml"))
        second = await asyncio.create_subprocess_exec(*command, cwd=CHECKOUT, stdout=DEVNULL, stderr=PIPE)
        _, said = await second.communicate()
        assert (second.returncode, b"the relay cannot start: " in said) == (1, True)
        assert await relay.page("/healthz") == "ok\n"
