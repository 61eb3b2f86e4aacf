"""Which character set a page is in, and its letters. Pure.

A server does not choose the decoder: only the character sets of the web are read, by their names there
(https://encoding.spec.whatwg.org).
"""

import re
import unicodedata
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator

from collectors.core.ports import HttpExchange
from collectors.service.redirects import header

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.ASCII)
_CODECS = {
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8"), "utf-8"),
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
# Where a page says it of itself: https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding
_BEGINNING = 1_024  # bytes
_DECLARED = re.compile(
    rb"<meta\b[^<>]*?\bcharset\s*=\s*[\"']?\s*([\w.:-]{1,40})|<\?xml\b[^<>]*?\bencoding\s*=\s*[\"']([\w.:-]{1,40})",
    re.IGNORECASE,
)
_PIECE = 8_192  # bytes that become text at once
_MOST_MARKS = 4
_MARK = re.compile("[\u0300-\u036f]")
_MARKED = re.compile(rf"[^\W\d_][\u0300-\u036f]{{1,{_MOST_MARKS}}}")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # of byte order


def codec_of(exchange: HttpExchange, body: bytes) -> str:
    """Python's name of the character set: by the body's mark of byte order, the header, or the page; else UTF-8."""
    marked = next((codec for mark, codec in _MARKS if body.startswith(mark)), "")
    claimed = _CHARSET.search(header(exchange, "content-type"))
    return marked or _CODECS.get(claimed[1].lower() if claimed else "", "") or _declared(body)


def _declared(body: bytes) -> str:
    """What the page says of itself. It can be read as ASCII up to there, so it is not UTF-16, whatever it says."""
    found = _DECLARED.search(body, 0, _BEGINNING)
    codec = _CODECS.get((found[1] or found[2]).decode().lower() if found else "", "")
    return "utf-8" if not codec or codec.startswith("utf-16") else codec


def decoded(body: bytes, codec: str) -> Iterator[str]:
    """The text in pieces; what is no letter becomes U+FFFD."""
    decoder = getincrementaldecoder(codec)("replace")
    for start in range(0, len(body), _PIECE):
        yield decoder.decode(body[start : start + _PIECE], start + _PIECE >= len(body))


def composed(pieces: Iterable[str]) -> Iterator[str]:
    """The same text with each letter and its marks as one (NFC), as people write patterns.

    windows-1258 has "ổ" as a letter and a mark, some editors of UTF-8 have so, too. Letter by letter, for Python would
    sort endless marks in one go.
    """
    rest = ""
    for piece in pieces:
        text = rest + piece
        end = _last_letter(text)
        yield _compose(text[:end])
        rest = text[end:]
    yield _compose(rest)


def _last_letter(text: str) -> int:
    """Where it begins: marks of it may still come."""
    end = max(0, len(text) - 1)
    while end and len(text) - end <= _MOST_MARKS and _MARK.match(text, end):
        end -= 1
    return end


def _compose(text: str) -> str:
    return _MARKED.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)
