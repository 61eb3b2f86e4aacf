"""Frames of the responder's protocol: kind (1 byte), length of the payload (4 bytes, big endian), payload. Pure."""

import struct
from enum import IntEnum

LARGEST_CONTROL = 512
LARGEST_DATA = 65_536

_HEADER = struct.Struct("!BI")


class ProtocolError(ValueError):
    """The other end said something that this version of the protocol does not allow."""


class VersionError(ProtocolError):
    """It speaks another version of the protocol."""


class Kind(IntEnum):
    """What a frame holds."""

    HELLO = 1
    REQUEST = 2
    ACCEPTED = 3
    REFUSED = 4
    DATA = 5
    PROGRESS = 6
    READY = 7
    SENT = 8
    HEARD = 9


def frame(kind: Kind, payload: bytes) -> bytes:
    """One frame, ready to be sent."""
    return _HEADER.pack(kind, len(payload)) + payload


class Frames:
    """Cuts a stream into frames, however it was chopped. DATA is skipped, so memory stays below one control frame."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._kind: Kind | None = None  # of the frame whose payload is being read
        self._wanted = _HEADER.size
        self._skip = 0

    @property
    def between(self) -> bool:
        """Whether the stream is at the edge of a frame: nothing begun, nothing left over."""
        return not self._pending and not self._skip and self._kind is None

    @property
    def in_data(self) -> bool:
        """Whether a DATA frame is being skipped."""
        return self._skip > 0

    @property
    def missing(self) -> int:
        """How many bytes may be read without reading past the next edge between header, payload and frame."""
        return self._skip or self._wanted - len(self._pending)

    def feed(self, chunk: bytes | memoryview) -> list[tuple[Kind, bytes]]:
        """The control frames that this chunk completes. ProtocolError on anything that is not a frame."""
        found: list[tuple[Kind, bytes]] = []
        rest = memoryview(chunk)
        while rest:
            if self._skip:
                skipped = min(self._skip, len(rest))
                self._skip -= skipped
                rest = rest[skipped:]
                continue
            missing = self._wanted - len(self._pending)
            self._pending += rest[:missing]
            rest = rest[missing:]
            if len(self._pending) == self._wanted:
                self._advance(found)
        return found

    def _advance(self, found: list[tuple[Kind, bytes]]) -> None:
        """A header is complete, or the payload that it announced."""
        if self._kind is None:
            self._open(*_HEADER.unpack(self._pending))
        else:
            found.append((self._kind, bytes(self._pending)))
            self._kind, self._wanted = None, _HEADER.size
        self._pending.clear()

    def _open(self, number: int, length: int) -> None:
        if number not in tuple(Kind):
            raise ProtocolError("it does not speak the responder's protocol")
        if not 0 < length <= (LARGEST_DATA if number == Kind.DATA else LARGEST_CONTROL):
            raise ProtocolError(f"it announces a frame of {length} bytes")
        if number == Kind.DATA:
            self._skip = length
        else:
            self._kind, self._wanted = Kind(number), length
