"""Is a datagram worth decoding? A look at its outline, in a time that is bounded whatever it holds. Pure.

pysnmp's decoder takes what SNMP forbids (RFC 3417, section 8: definite lengths and primitive strings only), and some of
it in far more time than one datagram may cost. What passes here has the outline of an SNMP message, of a size that a
question of ours can have caused.
"""

from collections.abc import Iterator, Sequence

LONGEST = 16384  # bytes of a message; twenty strings of 255 bytes are 5,500
MOST_FIELDS = 256  # twenty objects are some 75
DEEPEST = 6  # a message, its scoped PDU, PDU, list of objects and object are five
LONGEST_NUMBER = 9  # bytes: Counter64 (RFC 2578, section 7.1.10)
LONGEST_OID = 640  # bytes: 128 parts of 32 bits (RFC 2578, section 3.5)

SEQUENCE, OBJECT_IDENTIFIER = 0x30, 0x06
VERSION_3 = b"\x02\x01\x03"
_CONSTRUCTED = 0x20
_NUMBERS = frozenset((0x02, 0x41, 0x42, 0x43, 0x46, 0x47))  # INTEGER, and the numbers of RFC 2578 and its forerunners
_PDUS = range(0xA0, 0xA9)

Field = tuple[int, int, int]  # tag, where its content begins, where it ends


def plausible(datagram: bytes) -> bool:
    """Whether it begins with the outline of an SNMP message; what follows that does not count."""
    outline = _outline(datagram)
    if outline is None:
        return False
    return not _is_version_3(datagram, outline) or _outline(_security(datagram, outline)) is not None


def engine_id(datagram: bytes) -> bytes:
    """Who sent an SNMPv3 message, by its own word (RFC 3414, section 2.4); empty for anything else."""
    outline = _outline(datagram)
    if outline is None or not _is_version_3(datagram, outline):
        return b""
    security = _security(datagram, outline)
    inner = _outline(security)
    return security[inner[1][1] : inner[1][2]] if inner and len(inner) > 1 else b""


def _is_version_3(datagram: bytes, outline: Sequence[Field]) -> bool:
    return datagram[outline[0][1] :].startswith(VERSION_3)


def _security(datagram: bytes, outline: Sequence[Field]) -> bytes:
    """The security parameters: a message within the message, after version and header."""
    return datagram[outline[3][1] : outline[3][2]] if len(outline) > 3 else b""


def _outline(datagram: bytes) -> list[Field] | None:
    """The outermost field and those within it, and so on; None if SNMP has no such thing."""
    whole = _field(datagram, 0, len(datagram))
    if len(datagram) > LONGEST or whole is None or whole[0] != SEQUENCE:
        return None
    found, level = [whole], [whole]
    for _ in range(DEEPEST):
        inner = [field for outer in level for field in _fields(datagram, outer, MOST_FIELDS - len(found))]
        found += [field for field in inner if field is not None]
        if None in inner or len(found) > MOST_FIELDS:
            return None
        level = [field for field in inner if field is not None and field[0] & _CONSTRUCTED]
    return None if level else found


def _fields(datagram: bytes, outer: Field, most: int) -> Iterator[Field | None]:
    """The fields within a field, one more than `most` at most; None and no more where SNMP has no such field."""
    _, at, end = outer
    for _ in range(most + 1):
        if at >= end:
            return
        field = _field(datagram, at, end)
        yield field
        if field is None:
            return
        at = field[2]


def _field(datagram: bytes, at: int, limit: int) -> Field | None:
    if limit - at < 2:
        return None
    tag, length, start = datagram[at], datagram[at + 1], at + 2
    if length & 0x80:
        octets = length & 0x7F
        if not 1 <= octets <= 4 or limit - start < octets:
            return None
        length = int.from_bytes(datagram[start : start + octets], "big")
        start += octets
    end = start + length
    return (tag, start, end) if end <= limit and _allowed(tag, length) else None


def _allowed(tag: int, length: int) -> bool:
    if tag in _NUMBERS:
        return 1 <= length <= LONGEST_NUMBER
    if tag == OBJECT_IDENTIFIER:
        return length <= LONGEST_OID
    return not tag & _CONSTRUCTED or tag == SEQUENCE or tag in _PDUS
