"""From the bytes of a body to text. Pure; time and memory in proportion to the bytes, whatever the server says of them.

A server chooses neither the decoder nor how much comes out of it: only the character sets of the web are read, by their
names there (https://encoding.spec.whatwg.org), and a body that was compressed unasked is unpacked as far as one that
was not would have been read.
"""

import re
import unicodedata
import zlib
from html import unescape

from collectors.core.ports import HttpExchange
from collectors.service.redirects import header

MOST = 262_144  # bytes that are unpacked, unless a target reads more
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.ASCII)
_CODECS = {
    **{f"windows-{number}": f"cp{number}" for number in range(1250, 1259)},
    **{f"iso-8859-{number}": f"iso8859-{number}" for number in (*range(2, 9), 10, 13, 14, 15, 16)},
    **dict.fromkeys(("iso-8859-1", "latin1", "us-ascii", "ascii"), "cp1252"),
    "windows-874": "cp874",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # of byte order
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


def codec_of(exchange: HttpExchange, body: bytes) -> str:
    """Python's name of the character set: the body's mark of byte order, else what the header claims, else UTF-8."""
    marked = next((codec for mark, codec in _MARKS if body.startswith(mark)), "")
    claimed = _CHARSET.search(header(exchange, "content-type"))
    return marked or _CODECS.get(claimed[1].lower() if claimed else "", "utf-8")


def text_of(exchange: HttpExchange, most: int = MOST) -> str:
    """The whole body as text; "" where it cannot be unpacked."""
    body = content(exchange, most) or b""
    return body.decode(codec_of(exchange, body), "replace")


def unescaped(text: str) -> str:
    """Text in which markup's character references (&amp; &#7843;) are letters."""
    return unescape(_NUMBER.sub("", text))


def fold(text: str) -> str:
    """Small letters without diacritics, white space as one blank: "Đang bảo trì" becomes "dang bao tri"."""
    latin = _FOREIGN.sub("", text).casefold().replace("đ", "d")
    return " ".join(unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode().split())
