"""The relay's process is killed at random moments while it delivers, and Alertmanager repeats itself meanwhile.

Nothing is lost. Nothing is sent twice within the time of idempotency: where a kill leaves a doubt, the message is sent
again after that time.
"""

import asyncio
import json
import random
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from alerts.render import to_yaml
from tests.rules.servers import free_port, until
from tests.tools.debian import CHECKOUT
from tests.unit.alerts.relay.webhook import payload

KILLS = 6
MESSAGES = 24
WINDOW = 3.0  # seconds of idempotency; a start of the relay takes about one
LEAST = 0.5  # seconds: for how long at least nothing is repeated, as the kills are seen from outside


@dataclass
class Sink:
    """A service that takes its time, and notes each message when it takes it. Now and then it is ill."""

    chance: random.Random
    taken: dict[str, list[float]] = field(default_factory=dict)
    well: bool = False

    async def take(self, request: web.Request) -> web.StreamResponse:
        name = (await request.json())["id"]
        await asyncio.sleep(self.chance.uniform(0, 0.02))
        ill = self.chance.random() if not self.well else 1.0
        if ill < 0.1:
            return web.Response(status=429, headers={"Retry-After": "1"})
        if ill < 0.2:
            return web.Response(status=500)
        self.taken.setdefault(name, []).append(time.monotonic())
        await asyncio.sleep(self.chance.uniform(0, 0.02))
        if ill < 0.25 and request.transport:
            request.transport.abort()  # taken, and the answer is lost
        return web.Response()


@dataclass
class Relay:
    """The process, which may be gone at any time."""

    folder: Path
    port: int
    process: Process | None = None

    async def start(self) -> None:
        command = (sys.executable, "communewatch.py", "relay", "run", "--config", str(self.folder / "relay.yml"))
        self.process = await asyncio.create_subprocess_exec(*command, cwd=CHECKOUT, stdout=DEVNULL, stderr=DEVNULL)

    async def kill(self) -> None:
        assert self.process
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def post(self, body: bytes) -> bool:
        """Whether it said 200."""
        url = f"http://127.0.0.1:{self.port}/alertmanager"
        with suppress(aiohttp.ClientError, TimeoutError, ConnectionError):
            async with aiohttp.ClientSession() as session, session.post(url, data=body) as answer:
                return answer.status == 200
        return False

    async def metrics(self) -> str:
        with suppress(aiohttp.ClientError, ConnectionError):
            url = f"http://127.0.0.1:{self.port}/metrics"
            async with aiohttp.ClientSession() as session, session.get(url) as answer:
                return await answer.text()
        return ""


def settings(folder: Path, port: int, sink: str) -> dict[str, Any]:
    body = '{"id": "{id}", "text": "{text}"}'
    return {
        "version": 1, "listen": f"127.0.0.1:{port}", "queue": str(folder / "queue"), "default": ["duty"],
        "channels": {"duty": {"http": {"url": sink, "body": body}, "per_minute": 6000}},
        "idempotency": f"{WINDOW}s", "retry": {"first": "100ms", "longest": "300ms"},
    }  # fmt: skip


@asynccontextmanager
async def stage(folder: Path, sink: Sink) -> AsyncIterator[Relay]:
    app = web.Application()
    app.add_routes([web.post("/", sink.take)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    relay = Relay(folder, free_port())
    config = settings(folder, relay.port, f"http://127.0.0.1:{runner.addresses[0][1]}/")
    (folder / "relay.yml").write_text(to_yaml(config), encoding="utf-8")
    await relay.start()
    try:
        yield relay
    finally:
        await relay.kill()
        await runner.cleanup()


async def more(sink: Sink, known: int) -> bool:
    """Whether something has been delivered since, or there is nothing left."""
    return len(sink.taken) > known or known == MESSAGES


async def empty(relay: Relay) -> bool:
    """Whether nothing waits any more."""
    return 'relay_queue_length{channel="duty"} 0' in await relay.metrics()


async def insist(relay: Relay, body: bytes) -> None:
    """As Alertmanager does: until it hears 200, and then once more, since it may have missed that."""
    for _ in range(2):
        await until(lambda: relay.post(body))


async def test_killed_in_mid_delivery_it_loses_nothing_and_repeats_nothing_at_once(tmp_path: Path) -> None:
    chance = random.Random(20270312)
    sink = Sink(chance)
    async with stage(tmp_path, sink) as relay:
        bodies = [json.dumps(payload(groupLabels={"incident": f"i{number}"})).encode() for number in range(MESSAGES)]
        posts = [asyncio.create_task(insist(relay, body)) for body in bodies]
        for _ in range(KILLS):
            known = len(sink.taken)
            await until(lambda known=known: more(sink, known))  # type: ignore[misc]
            await asyncio.sleep(chance.uniform(0, 0.1))
            await relay.kill()
            await relay.start()
        sink.well = True
        await asyncio.gather(*posts)
        await until(lambda: empty(relay))
    assert len(sink.taken) == MESSAGES
    repeated = {name: times for name, times in sink.taken.items() if len(times) > 1}
    for times in repeated.values():
        assert all(later - earlier >= WINDOW - LEAST for earlier, later in pairwise(times))
