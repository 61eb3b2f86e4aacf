"""A request's body, unpacked into no more memory than is allowed: what claims to be larger is refused unread. Pure.

Sources: google/snappy, format_description.txt; RFC 8878 (Zstandard), section 3.1.1.
"""

import cramjam

SNAPPY, ZSTD = "snappy", "zstd"
ENCODINGS = (ZSTD, SNAPPY)  # best first, as the header Accept-Encoding of an answer has them (RFC 7694)

_SNAPPY_DENSEST = 22  # a copy of 64 bytes takes 3: no honest block holds more times its own size
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


class BadBodyError(ValueError):
    """It is not what it says it is; to send it again is useless."""


class TooLargeError(ValueError):
    """It may be honest, and is more than one request may hold."""


def claimed(body: bytes, encoding: str, most: int) -> int:
    """The size of the WriteRequest in a body, as its header has it. BadBodyError; TooLargeError beyond `most`."""
    if encoding == SNAPPY:
        size = _snappy_size(body)
    elif encoding == ZSTD:
        size = _zstd_size(body)
    else:
        raise BadBodyError(f"Content-Encoding should be {SNAPPY} or {ZSTD}")
    if size > most:
        raise TooLargeError(f"holds {size} bytes, and at most {most} are taken")
    return size


def unpack(body: bytes, encoding: str, most: int) -> bytes:
    """The WriteRequest in a body, at most so many bytes of it. BadBodyError, TooLargeError."""
    size = claimed(body, encoding, most)
    unpacked = cramjam.snappy.decompress_raw_into if encoding == SNAPPY else cramjam.zstd.decompress_into
    room = bytearray(size)
    try:
        filled = unpacked(body, room)
    except cramjam.DecompressionError:
        raise BadBodyError(f"is not one block of {encoding}") from None
    if filled != size:
        raise BadBodyError(f"holds {filled} bytes where its header says {size}")
    return bytes(room)


def pack(message: bytes) -> bytes:
    """As remote write 1.0 wants it: one block of snappy, without the framing format."""
    return bytes(cramjam.snappy.compress_raw(message))


def _snappy_size(body: bytes) -> int:
    """The size that the preamble claims: a varint of at most 32 bits."""
    size = 0
    for place, byte in enumerate(body[:5]):
        size |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            break
    else:
        raise BadBodyError("is not one block of snappy")
    if size > _SNAPPY_DENSEST * len(body):
        raise BadBodyError("claims more bytes than a block of its size can hold")
    return size


def _zstd_size(body: bytes) -> int:
    """The content size of a single frame, which has to be there: without it nobody knows how much room to give."""
    if len(body) < 6 or body[:4] != _ZSTD_MAGIC:
        raise BadBodyError("is not a frame of zstd")
    descriptor = body[4]
    single, kind, dictionary = descriptor >> 5 & 1, descriptor >> 6, descriptor & 3
    if descriptor & 0x08:
        raise BadBodyError("has a reserved bit set")
    if not single and not kind:
        raise BadBodyError("does not say how large its content is")
    if dictionary:
        raise BadBodyError("needs a dictionary")
    start = 5 if single else 6
    width = (1, 2, 4, 8)[kind]
    if len(body) < start + width:
        raise BadBodyError("ends in its header")
    size = int.from_bytes(body[start : start + width], "little")
    return size + 256 if width == 2 else size
