"""From the bytes of a body to text. Pure; time and memory in proportion to the bytes, whatever the server says of them.

How much comes out of them is not the server's choice either: a body that was compressed unasked is unpacked as far as
one that was not would have been read.
"""

import json
import re
import unicodedata
import zlib
from contextlib import suppress
from html import unescape

from collectors.core.ports import HttpExchange
from collectors.service.charset import codec_of, composed, decoded
from collectors.service.redirects import header

MOST = 262_144  # bytes that are unpacked, unless a target reads more
_READ = frozenset(("", "identity", "gzip", "x-gzip", "deflate"))
_GZIP, _IN_GZIP = b"\x1f\x8b", zlib.MAX_WBITS | 16
_MOST_PACKED = 2  # times; a front may pack what was packed behind it
# What can become a small Latin letter. Neither marks that stand alone nor letters that become a whole sentence.
_FOREIGN = re.compile("[^\0-\u024f\u1e00-\u1eff\u2000-\u200a\u3000\uff01-\uff5e]+")
_NUMBER = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{7,});?")  # of no letter; the largest are no number to Python either


def coding(exchange: HttpExchange) -> str:
    """How the body was packed although nobody asked for that, "" when it was not."""
    named = header(exchange, "content-encoding").strip().lower()
    return "" if named == "identity" else named[:20]


def content(exchange: HttpExchange, most: int = MOST) -> bytes | None:
    """The body, at most `most` bytes of it where it has to be unpacked; None where that cannot be done.

    What is packed in gzip shows it by itself; what only claims to be packed is read as it is.
    """
    named = {name.strip() for name in coding(exchange).split(",")}
    if not named <= _READ:
        return None
    body = _inflated(exchange.body, most) if "deflate" in named else exchange.body
    try:
        for _ in range(_MOST_PACKED):
            if body.startswith(_GZIP):
                body = zlib.decompressobj(_IN_GZIP).decompress(body, most)
    except zlib.error:
        return None
    return body


def _inflated(body: bytes, most: int) -> bytes:
    """Deflate should be in zlib's wrapping (RFC 9110, section 8.4.1.2), and comes without it, too."""
    for wrapping in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        with suppress(zlib.error):
            return zlib.decompressobj(wrapping).decompress(body, most)
    return body


def utf8_of(exchange: HttpExchange, most: int = MOST) -> bytearray:
    """The whole body as text in UTF-8, its letters with their marks as one; empty where it cannot be unpacked."""
    body, text = content(exchange, most) or b"", bytearray()
    for piece in composed(decoded(body, codec_of(exchange, body))):
        text += piece.encode("utf-8", "replace")
    return text


def json_of(exchange: HttpExchange, most: int = MOST) -> str:
    """The whole body as JSON: it says its character set itself, whatever the header claims (RFC 8259, section 8.1).

    Raises ValueError where it is none.
    """
    body = content(exchange, most) or b""
    return body.decode(json.detect_encoding(body), "surrogatepass")


def unescaped(text: str) -> str:
    """Text in which markup's character references (&amp; &#7843;) are letters."""
    return unescape(_NUMBER.sub("", text))


def fold(text: str) -> str:
    """Small letters without diacritics, white space as one blank: "Đang bảo trì" becomes "dang bao tri"."""
    latin = _FOREIGN.sub("", text).casefold().replace("đ", "d")
    return " ".join(unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode().split())
