"""The head that nearly every answer of HTTP/1.1 has, read at once.

h11 takes longer to read an answer than everything else of an exchange together. So a head that came whole, breaks no
rule and gives the length of its body is read here; whatever else a server sends is left to h11, with all its rules.
"""

import re
from dataclasses import dataclass

_MOST = 8_192  # bytes; `http_head` allows no header to be longer
# A part of what h11 accepts: lines that end in CR LF, tokens as names, values of printable ASCII.
_HEAD = re.compile(
    rb"HTTP/1\.1 ([2-5][0-9]{2})(?: [\t -~]{0,1000})?\r\n((?:[-!#$%&'*+.^_`|~0-9A-Za-z]+:[\t -~]*\r\n)+)\r\n"
)
_LENGTH = re.compile(r"[0-9]{1,15}")
BODILESS = (204, 304)  # statuses whose answers have none, whatever length they tell


@dataclass(frozen=True, slots=True)
class OrdinaryHead:
    """size: bytes of the head itself; length: bytes of the body that follows; names of headers in small letters."""

    status: int
    headers: tuple[tuple[str, str], ...]
    size: int
    length: int


def ordinary_head(data: bytes) -> OrdinaryHead | None:
    """The head at the beginning of an answer (not to HEAD), None when it is not whole or not so ordinary."""
    match = _HEAD.match(data, 0, _MOST)
    if not match:
        return None
    lines = [line.partition(":") for line in match[2].decode("ascii").split("\r\n")[:-1]]
    headers = tuple([(name.lower(), value.strip(" \t")) for name, _, value in lines])
    lengths = [value for name, value in headers if name in ("content-length", "transfer-encoding")]
    status = int(match[1])
    if len(lengths) != 1 or not _LENGTH.fullmatch(lengths[0]) or status in BODILESS:
        return None
    return OrdinaryHead(status, headers, match.end(), int(lengths[0]))
