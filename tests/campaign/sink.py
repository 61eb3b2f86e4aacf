"""The people at the ends of the channels: a local page that keeps what the relay delivers, by channel."""

import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

PEER = "peer"  # the path at which the plain rule set's Alertmanager posts by itself


@dataclass(frozen=True, slots=True)
class Delivery:
    """at: Unix time at which a message reached its channel."""

    at: float
    title: str


@dataclass(slots=True)
class Sink:
    """url: of the channels, each below it by its name."""

    url: str = ""
    messages: dict[str, list[Delivery]] = field(default_factory=lambda: defaultdict(list))
    peer: list[tuple[float, Mapping[str, object]]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        content = await request.json()
        channel = request.match_info["channel"]
        if channel == PEER:
            self.peer.append((time.time(), content))
        else:
            self.messages[channel].append(Delivery(time.time(), str(content.get("title", ""))))
        return web.Response(status=204)


@asynccontextmanager
async def listening() -> AsyncIterator[Sink]:
    """One on a free port of this machine."""
    sink = Sink()
    app = web.Application(client_max_size=2**28)
    app.add_routes([web.post("/{channel}", sink.take)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        sink.url = f"{host}:{port}"
        yield sink
    finally:
        await runner.cleanup()
