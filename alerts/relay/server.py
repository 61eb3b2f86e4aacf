"""The relay's three pages: POST /alertmanager, GET /metrics, GET /healthz."""

import logging
from collections.abc import Callable, Iterable

from aiohttp import web

from alerts.relay.desk import Desk
from alerts.relay.metrics import Receipt
from alerts.relay.payload import CHANNEL, WEBHOOK, BadPayloadError, decode
from collectors.core import Sample, exposition
from collectors.core.logline import logline

log = logging.getLogger(__name__)

_LARGEST = 16 * 1024 * 1024
_STATUS = {Receipt.ACCEPTED: 200, Receipt.REPEATED: 200, Receipt.BAD: 400, Receipt.REFUSED: 503}


def application(
    desk: Desk, received: Callable[[Receipt], None], samples: Callable[[], Iterable[Sample]]
) -> web.Application:
    """The web application; it holds no state of its own. `received` counts; `samples`: what /metrics shows."""

    async def webhook(request: web.Request) -> web.Response:
        try:
            notification = decode(await request.read())
        except (BadPayloadError, web.HTTPRequestEntityTooLarge) as error:
            reason = str(error) if isinstance(error, BadPayloadError) else "is too large"
            log.warning("%s", logline("bad_payload", remote=request.remote, reason=reason))
            received(Receipt.BAD)
            return web.Response(status=_STATUS[Receipt.BAD], text=f"the body {reason}\n")
        receipt = desk.accept(notification, request.query.getall(CHANNEL, []))
        received(receipt)
        return web.Response(status=_STATUS[receipt], text=f"{receipt}\n")

    async def metrics(_: web.Request) -> web.Response:
        body = exposition.page(samples())
        return web.Response(body=body.encode(), headers={"Content-Type": exposition.CONTENT_TYPE})

    async def health(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    app = web.Application(client_max_size=_LARGEST)
    app.add_routes([web.post(WEBHOOK, webhook), web.get("/metrics", metrics), web.get("/healthz", health)])
    return app
