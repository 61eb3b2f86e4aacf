"""What a step takes from its answer for the steps behind it. Pure."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from collectors.core import ProbeError, Reason
from collectors.core.ports import HttpExchange
from collectors.journey.cookies import Jar, value_of
from collectors.service.patterns import Regexp
from collectors.service.redirects import header
from collectors.service.text import text_of, unescaped

MOST = 4096  # characters of a value
_PATH = re.compile(r"(?:[^\s.\[\]]+|\[\d{1,6}\])(?:\.[^\s.\[\]]+|\[\d{1,6}\])*")
_PATH_PART = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


class Source(StrEnum):
    """Where a value may stand in an answer."""

    LOCATION = "location"
    STATUS = "status"
    HEADER = "header"
    COOKIE = "cookie"
    JSON = "json"
    REGEX = "regex"


_ALONE = (Source.LOCATION, Source.STATUS)


@dataclass(frozen=True, slots=True)
class Take:
    """`location`, `status`, `header X-Token`, `cookie SID`, `json data.items[0].id` or `regex value="(.*?)"`.

    Of a regex the first group is taken, or all that matches when it has none.
    """

    source: Source
    what: str = ""

    @classmethod
    def parse(cls, text: str) -> "Take":
        word, _, what = text.strip().partition(" ")
        if word not in tuple(Source):
            raise ValueError(f"{word!r} is nothing to take; write {', '.join(Source)}")
        take = cls(Source(word), what.strip())
        if (take.source in _ALONE) == bool(take.what):
            raise ValueError(f"{text!r}: {word} {'stands alone' if take.what else 'needs a word behind it'}")
        if take.source is Source.JSON and not _PATH.fullmatch(take.what):
            raise ValueError(f"{take.what!r} is not a JSON path; write data.items[0].id")
        if take.source is Source.REGEX:
            Regexp.parse(take.what)
        return take

    def __str__(self) -> str:
        return f"{self.source} {self.what}".strip()


def take(wanted: Take, exchange: HttpExchange, jar: Jar, url: str, now: float) -> str:
    """The value. Raises ProbeError when the answer does not hold it; never says what it holds instead."""
    found = _find(wanted, exchange, jar, url, now)
    if not found:
        raise ProbeError(Reason.CONTENT, f"the answer has no {wanted}")
    if len(found) > MOST:
        raise ProbeError(Reason.CONTENT, f"{wanted} is longer than {MOST} characters")
    return found


def _find(wanted: Take, exchange: HttpExchange, jar: Jar, url: str, now: float) -> str:
    match wanted.source:
        case Source.STATUS:
            return str(exchange.status or "")
        case Source.LOCATION:
            return header(exchange, "location")
        case Source.HEADER:
            return header(exchange, wanted.what.lower())
        case Source.COOKIE:
            return value_of(jar, url, wanted.what, now)
        case Source.JSON:
            return _of_json(wanted.what, exchange)
        case Source.REGEX:
            return _of_regex(wanted.what, exchange)


def _of_regex(pattern: str, exchange: HttpExchange) -> str:
    found = Regexp.parse(pattern).find(text_of(exchange)) or ""
    # In a page's markup & is written &amp;, also within an address.
    return unescaped(found) if "html" in header(exchange, "content-type").lower() else found


def _of_json(path: str, exchange: HttpExchange) -> str:
    try:
        # Numbers stay as they were written: an id is no quantity.
        node: Any = json.loads(text_of(exchange), parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise ProbeError(Reason.CONTENT, "the answer is not JSON") from None
    for index, key in _PATH_PART.findall(path):
        node = _child(node, index, key)
    if isinstance(node, bool):
        return "true" if node else "false"
    # JSON can hold half of a letter, which nothing can be made of.
    return node.encode("utf-8", "replace").decode() if isinstance(node, str) else ""


def _child(node: Any, index: str, key: str) -> Any:
    if index:
        return node[int(index)] if isinstance(node, list) and int(index) < len(node) else None
    return node.get(key) if isinstance(node, dict) else None
