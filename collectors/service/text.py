"""From the bytes of a body to text. Pure; time and memory in proportion to the bytes, whatever the server says of them.

How much comes out of them is not the server's choice either: a body that was compressed unasked is unpacked as far as
one that was not would have been read.
"""

import json
import re
import unicodedata
import zlib
from html import unescape

from collectors.core.ports import HttpExchange
from collectors.service.charset import codec_of, composed, decoded
from collectors.service.redirects import header

MOST = 262_144  # bytes that are unpacked, unless a target reads more
_ZIPPED = ("gzip", "x-gzip", "deflate")
_EITHER = zlib.MAX_WBITS | 32  # gzip's or zlib's header, whichever is there
# What can become a small Latin letter. Neither marks that stand alone nor letters that become a whole sentence.
_FOREIGN = re.compile("[^\0-\u024f\u1e00-\u1eff\u2000-\u200a\u3000\uff01-\uff5e]+")
_NUMBER = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{7,});?")  # of no letter; the largest are no number to Python either


def coding(exchange: HttpExchange) -> str:
    """How the body was packed although nobody asked for that, "" when it was not."""
    named = header(exchange, "content-encoding").strip().lower()
    return "" if named == "identity" else named[:20]


def content(exchange: HttpExchange, most: int = MOST) -> bytes | None:
    """The body, at most `most` bytes of it where it has to be unpacked; None where that cannot be done."""
    packed = coding(exchange)
    if not packed:
        return exchange.body
    try:
        return zlib.decompressobj(_EITHER).decompress(exchange.body, most) if packed in _ZIPPED else None
    except zlib.error:
        return None


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
