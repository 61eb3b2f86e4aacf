"""What an answer says to a person: that the service is being maintained, or that a firewall stands before it. Pure.

A page counts as a notice only when it is short or says so in its title or headings: a portal that works may well list
"Phí bảo trì đường bộ" among its procedures or announce next week's maintenance, and carries the notice in its scripts.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from collectors.core.ports import HttpExchange
from collectors.messages.said import Said
from collectors.service.charset import codec_of
from collectors.service.notices import (
    ALONE,
    CHALLENGE,
    CHALLENGE_HEADERS,
    FAULT,
    LATER,
    NOT_NOW,
    NOTHING,
    NOW,
    SCRIPTS,
    Patterns,
)
from collectors.service.redirects import header
from collectors.service.shown import Page, read
from collectors.service.text import coding, content

_CLAUSE = re.compile(r"[.!?;,:|]")
_REMEMBERED = 32  # pages


@dataclass(frozen=True, slots=True)
class _Notices:
    """What was found on a page: the pattern's name, "" where there is none."""

    maintenance: str
    challenge: str
    fault: str


_read_before: dict[bytes, _Notices] = {}


def maintenance(exchange: HttpExchange) -> str:
    """The name of the pattern that finds the page to say "under maintenance", "" when it does not say so."""
    return _notices(exchange).maintenance


def challenge(exchange: HttpExchange) -> str:
    """The name of the pattern of a firewall that wants to see a person, "" when there is none."""
    for name, values in CHALLENGE_HEADERS.items():
        if (value := header(exchange, name).lower()) in values:
            return f"{name}: {value}"
    return _notices(exchange).challenge


def fault(exchange: HttpExchange) -> str:
    """The name of the pattern that finds the page to admit an error, whatever its status; "" when it does not."""
    return _notices(exchange).fault


def unread(exchange: HttpExchange) -> str:
    """Why nothing can be said of the page, "" when it could be read."""
    if content(exchange, 1) is not None:
        return ""
    return Said("page.packed", coding=coding(exchange))


def _notices(exchange: HttpExchange) -> _Notices:
    """Read the page, unless it is the one of a time before: pages seldom change. By digest: no content is kept."""
    about = f"{header(exchange, 'content-type')}\0{coding(exchange)}"
    digest = hashlib.sha256(exchange.body)
    digest.update(about.encode("utf-8", "replace"))
    key = digest.digest()
    if key not in _read_before:
        if len(_read_before) >= _REMEMBERED:
            del _read_before[next(iter(_read_before))]
        body = content(exchange) or b""
        page = read(body, codec_of(exchange, body))
        _read_before[key] = _Notices(_maintenance(page), _challenge(page), _fault(page))
    return _read_before[key]


def _maintenance(page: Page) -> str:
    return _said(page, NOW if page.asks else {**NOW, **ALONE})


def _fault(page: Page) -> str:
    return "" if page.asks else _said(page, FAULT)


def _said(page: Page, patterns: Patterns) -> str:
    """Which of these is said to be true now."""
    for clause in _CLAUSE.split(page.text):
        said = clause.strip()
        for name, pattern in patterns.items():
            match = pattern.search(said)
            if match and (name in LATER or not NOT_NOW.search(said, 0, match.end())):
                return name
    return ""


def _challenge(page: Page) -> str:
    return next((name for name, pattern in CHALLENGE.items() if pattern.search(page.text)), "") or next(
        _scripts(page), ""
    )


def _scripts(page: Page) -> Iterator[str]:
    if NOTHING.fullmatch(page.text):
        yield from (script.name for script in SCRIPTS if all(sign.search(page.markup) for sign in script.signs))
