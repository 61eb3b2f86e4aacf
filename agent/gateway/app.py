"""What the gateway answers: POST /api/v1/write, POST /v1/certificate."""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from agent.gateway.desk import Desk
from agent.gateway.door import Door
from agent.gateway.envelope import ENCODINGS
from agent.gateway.judge import Refusal, RefusedError
from agent.gateway.meters import Meters
from agent.gateway.offices import Caller
from collectors.core.logline import logline
from collectors.core.uplink import CERTIFICATE_PATH, WRITE_PATH

_log = logging.getLogger(__name__)
_BODY = 20.0  # seconds for the body of a request
_REQUEST = 16_384  # bytes of a certificate request, at most

Work = Callable[[Caller, web.Request], Awaitable[web.Response]]


def application(desk: Desk, door: Door, meters: Meters, largest: int) -> web.Application:
    """The web application. largest: bytes of a body; a request that is larger is told so as soon as it is seen."""

    async def write(who: Caller, request: web.Request) -> web.Response:
        body = await _body(request, largest)
        await desk.write(who, request.headers.get("Content-Encoding", ""), body)
        return web.Response(status=204, headers={"Accept-Encoding": ", ".join(ENCODINGS)})

    async def certify(who: Caller, request: web.Request) -> web.Response:
        body = await _body(request, _REQUEST)
        chain = desk.certify(who, body)
        _log.info(logline("certificate_issued", office=who.office))
        return web.Response(body=chain, content_type="application/x-pem-file")

    def handler(work: Work) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            door.begun(request.transport)
            meters.in_flight += 1
            try:
                return await _answered(desk, meters, work, request)
            finally:
                meters.in_flight -= 1
                door.ended(request.transport)

        return handle

    app = web.Application(client_max_size=largest)
    app.add_routes([web.post(WRITE_PATH, handler(write)), web.post(CERTIFICATE_PATH, handler(certify))])
    return app


async def _answered(desk: Desk, meters: Meters, work: Work, request: web.Request) -> web.Response:
    who = ""
    try:
        with desk.admitted(_certificate(request)) as caller:
            who = caller.office
            return await work(caller, request)
    except RefusedError as error:
        if meters.refused(who, error.why, time.monotonic()):
            level = logging.INFO if error.wait is not None else logging.WARNING
            words = {"office": who, "remote": request.remote, "reason": error.why, "message": str(error)}
            _log.log(level, logline("refused", **words))
        headers = {} if error.wait is None else {"Retry-After": str(math.ceil(error.wait))}
        answer = web.Response(status=error.status, text=f"{error}\n", headers=headers)
        if not request.content.is_eof():
            answer.force_close()  # its body is not worth waiting for
        return answer


def _certificate(request: web.Request) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = request.transport.get_extra_info("peercert") if request.transport else None
    return found


async def _body(request: web.Request, largest: int) -> bytes:
    """RefusedError for one that is too large or does not arrive."""
    if (request.content_length or 0) > largest:
        raise RefusedError(413, Refusal.SIZE, f"the body has more than {largest} bytes")
    parts, size = [], 0
    try:
        async with asyncio.timeout(_BODY):
            async for part in request.content.iter_any():
                parts.append(part)
                size += len(part)
                if size > largest:
                    raise RefusedError(413, Refusal.SIZE, f"the body has more than {largest} bytes")
    except TimeoutError:
        raise RefusedError(408, Refusal.SLOW, f"the body did not arrive within {_BODY:g} seconds") from None
    return b"".join(parts)
