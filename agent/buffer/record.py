"""Records of a segment as bytes: a header with a checksum, then a payload. Pure.

    magic 2 | kind 1 | 0 | crc 4 | length 4 | sequence 8 | behind 4 | monotonic 8 | wall 8 | payload

Little-endian. `crc` is that of zlib over the whole record, itself taken as 0. `behind` says by how many sequences the
record's key frame is older. On disk a short record does not reach into a second block of BLOCK bytes: zeros fill the
rest of the first one. They also fill the end of a segment that is being written.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

_MAGIC = b"\xcf\x94"  # no text in JSON holds it, so no payload pretends to be a record
_HEADER = struct.Struct("<2sBxIIQIdd")
_CRC = struct.Struct("<I")
_CRC_AT = 4
BLOCK = 4096  # bytes: a page of memory cards and of the kernel
LONGEST = 1 << 24  # bytes of a payload: 50,000 series that all are new


class Kind(IntEnum):
    """What a payload holds."""

    FRAME = 1  # a scrape whole, labels included
    CHANGES = 2  # a scrape as it differs from the frame before
    EVENT = 3  # something that happened to the agent


@dataclass(frozen=True, slots=True)
class Record:
    """`base` is the sequence of the frame that it needs, its own where it needs none."""

    kind: Kind
    sequence: int
    base: int
    monotonic: float
    wall: float
    payload: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in the bytes from `start` to `end`; record None: damage."""

    start: int
    end: int
    record: Record | None


def pack(record: Record) -> bytes:
    """The record's bytes. ValueError when it is too long."""
    if len(record.payload) > LONGEST:
        raise ValueError(f"a record of {len(record.payload)} bytes is too long")
    behind = record.sequence - record.base
    head = (record.kind, 0, len(record.payload), record.sequence, behind, record.monotonic, record.wall)
    whole = bytearray(_HEADER.pack(_MAGIC, *head) + record.payload)
    _CRC.pack_into(whole, _CRC_AT, zlib.crc32(whole))
    return bytes(whole)


def scan(data: bytes) -> Iterator[Found]:
    """All that can be read, in order; each stretch of damage between is told once."""
    at = 0
    while at < len(data):
        found = _read(data, at)
        if found is None:
            if at % BLOCK and not any(data[at : block_behind(at)]):
                at = block_behind(at)
                continue
            following = _next(data, at + 1)
            if following is None and not any(data[at:]):
                return
            found = Found(at, len(data) if following is None else following, None)
        yield found
        at = found.end


def block_behind(at: int) -> int:
    """Where the next block begins; here, if one does."""
    return -(-at // BLOCK) * BLOCK


def _next(data: bytes, at: int) -> int | None:
    """Where the next good record begins."""
    while (at := data.find(_MAGIC, at)) >= 0:
        if _read(data, at):
            return at
        at += 1
    return None


def _read(data: bytes, at: int) -> Found | None:
    """The record there, None without a good one."""
    start = at + _HEADER.size
    if start > len(data) or data[at : at + 2] != _MAGIC:
        return None
    _, kind, crc, length, sequence, behind, monotonic, wall = _HEADER.unpack_from(data, at)
    end = start + length
    if length > LONGEST or end > len(data) or not _checks(data, at, end, crc) or kind not in _KINDS:
        return None
    record = Record(_KINDS[kind], sequence, sequence - behind, monotonic, wall, data[start:end])
    return Found(at, end, record)


def _checks(data: bytes, at: int, end: int, crc: int) -> bool:
    place = at + _CRC_AT
    return zlib.crc32(data[place + 4 : end], zlib.crc32(data[at:place] + b"\0\0\0\0")) == crc


_KINDS = {int(kind): kind for kind in Kind}
