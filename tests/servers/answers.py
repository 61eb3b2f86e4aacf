"""A service that takes messages: one that answers, refuses, is slow, breaks off, never answers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

from alerts.relay.letter import Letter
from alerts.relay.web import Web

LETTER = Letter(
    "0123.sms", 1, "sms", "g", 0.0, 'Tin "gấp"', "Dòng 1\nDòng 2", "Tin gap & ngan", {"office": "01273-1"},
    {"summary": "Xã Trường Hà: mất điện lưới", "when": "từ 14:05 12/03", "link": "https://cb.example.vn/a/x"},
)  # fmt: skip
QUICK = Web(now=lambda: 1_800_000_000.0, timeout=aiohttp.ClientTimeout(sock_connect=5, sock_read=0.2))
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def service(*handlers: Handler) -> AsyncIterator[str]:
    """A local service that answers /0, /1, ... by these."""
    app = web.Application()
    app.add_routes([web.route("*", f"/{number}", handler) for number, handler in enumerate(handlers)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def says(status: int, text: str = "", **headers: str) -> Handler:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=text, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return answer


async def breaks_off_at_once(request: web.Request) -> web.Response:
    assert request.transport
    request.transport.abort()
    return web.Response()


async def breaks_off_in_the_middle(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"{")
    assert request.transport
    request.transport.close()
    return response


async def never_answers(request: web.Request) -> web.Response:
    await asyncio.sleep(3600)
    return web.Response()
