"""The on-call engineer's phone: takes what the relay delivers, keeps it, shows it.

usage: python -m tests.lab.phone ADDRESS PORT

`POST /` takes a notification as apprise sends it (JSON: title, message, type); `GET /` shows them to a person and
`GET /notifications` to a program, the oldest first.
"""

import html
import sys
import time
from dataclasses import asdict, dataclass
from datetime import datetime

from aiohttp import web

from collectors.core.values import VIETNAM

PAGE = """\
<!doctype html><html lang="vi"><meta charset="utf-8"><meta http-equiv="refresh" content="2"><title>On call</title>
<style>body {{ font: 16px sans-serif; max-width: 50em; margin: 2em auto }} pre {{ white-space: pre-wrap }}</style>
<h1>On call: {count} notifications</h1>{items}</html>
"""
ITEM = "<h2>{time:%H:%M:%S} {title}</h2><pre>{text}</pre>"


@dataclass(frozen=True, slots=True)
class Notification:
    """One message as it reached the phone. time: Unix seconds."""

    time: float
    title: str
    text: str


RECEIVED = web.AppKey("received", list[Notification])


async def receive(request: web.Request) -> web.Response:
    """Keep one message and print it."""
    message = await request.json()
    notification = Notification(time.time(), str(message.get("title", "")), str(message.get("message", "")))
    request.app[RECEIVED].append(notification)
    print(f"{notification.title}\n{notification.text}\n", flush=True)
    return web.Response(status=204)


async def show(request: web.Request) -> web.Response:
    """The page for a person, the latest first."""
    received = request.app[RECEIVED]
    items = "".join(map(_item, reversed(received)))
    page = PAGE.format(count=len(received), items=items)
    return web.Response(text=page, content_type="text/html")


def _item(one: Notification) -> str:
    time_of_day = datetime.fromtimestamp(one.time, VIETNAM)
    return ITEM.format(time=time_of_day, title=html.escape(one.title), text=html.escape(one.text))


async def list_all(request: web.Request) -> web.Response:
    """All messages for a program."""
    return web.json_response([asdict(one) for one in request.app[RECEIVED]])


def main(address: str, port: str) -> None:
    """Until it is killed."""
    app = web.Application()
    app[RECEIVED] = []
    app.add_routes([web.post("/", receive), web.get("/", show), web.get("/notifications", list_all)])
    web.run_app(app, host=address, port=int(port), print=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
