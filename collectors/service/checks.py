"""What an answer should be beside its status: headers, patterns, JSON, size. Pure; values never get into the words."""

import json
from collections.abc import Iterator

from collectors.core.ports import HttpExchange
from collectors.messages.said import Said
from collectors.service.json_places import find
from collectors.service.pages import unread
from collectors.service.target import Target
from collectors.service.text import json_of, utf8_of
from collectors.service.words import JsonPath


def wrong_head(target: Target, exchange: HttpExchange) -> str:
    """Which header is not as it should be, "" when all are."""
    for name, wanted in target.header_matches.items():
        values = [value for given, value in exchange.headers if given.lower() == name.lower()]
        if not values:
            return Said("page.header_missing", name=name)
        if not any(wanted.matches(value) for value in values):
            return Said("page.header_wrong", name=name, pattern=repr(str(wanted)))
    return ""


def wrong_size(target: Target, exchange: HttpExchange) -> str:
    """Whether less came than should, "" when not."""
    if exchange.body_size < target.min_body and target.method != "HEAD":
        return Said("page.short", size=exchange.body_size, least=target.min_body)
    return ""


def wrong_body(target: Target, exchange: HttpExchange) -> str:
    """Which of the target's patterns failed, "" when none did."""
    if not (target.body_matches or target.body_must_not_match or target.json_matches):
        return ""
    return unread(exchange) or next(_wrong_text(target, exchange), "") or _wrong_json(target, exchange)


def _wrong_text(target: Target, exchange: HttpExchange) -> Iterator[str]:
    body = utf8_of(exchange, target.max_body)
    cut = "" if exchange.complete else Said("page.cut", size=len(exchange.body))
    for wanted in target.body_matches:
        if not wanted.matches(body):
            yield Said("page.unmatched", pattern=repr(str(wanted)), cut=cut)
    for unwanted in target.body_must_not_match:
        if unwanted.matches(body):
            yield Said("page.matched", pattern=repr(str(unwanted)))


def _wrong_json(target: Target, exchange: HttpExchange) -> str:
    if not target.json_matches:
        return ""
    if not exchange.complete:
        return Said("json.cut", size=len(exchange.body))
    places = {path: JsonPath.parse(path).steps for path in target.json_matches}
    try:
        found = find(json_of(exchange, target.max_body), places.values())
    except ValueError:
        return Said("json.none")
    for path, wanted in target.json_matches.items():
        if places[path] not in found:
            return Said("json.missing", path=path)
        if not wanted.matches(_as_text(found[places[path]])):
            return Said("json.unmatched", path=path, pattern=repr(str(wanted)))
    return ""


def _as_text(value: str) -> str:
    """A string's content; any other value as it is written."""
    return str(json.loads(value)) if value.startswith('"') else value
