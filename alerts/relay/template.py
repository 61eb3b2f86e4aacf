"""Any service that takes a message by one HTTP request: an SMS gateway, a webhook. Each has its own body and answer."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, quote_plus

from alerts.relay.failure import DeliveryError, censored
from alerts.relay.letter import Letter
from alerts.relay.plain import one_line
from alerts.relay.web import Reply, Request, Web
from alerts.relay.words import KNOWN, fill, names, words
from collectors.core.values import Secret

_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded", "text": "text/plain"}
_QUOTES: Mapping[str, Callable[[str], str]] = {
    "json": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "form": quote_plus,
    "text": str,
}
_ALL = ", ".join(f'"{name}": "{{{name}}}"' for name in ("id", "status", "severity", "title", "text", "alert", "office"))


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an answer must be for the message to count as taken.

    status  one of these; none given: any from 200 to 299
    body    a regular expression that must be found in it, "" = whatever it says
    """

    status: tuple[int, ...] = ()
    body: str = ""

    def check(self) -> Iterable[tuple[str, str]]:
        """The expression must be one."""
        try:
            re.compile(self.body)
        except re.error as error:
            yield "body", f"is not a regular expression: {error}"

    def holds(self, reply: Reply) -> bool:
        """Whether this answer means that the message was taken."""
        fits = reply.status in self.status if self.status else 200 <= reply.status < 300
        return fits and re.search(self.body, reply.text) is not None


@dataclass(frozen=True, slots=True)
class HttpTemplate:
    """One request per message. `url`, `headers` and `body` hold {placeholders} for the letter's words and `values`.

    type    how words are written into the body: as JSON texts, as fields of a form, or as they are
    values  further placeholders, mostly secrets: keys, passwords, numbers
    """

    url: str
    body: str = ""
    method: Literal["POST", "PUT", "GET"] = "POST"
    type: Literal["json", "form", "text"] = "json"
    headers: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Secret] = field(default_factory=dict)
    accepted: Accepted = field(default_factory=Accepted)

    def check(self) -> Iterator[tuple[str, str]]:
        """Placeholders that nothing fills would be sent as they stand."""
        if not re.match(r"https?://[^/\s{}]", self.url):
            yield "url", "is not an http:// or https:// URL with a host of its own"
        for part, text in (
            ("url", self.url),
            ("body", self.body),
            *(("headers", one) for one in self.headers.values()),
        ):
            for name in sorted(names(text) - KNOWN - self.values.keys()):
                known = ", ".join(sorted(KNOWN))
                yield part, f"{{{name}}} is neither one of `values` nor of the letter's words: {known}"

    def request(self, letter: Letter, form: str) -> Request:
        """The same letter always makes the same request, key of idempotency included."""
        filled = {**words(letter, form), **{name: one.reveal() for name, one in self.values.items()}}
        body = fill(self.body or f"{{{_ALL}}}", filled, _QUOTES[self.type]) if self.method != "GET" else ""
        headers = {"Content-Type": f"{_TYPES[self.type]}; charset=utf-8", "Idempotency-Key": f'"{letter.id}"'}
        headers |= {name: one_line(fill(text, filled)) for name, text in self.headers.items()}
        return Request(self.method, fill(self.url, filled, lambda text: quote(text, safe="")), headers, body.encode())

    async def send(self, web: Web, letter: Letter, form: str) -> None:
        """Raises DeliveryError."""
        reply = await web.ask(self.request(letter, form))
        if self.accepted.holds(reply):
            return
        if reply.cut:
            raise DeliveryError("the answer broke off", doubt=True)
        said = one_line(censored(reply.text, [one.reveal() for one in self.values.values()]))
        raise reply.error(f"answers {reply.status}: {said[:200]}")
