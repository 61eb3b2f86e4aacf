"""`communewatch responder run`: the responder, its metrics page, and the signals that end it."""

import asyncio
import logging
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass

from agent import VERSION
from agent.io.interface import counters
from agent.responder.admission import Admission, Limits
from agent.responder.line import Line
from agent.responder.meters import Meters
from agent.responder.protocol import Key
from agent.responder.server import Responder, listen
from collectors.core.logline import logline
from collectors.core.values import HostPort

_log = logging.getLogger(__name__)
_LOOK = 1.0  # seconds between two looks at the line


@dataclass(frozen=True, slots=True)
class OwnLine:
    """The responder's own line: its interface, and what it carries each way, in bytes per second."""

    interface: str
    capacity: float


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line said. `metrics` None: no page; `line` None: nobody looks at the responder's own line."""

    listen: HostPort
    key: Key
    limits: Limits
    metrics: HostPort | None = None
    line: OwnLine | None = None


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. OSError when an address cannot be had."""
    line = Line(settings.line.capacity) if settings.line else None
    responder = Responder(settings.key, Admission(settings.limits, line), Meters(time.time()))
    listener = listen(settings.listen)
    loop, work = asyncio.get_running_loop(), asyncio.create_task(responder.serve(listener))
    watch = asyncio.create_task(_watch(line, settings.line.interface)) if line and settings.line else None
    try:
        page = await _serve_metrics(responder, settings.metrics) if settings.metrics else None
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, work.cancel)
        where = HostPort(*listener.getsockname()[:2])
        _log.info(logline("listening", address=where, metrics=page, tests=settings.limits.tests, version=VERSION))
        with suppress(asyncio.CancelledError):
            await work
        _log.info(logline("stopped"))
    finally:
        if watch:
            watch.cancel()
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
        listener.close()


async def _watch(line: Line, interface: str) -> None:
    """Look at the line once a second. An interface that is gone tells nothing; it may come back."""
    loop = asyncio.get_running_loop()
    while True:
        with suppress(OSError):
            line.look(loop.time(), counters(interface))
        await asyncio.sleep(_LOOK)


async def _serve_metrics(responder: Responder, address: HostPort) -> HostPort:
    # Deferred: a responder without the page needs neither library.
    from agent.exposition import expose  # noqa: PLC0415
    from agent.server import Request, Response, Server  # noqa: PLC0415

    def metrics(request: Request) -> Response:
        cpu = os.times()
        page = expose(responder.samples(VERSION, cpu.user + cpu.system), request.headers.get("accept", ""))
        return Response(page.body, page.content_type)

    def health(_: Request) -> Response:
        return Response(b"ok\n", "text/plain; charset=utf-8")

    port = await Server({"/metrics": metrics, "/healthz": health}).listen(address.host, address.port or 0)
    return HostPort(address.host, port)
