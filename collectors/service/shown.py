"""What a person would see of a page, as folded text. Pure, and in pieces: no page is held a second time as a whole."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from collectors.service.text import fold, unescaped

SHORT = 1_500  # characters that a person sees on a page that is nothing but a notice
_MOST = 524_288  # bytes of markup that are looked at
_CHUNK = 16_384  # bytes that become text at once: more than a short page has
_HEADLINE = 800  # bytes of one, markup included
_HEADLINES = 20
# What is not seen, each to its end or to the page's: so that no beginning without an end is looked for again and again.
_HIDDEN = (
    rb"<(script|style|template|noscript)\b.*?(?:</\1\b[^<>]*>?|\Z)|<!--.*?(?:-->|\Z)"
    rb"|\"data:[^\"]*|'data:[^']*|<[^<>]*>"
)
_UNSEEN = re.compile(_HIDDEN + rb"|\s\s+", re.IGNORECASE | re.DOTALL)
_OPENING = re.compile(rb"<(title|h1|h2|h3)\b[^<>]*>|" + _HIDDEN.replace(rb"\1", rb"\2"), re.IGNORECASE | re.DOTALL)
_CLOSING = re.compile(rb"</(title|h1|h2|h3)\b", re.IGNORECASE)
_PICTURE = re.compile(rb"<img\b[^<>]*?\balt\s*=\s*(?:\"([^\"<>]+)\"|'([^'<>]+)')", re.IGNORECASE)
_FORM = re.compile(rb"<(form|input|select|textarea)\b", re.IGNORECASE)
_JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True, slots=True)
class Page:
    """text: all that is seen, of a long page its title and headings; asks: whether it has a form to fill in."""

    markup: bytes
    text: str
    asks: bool


def read(body: bytes, codec: str) -> Page:
    """A page in this character set."""
    markup = body[:_MOST]
    if codec.startswith("utf-16"):  # the others have tags where ASCII has them
        markup, codec = markup.decode(codec, "replace").encode(), "utf-8"
    seen = _text(_visible(markup), codec)
    if len(seen) > SHORT:
        seen = ". ".join(_text(_visible(headline), codec) for headline in _headlines(markup))
    return Page(markup, seen, bool(_FORM.search(markup)))


def _text(pieces: Iterable[bytes], codec: str) -> str:
    """Not more than is needed to know that it is too long."""
    text = ""
    for chunk in _chunks(pieces):
        plain = _JSON_ESCAPE.sub(lambda match: chr(int(match[1], 16)), chunk.decode(codec, "replace"))
        text = f"{text} {fold(unescaped(plain))}".strip()
        if len(text) > SHORT:
            break
    return text


def _visible(markup: bytes) -> Iterator[bytes]:
    """Text, and what stands for a picture: many a notice is one."""
    position = 0
    for unseen in _UNSEEN.finditer(markup):
        if unseen.start() > position:
            yield markup[position : unseen.start()]
        if picture := _PICTURE.match(markup, unseen.start(), unseen.end()):
            yield picture[1] or picture[2]
        position = unseen.end()
    yield markup[position:]


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    chunk = bytearray()
    for piece in pieces:
        chunk += piece + b" "
        while len(chunk) > _CHUNK:
            yield bytes(chunk[:_CHUNK])
            del chunk[:_CHUNK]
    yield bytes(chunk)


def _headlines(markup: bytes) -> Iterator[bytes]:
    found = 0
    for opening in _OPENING.finditer(markup):
        if opening[1]:
            headline = markup[opening.end() : opening.end() + _HEADLINE]
            closing = _CLOSING.search(headline)
            yield headline[: closing.start()] if closing else headline
            found += 1
        if found == _HEADLINES:
            return
