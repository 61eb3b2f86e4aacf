"""Texts with {names} in them, each filled in as its place demands: a URL, a header, a form, a JSON document. Pure."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

from collectors.core import ProbeError, Reason
from collectors.core.values import Url
from collectors.messages.said import Said

_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_HEADER_VALUE = re.compile(r"[ -~\t]*")


@dataclass(frozen=True, slots=True)
class Taken:
    """A value of an answer, and the URL that gave it: what a relative reference is relative to."""

    text: str
    base: str


Values = Mapping[str, Taken]


def names_in(text: str) -> frozenset[str]:
    """The names between braces."""
    return frozenset(_PLACE.findall(text))


def _fill(text: str, values: Values, escape: Callable[[str], str]) -> str:
    return _PLACE.sub(lambda place: escape(values[place[1]].text), text)


@dataclass(frozen=True, slots=True)
class UrlTemplate:
    """An address with names in its path or query, or one name that is the whole address: `{next}`."""

    text: str

    def __repr__(self) -> str:
        return f"UrlTemplate({self.text.partition('?')[0]!r})"

    @classmethod
    def parse(cls, text: str) -> "UrlTemplate":
        if _PLACE.fullmatch(text):
            return cls(text)
        scheme, _, rest = text.partition("://")
        if names_in(scheme) or names_in(re.split(r"[/?#]", rest, maxsplit=1)[0]):
            raise ValueError(f"{text!r}: a taken value may be the whole address or stand in its path or query")
        Url.parse(_PLACE.sub("x", text))
        return cls(text)

    @property
    def whole(self) -> str:
        """The name that is the whole address, "" when there is more to it."""
        found = _PLACE.fullmatch(self.text)
        return found[1] if found else ""

    @property
    def host(self) -> str:
        """The host as written, "" when the whole address is taken."""
        return "" if self.whole else urlsplit(self.text).hostname or ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the query's fields."""
        return tuple(name for name, _ in parse_qsl(urlsplit(self.text).query, keep_blank_values=True))

    def fill(self, values: Values) -> Url:
        """Raises ProbeError when what was taken is no address."""
        if not self.whole:
            return Url(_fill(self.text, values, lambda value: quote(value, safe="")))
        taken = values[self.whole]
        try:
            return Url.parse(urljoin(taken.base, taken.text.strip().replace(" ", "%20")).partition("#")[0])
        except ValueError:
            raise ProbeError(Reason.CONTENT, Said("journey.no_address", name=repr(self.whole))) from None


def fill_header(name: str, text: str, values: Values) -> str:
    """A header's value. Raises ProbeError for letters that would break the request or cannot be sent."""
    filled = _fill(text, values, str)
    if not _HEADER_VALUE.fullmatch(filled):
        raise ProbeError(Reason.CONTENT, Said("journey.no_header", name=name))
    return filled


def fill_form(fields: Mapping[str, str], values: Values) -> bytes:
    """A body of the type application/x-www-form-urlencoded."""
    return urlencode({name: _fill(text, values, str) for name, text in fields.items()}).encode()


@dataclass(frozen=True, slots=True)
class JsonTemplate:
    """A JSON document, written as text; names stand within its strings."""

    tree: Any

    @classmethod
    def parse(cls, text: str) -> "JsonTemplate":
        try:
            return cls(json.loads(text))
        except (ValueError, RecursionError):
            raise ValueError('is not JSON; write a text such as {"code": "{code}"} between single quotes') from None

    @property
    def fields(self) -> tuple[str, ...]:
        """Every key, at any depth."""
        return tuple(key for node in _nodes(self.tree) if isinstance(node, dict) for key in node)

    @property
    def names(self) -> frozenset[str]:
        """The names between braces in any text."""
        return frozenset().union(*(names_in(node) for node in _nodes(self.tree) if isinstance(node, str)))

    def fill(self, values: Values) -> bytes:
        """The document as UTF-8."""
        return json.dumps(_filled(self.tree, values), ensure_ascii=False).encode()


def _nodes(tree: Any) -> Iterator[Any]:
    yield tree
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(child)


def _filled(tree: Any, values: Values) -> Any:
    if isinstance(tree, dict):
        return {key: _filled(child, values) for key, child in tree.items()}
    if isinstance(tree, list):
        return [_filled(child, values) for child in tree]
    return _fill(tree, values, str) if isinstance(tree, str) else tree
