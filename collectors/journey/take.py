"""What a step takes from its answer for the steps behind it. Pure."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum

from collectors.core import ProbeError, Reason
from collectors.core.ports import HttpExchange
from collectors.journey.cookies import Jar, value_of
from collectors.messages.said import Said
from collectors.service.json_places import find
from collectors.service.patterns import Regexp
from collectors.service.redirects import header
from collectors.service.text import json_of, unescaped, utf8_of

MOST = 4096  # characters of a value
_PATH = re.compile(r"(?:[^\s.\[\]]+|\[\d{1,6}\])(?:\.[^\s.\[\]]+|\[\d{1,6}\])*")
_PATH_PART = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_OPENINGS = ("[", "{")  # of what is no value to take


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
        raise ProbeError(Reason.CONTENT, Said("journey.nothing", wanted=str(wanted)))
    if len(found) > MOST:
        raise ProbeError(Reason.CONTENT, Said("journey.long", wanted=str(wanted), most=MOST))
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
    found = Regexp.parse(pattern).find(utf8_of(exchange)) or ""
    # In a page's markup & is written &amp;, also within an address.
    return unescaped(found) if "html" in header(exchange, "content-type").lower() else found


def _of_json(path: str, exchange: HttpExchange) -> str:
    place = tuple(int(index) if index else key for index, key in _PATH_PART.findall(path))
    try:
        found = find(json_of(exchange), {place}).get(place, "")
    except ValueError:
        raise ProbeError(Reason.CONTENT, Said("json.none")) from None
    if found.startswith('"'):
        # JSON can hold half of a letter, which nothing can be made of.
        return str(json.loads(found)).encode("utf-8", "replace").decode()
    # Numbers stay as they were written: an id is no quantity.
    return "" if found == "null" or found.startswith(_OPENINGS) else found
