"""Acknowledging: a link per incident and channel, and the page behind it.

The link is a capability: whoever has it may acknowledge this incident and nothing else, until it is over. Chat programs
fetch links to show what is behind them, so looking changes nothing; only the button does (a POST).
"""

import base64
import hashlib
import hmac
import html
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aiohttp import web

from alerts.relay.disk import Folder
from alerts.relay.incident import Book, Incident
from alerts.relay.message import line
from alerts.relay.turns import Rate
from collectors.core.ports import Clock
from collectors.core.values import VIETNAM
from collectors.messages import Language, text

SILENCE = "alertmanager"  # who acknowledged, where it was a silence
WITHIN = "a graver incident"  # the same, where that is told instead and has a button of its own
MUTED = (SILENCE, WITHIN)  # neither is a person
PATH = "/a/"
_KEY = 8  # letters of the token that name the incident; the others are the signature
_SIGNATURE = 16  # of 6 bits each
_PER_MINUTE = 120  # visits, all together
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
}
_PAGE = """\
<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:18px sans-serif;margin:2em auto;max-width:36em;padding:0 1em}}
button{{font:inherit;padding:.8em 1.2em;background:#0b57d0;color:#fff;border:0;border-radius:.4em}}
small{{color:#555}}</style><h1>{title}</h1>{content}</html>
"""


@dataclass(frozen=True, slots=True)
class Links:
    """`key`: 32 secret bytes; `url`: what people's phones reach the page by."""

    url: str
    key: bytes

    def of(self, incident: Incident, channel: str) -> str:
        """The link for one channel."""
        return f"{self.url.rstrip('/')}{PATH}{self._token(incident, channel)}"

    def find(self, token: str, book: Book) -> tuple[Incident, str] | None:
        """The incident and the channel that this token was made for, while the incident is open."""
        for incident in book.incidents.values():
            if incident.key.startswith(token[:_KEY]):
                for channel in (*incident.told, *incident.waiting):
                    if hmac.compare_digest(self._token(incident, channel).encode(), token.encode()):
                        return incident, channel
        return None

    def _token(self, incident: Incident, channel: str) -> str:
        """It ends with the incident: the next one of the same name opens at another time."""
        said = f"{incident.key} {incident.opened!r} {channel}".encode()
        signature = base64.urlsafe_b64encode(hmac.digest(self.key, said, hashlib.sha256)).decode()
        return incident.key[:_KEY] + signature[:_SIGNATURE]


def load_key(folder: Path) -> bytes:
    """The key of this relay's links, made at its first start. Raises OSError."""
    place = Folder(folder / "keys")
    if "acknowledge" not in place.names():
        place.write("acknowledge", secrets.token_bytes(32))
    return (place.path / "acknowledge").read_bytes()


def pages(
    links: Links, book: Book, clock: Clock, acknowledge: Callable[[Incident, str, float], Incident]
) -> web.Application:
    """The application: GET shows, POST acknowledges. It says nothing about what it does not know."""
    rate = Rate(_PER_MINUTE)

    async def answer(request: web.Request) -> web.Response:
        now = clock.monotonic()
        if rate.wait(now):
            return _page(429, _both("busy"))
        rate.take(now)
        found = links.find(request.match_info["token"], book)
        if found is None:
            return _page(404, _both("gone"))
        incident, channel = found
        if request.method == "POST":
            incident = acknowledge(incident, channel, clock.now())
        return _page(200, _content(incident))

    app = web.Application(client_max_size=1024, middlewares=[_quiet])
    path = PATH + "{token:[A-Za-z0-9_-]{24}}"
    app.add_routes([web.get(path, answer), web.post(path, answer)])
    return app


@web.middleware
async def _quiet(request: web.Request, handler: Callable[[web.Request], object]) -> web.StreamResponse:
    """Whatever goes wrong, the same page; a disk that fails is no reason to show a traceback to a visitor."""
    try:
        found = await handler(request)  # type: ignore[misc]
    except web.HTTPException:
        return _page(404, _both("gone"))
    except OSError:
        return _page(503, _both("failed"))
    response: web.StreamResponse = found
    return response


def _content(incident: Incident) -> str:
    lines = f"<p>{_told(incident, 'vi')}</p><p><small>{_told(incident, 'en')}</small></p>"
    if not incident.acknowledged:
        label = html.escape(f"{_text('button', 'vi')} / {_text('button', 'en')}")
        return f'{lines}<form method="post"><button>{label}</button></form>{_both("hint")}'
    key = {SILENCE: "silenced", WITHIN: "within"}.get(incident.by, "done")
    when = f"{datetime.fromtimestamp(incident.acknowledged, VIETNAM):%H:%M %d/%m}"
    return lines + _both(key, time=when, by=incident.by)


def _told(incident: Incident, language: Language) -> str:
    return html.escape(line(incident.notification, language))


def _both(key: str, **values: str) -> str:
    vi, en = (html.escape(_text(key, language, **values)) for language in ("vi", "en"))
    return f"<p>{vi}</p><p><small>{en}</small></p>"


def _text(key: str, language: Language, **values: str) -> str:
    return text(f"alerts.relay.page.{key}", language, **values)


def _page(status: int, content: str) -> web.Response:
    page = _PAGE.format(title=html.escape(_text("title", "vi")), content=content)
    return web.Response(status=status, text=page, content_type="text/html", headers=_HEADERS)
