"""Delivery through apprise. It blocks, so each channel has a thread of its own; its words are kept free of secrets."""

import asyncio
import logging
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol
from urllib.parse import unquote

import apprise

from alerts.relay.config import Channel
from alerts.relay.letter import Letter
from collectors.core.values import Secret

LOG_ONLY = "log:"
_KEY_LENGTH = 4  # shorter parts are port numbers and the like
_PATIENCE = 120.0  # seconds; apprise's own timeouts (4 s to connect, 4 s to read) come first where a service obeys them


class _Words(logging.Handler):
    """What apprise had to say, apart for each thread, since several may deliver at once."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._local = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        self._lines().append(record.getMessage())

    def clear(self) -> None:
        self._lines().clear()

    def said(self) -> str:
        return "; ".join(self._lines())

    def _lines(self) -> list[str]:
        lines: list[str] | None = getattr(self._local, "lines", None)
        if lines is None:
            lines = self._local.lines = []
        return lines


# apprise logs whole addresses, keys and all: its words go nowhere but here.
_WORDS = _Words()
_apprise_log = logging.getLogger("apprise")
_apprise_log.handlers, _apprise_log.propagate = [_WORDS], False


class DeliveryError(Exception):
    """The channel did not take the message; the text says why, without secrets."""


class Sender(Protocol):
    """Takes one message to people."""

    async def send(self, channel: Channel, letter: Letter) -> None:
        """Raises DeliveryError."""
        ...


def is_usable(url: Secret) -> bool:
    """Whether apprise understands this address."""
    return url.reveal() == LOG_ONLY or apprise.Apprise.instantiate(url.reveal(), suppress_exceptions=True) is not None


class AppriseSender:
    """Knows every service that apprise knows."""

    def __init__(self) -> None:
        self._threads: dict[Secret, ThreadPoolExecutor] = {}  # by address: one that hangs holds up no other

    async def send(self, channel: Channel, letter: Letter) -> None:
        if channel.url.reveal() == LOG_ONLY:
            return
        title, body = ("", letter.short) if channel.form == "short" else (letter.title, letter.body)
        thread = self._threads.setdefault(channel.url, ThreadPoolExecutor(1, "deliver"))
        call = asyncio.get_running_loop().run_in_executor(thread, self._notify, channel.url, title, body)
        try:
            await asyncio.wait_for(call, _PATIENCE)
        except TimeoutError:
            raise DeliveryError(f"no answer within {_PATIENCE:g} s") from None

    def close(self) -> None:
        """Begin nothing more. The process ends once what is under way has; apprise's timeouts bound it."""
        for thread in self._threads.values():
            thread.shutdown(wait=False, cancel_futures=True)

    def _notify(self, url: Secret, title: str, body: str) -> None:
        _WORDS.clear()
        try:
            delivered = _through_apprise(url.reveal(), title, body)
        except Exception as error:  # noqa: BLE001 - 170 plugins; whatever they raise, the message was not delivered
            raise DeliveryError(censored(f"{type(error).__name__}: {error}", url)) from None
        if not delivered:
            raise DeliveryError(censored(_WORDS.said() or "not delivered", url))


def _through_apprise(url: str, title: str, body: str) -> bool:
    service = apprise.Apprise.instantiate(url, suppress_exceptions=False)
    if service is None:
        return False
    if "overflow=" not in url:  # what matters comes first in a message; its beginning is better than nothing
        service.overflow_mode = apprise.OverflowMode.TRUNCATE
    return bool(apprise.Apprise(service).notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT))


def censored(text: str, url: Secret) -> str:
    """The text without any part of the address after its scheme: in zalo://TOKEN/CHAT even the "host" is a key."""
    address = url.reveal().partition(":")[2]
    parts = {part for form in (address, unquote(address)) for part in re.split(r"[/:@?&=,]+", form)}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= _KEY_LENGTH:
            text = text.replace(part, "***")
    return text
