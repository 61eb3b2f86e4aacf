"""Delivery: over HTTP, through Zalo's notification service, or through apprise.

Apprise blocks, so each channel has a thread of its own; its words are kept free of secrets.
"""

import asyncio
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Event
from typing import Protocol
from urllib.parse import unquote

import apprise

from alerts.relay.config import Channel
from alerts.relay.failure import DeliveryError, censored
from alerts.relay.letter import Letter
from alerts.relay.tokens import Tokens
from alerts.relay.web import Web
from collectors.core.values import Secret

LOG_ONLY = "log:"
_PATIENCE = 120.0  # seconds; apprise's own timeouts (4 s to connect, 4 s to read) come first where a service obeys them
# What apprise says (of requests, smtplib and others) when an answer got lost after the message had gone out.
_LOST = re.compile(
    r"Read timed out|Connection aborted|closed connection|reset by peer|IncompleteRead|ended prematurely"
    r"|unexpectedly closed|^Socket Exception: (The read operation )?timed out"
)


@dataclass(slots=True)
class _Said:
    """Apprise's complaints about one message; `lost`: an answer got lost."""

    lines: list[str] = field(default_factory=list)
    lost: bool = False


_SAID: ContextVar[_Said | None] = ContextVar("said", default=None)  # apprise's own threads inherit it


class _Words(logging.Handler):
    """What apprise had to say, apart for each message, since several may be delivered at once."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)

    def emit(self, record: logging.LogRecord) -> None:
        said = _SAID.get()
        if said is None:
            return
        if record.levelno >= logging.WARNING:
            said.lines.append(record.getMessage())
        elif str(record.msg).startswith("Socket Exception"):  # the only place where it tells what went wrong
            said.lost |= bool(_LOST.search(record.getMessage()))


# apprise logs whole addresses, keys and all: its words go nowhere but here.
_apprise_log = logging.getLogger("apprise")
_apprise_log.handlers, _apprise_log.propagate = [_Words()], False
_apprise_log.setLevel(logging.DEBUG)


class Sender(Protocol):
    """Takes one message to people."""

    async def send(self, channel: Channel, letter: Letter) -> None:
        """Raises DeliveryError."""
        ...


def is_usable(url: Secret) -> bool:
    """Whether apprise understands this address."""
    return url.reveal() == LOG_ONLY or apprise.Apprise.instantiate(url.reveal(), suppress_exceptions=True) is not None


@dataclass(frozen=True, slots=True)
class Post:
    """Each channel by its own way. `tokens`: Zalo's, where relay.yml has them."""

    apprise: "AppriseSender"
    web: Web
    tokens: Tokens | None = None

    async def send(self, channel: Channel, letter: Letter) -> None:
        if channel.http:
            await channel.http.send(self.web, letter, channel.form)
        elif channel.zns and self.tokens:
            await channel.zns.send(self.web, self.tokens, letter, channel.form)
        else:
            await self.apprise.send(channel, letter)


class AppriseSender:
    """Knows every service that apprise knows."""

    def __init__(self) -> None:
        self._threads: dict[Secret, ThreadPoolExecutor] = {}  # by address: one that hangs holds up no other

    async def send(self, channel: Channel, letter: Letter) -> None:
        if channel.url is None or channel.url.reveal() == LOG_ONLY:
            return
        title, body = ("", letter.short) if channel.form == "short" else (letter.title, letter.body)
        thread = self._threads.setdefault(channel.url, ThreadPoolExecutor(1, "deliver"))
        begun = Event()
        call = asyncio.get_running_loop().run_in_executor(thread, self._notify, channel.url, title, body, begun)
        try:
            await asyncio.wait_for(call, _PATIENCE)
        except TimeoutError:  # one that waited behind another that hangs was not sent
            raise DeliveryError(f"no answer within {_PATIENCE:g} s", doubt=begun.is_set()) from None

    def close(self) -> None:
        """Begin nothing more. The process ends once what is under way has; apprise's timeouts bound it."""
        for thread in self._threads.values():
            thread.shutdown(wait=False, cancel_futures=True)

    def _notify(self, url: Secret, title: str, body: str, begun: Event) -> None:
        begun.set()
        said = _Said()
        _SAID.set(said)
        try:
            delivered = _through_apprise(url.reveal(), title, body)
        except Exception as error:  # noqa: BLE001 - 170 plugins; whatever they raise, the message was not delivered
            said.lines.append(f"{type(error).__name__}: {error}")
            delivered = False
        if not delivered:
            raise DeliveryError(without_address("; ".join(said.lines) or "not delivered", url), doubt=said.lost)


def _through_apprise(url: str, title: str, body: str) -> bool:
    service = apprise.Apprise.instantiate(url, suppress_exceptions=False)
    if service is None:
        return False
    if "overflow=" not in url:  # what matters comes first in a message; its beginning is better than nothing
        service.overflow_mode = apprise.OverflowMode.TRUNCATE
    return bool(apprise.Apprise(service).notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT))


def without_address(text: str, url: Secret) -> str:
    """The text without any part of the address after its scheme: in zalo://TOKEN/CHAT even the "host" is a key."""
    address = url.reveal().partition(":")[2]
    return censored(text, [part for form in (address, unquote(address)) for part in re.split(r"[/:@?&=,]+", form)])
