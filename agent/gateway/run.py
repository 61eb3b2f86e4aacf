"""The gateway's process: store, papers, door and pages, from the start to SIGTERM."""

import asyncio
import logging
import os
import resource
import signal
from contextlib import suppress
from itertools import chain

from aiohttp import web
from aiohttp.http import HttpProcessingError

from agent import VERSION
from agent.exposition import expose
from agent.gateway import papers
from agent.gateway.app import application
from agent.gateway.config import GatewaySettings
from agent.gateway.desk import Desk
from agent.gateway.door import Door
from agent.gateway.meters import Meters
from agent.gateway.porch import Porch, spare_memory
from agent.gateway.store import Store
from agent.io.clock import MachineClock
from agent.server import Request, Response, Server
from agent.tasks import started
from collectors.core import Sample
from collectors.core.gateway import (
    GATEWAY_CATCHING_UP,
    GATEWAY_CPU,
    GATEWAY_STORE_SECONDS,
    GATEWAY_STORE_SKEW,
    GATEWAY_STORE_UP,
)
from collectors.core.logline import logline
from collectors.core.values import HostPort

_log = logging.getLogger(__name__)
_KEPT = 3600.0  # seconds that the HTTP library keeps a silent connection; the door ends it long before
_LOOK = 2.0  # seconds between two looks at the files
_ASK = 5.0  # seconds between two looks at the store
_GRACE = 6.0  # seconds that requests under way may take at the end; as many again to break them off


class Gateway:
    """One running gateway."""

    def __init__(self, settings: GatewaySettings, found: papers.Papers, store: Store) -> None:
        clock = MachineClock()
        self._settings, self._store = settings, store
        self._meters = Meters(clock.now())
        self._desk = Desk(settings, found, store, clock, self._meters)
        self._door = Door(settings.allowed.connections, clock.monotonic)
        self._porch = Porch(papers.context(settings), self._door.full, self._door.note, settings.allowed.connections)
        self._keeper = papers.Keeper(settings, found, self._renew)

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop`. OSError when an address cannot be had."""
        app = application(self._desk, self._door, self._meters, self._settings.accepted.body)
        app.on_response_prepare.append(self._tell_no_wrong_time)
        runner = web.AppRunner(
            app,
            access_log=None,
            logger=_http_log(),
            handle_signals=False,
            keepalive_timeout=_KEPT,
            shutdown_timeout=_GRACE,
            auto_decompress=False,  # bodies are unpacked within our own bounds
        )
        await runner.setup()
        serve = runner.server
        if serve is None:
            raise RuntimeError("the application was not set up")
        pages = Server(
            {"/metrics": self._metrics, "/healthz": lambda _: Response(b"ok\n", "text/plain; charset=utf-8")}
        )
        work: list[asyncio.Task[None]] = []
        try:
            listen, metrics = self._settings.listen, self._settings.metrics
            address = HostPort(listen.host, self._porch.listen(listen.host, listen.port or 0))
            port = await pages.listen(metrics.host, metrics.port or 0)
            _log.info(logline("gateway_started", listen=address, metrics=port, store=self._settings.store.url))
            await self._store.look()
            admitting = self._porch.admit(self._door.leading_to(serve))
            parts = {
                "porch": admitting, "door": self._door.watch(), "papers": self._look(), "store": self._look_behind(),
                "stop": _until(stop),
            }  # fmt: skip
            work = [started(part, name) for name, part in parts.items()]
            await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in work:
                task.cancel()
            await pages.close()
            await runner.cleanup()
        _log.info(logline("gateway_stopped"))
        if not stop.is_set():
            raise RuntimeError("a part of the gateway has ended, which its log names")

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            await self._keeper.look()

    async def _look_behind(self) -> None:
        while True:
            await asyncio.sleep(_ASK)
            await self._store.look()

    async def _tell_no_wrong_time(self, _: web.Request, answer: web.StreamResponse) -> None:
        """Offices without a time of their own take the one of this header."""
        if self._store.astray:
            answer.headers.popall("Date", None)

    def _renew(self, found: papers.Papers) -> None:
        """From now on these hold."""
        self._desk.renew(found)
        self._porch.use(papers.context(self._settings))

    def _metrics(self, request: Request) -> Response:
        page = expose(tuple(self._samples()), request.headers.get("accept", ""))
        return Response(page.body, page.content_type)

    def _samples(self) -> chain[Sample]:
        cpu = os.times()
        own = [
            GATEWAY_CPU(cpu.user + cpu.system),
            GATEWAY_CATCHING_UP(self._desk.catching_up),
            GATEWAY_STORE_SECONDS(self._store.seconds),
        ]
        if self._store.up is not None:
            own.append(GATEWAY_STORE_UP(self._store.up))
        if self._store.skew is not None:
            own.append(GATEWAY_STORE_SKEW(self._store.skew))
        return chain(own, self._meters.samples(VERSION), self._keeper.samples(), self._door.samples())


async def serve(settings: GatewaySettings, found: papers.Papers) -> None:
    """Run a gateway until SIGTERM or SIGINT. OSError when an address cannot be had or a file cannot be read."""
    _want_descriptors()
    spare_memory()
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with Store(settings.store) as store:
        await Gateway(settings, found, store).run(stop)


async def _until(stop: asyncio.Event) -> None:
    await stop.wait()


def _http_log() -> logging.Logger:
    """Of the HTTP library, without what others do wrong: it would tell each broken request with all of its stack."""
    found = logging.getLogger("agent.gateway.http")
    found.addFilter(lambda record: not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError)))
    return found


def _want_descriptors() -> None:
    """As many connections as the machine allows; systemd's usual bound is 1024 until a process asks for more."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
