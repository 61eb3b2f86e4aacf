"""Zalo's tokens: an access token of 25 hours, and a refresh token of three months that can be used once.

Each use of the refresh token ends it and brings a new one, so the new pair is on disk before it is used. A crash
between Zalo's answer and the write loses the pair: then the account has to be authorised again (docs/relay.md).
"""

import asyncio
import hashlib
import json
import logging
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlencode

from alerts.relay.disk import Folder
from alerts.relay.failure import DeliveryError
from alerts.relay.web import Request, Web
from collectors.core.logline import logline
from collectors.core.ports import Clock
from collectors.core.values import Secret, Url

log = logging.getLogger(__name__)

_EARLY = 1800.0  # seconds before its end a token is renewed
_SHORTEST = 300.0  # a token's life that is believed, at least: an answer must not make us ask without end
_MOST_OFTEN = 30.0  # seconds between two attempts to renew


@dataclass(frozen=True, slots=True)
class ZaloApp:
    """The application that sends for the official account; `refresh_token`: the first one, the relay keeps the others.

    Put a new one there after the account was authorised again.
    """

    app_id: str
    secret_key: Secret
    refresh_token: Secret
    url: Url = Url("https://oauth.zaloapp.com/v4/oa/access_token")


@dataclass(frozen=True, slots=True)
class _Pair:
    """`seed`: which refresh token of relay.yml it descends from. `ends`: Unix time."""

    seed: str
    refresh: str
    access: str = ""
    ends: float = 0.0


class Tokens:
    """Those of one application, on disk. One renewal at a time."""

    def __init__(self, app: ZaloApp, folder: Path, web: Web, clock: Clock) -> None:
        self._app = app
        self._folder = Folder(folder)
        self._web = web
        self._clock = clock
        self._lock = asyncio.Lock()
        self._pair = self._load()
        self._written = True
        self._again = 0.0
        self.good = True  # whether the last renewal succeeded

    async def access(self, refused: str = "") -> str:
        """One that holds, renewed where need be; never the one that was refused. Raises DeliveryError."""
        async with self._lock:
            if not self._written:
                self._write()
            pair, now = self._pair, self._clock.now()
            holds = bool(pair.access) and pair.access != refused and now <= pair.ends
            if not holds or now > pair.ends - _EARLY:
                try:
                    await self._renew()
                except DeliveryError as error:
                    if not holds:
                        raise
                    log.warning("%s", logline("token_not_renewed", error=error))
            return self._pair.access

    async def keep(self) -> None:
        """Renew what ends, so that the refresh token, too, is used long before it ends, and trouble shows early."""
        try:
            await self.access()
        except DeliveryError as error:
            log.warning("%s", logline("token_not_renewed", error=error))

    async def _renew(self) -> None:
        if self._clock.monotonic() < self._again:
            raise DeliveryError("Zalo's token could not be renewed a moment ago", wait=1.0)
        self.good, self._again = False, self._clock.monotonic() + _MOST_OFTEN
        answer = await self._ask()
        refresh, access = answer.get("refresh_token"), answer.get("access_token")
        if not (isinstance(refresh, str) and refresh and isinstance(access, str) and access):
            code = answer.get("error", "no token")
            raise DeliveryError(f"Zalo does not renew the token ({code}): authorise the account again", lasting=True)
        life = max(_number(answer.get("expires_in")), _EARLY + _SHORTEST)
        self._pair = _Pair(self._pair.seed, refresh, access, self._clock.now() + life)
        self._write()
        self.good, self._again = True, 0.0
        log.info("%s", logline("token_renewed", seconds=life))

    async def _ask(self) -> Mapping[str, object]:
        form = {"refresh_token": self._pair.refresh, "app_id": self._app.app_id, "grant_type": "refresh_token"}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "secret_key": self._app.secret_key.reveal()}
        request = Request("POST", self._app.url, headers, urlencode(form).encode())
        try:
            reply = await self._web.ask(request)
        except DeliveryError as error:  # no message was sent: nothing to doubt
            raise DeliveryError(f"Zalo's token was not renewed: {error}") from None
        try:
            content = json.loads(reply.text)
        except (ValueError, RecursionError):
            raise DeliveryError(f"Zalo's token was not renewed: answer {reply.status}", wait=reply.wait) from None
        return content if isinstance(content, dict) else {}

    def _load(self) -> _Pair:
        """What is on disk, unless relay.yml has another refresh token since."""
        seed = hashlib.sha256(self._app.refresh_token.reveal().encode()).hexdigest()
        fresh = _Pair(seed, self._app.refresh_token.reveal())
        for name, content in self._folder.read():
            try:
                found = _Pair(**json.loads(content or b"")) if name == self._name else fresh
            except (ValueError, TypeError):
                log.error("%s", logline("token_damaged", file=name))  # noqa: TRY400 - no defect, no traceback
                continue
            if found.seed == seed:
                return found
        return fresh

    @property
    def _name(self) -> str:
        return hashlib.sha256(self._app.app_id.encode()).hexdigest()[:16]

    def _write(self) -> None:
        """When the disk fails the pair is kept here, and written with the next message."""
        try:
            self._folder.write(self._name, json.dumps(asdict(self._pair)).encode())
            self._written = True
        except OSError as error:
            self._written = False
            log.error("%s", logline("token_not_written", error=error))  # noqa: TRY400 - no defect, no traceback


def _number(value: object) -> float:
    """Zalo writes it as a text."""
    try:
        found = float(str(value))
    except ValueError:
        return 0.0
    return found if math.isfinite(found) else 0.0
