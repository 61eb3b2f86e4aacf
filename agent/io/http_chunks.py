"""The bounds of a chunked body's own lines (RFC 9112, section 7.1): h11 reads a trailer as it does a head.

Only where the far end keeps to the rules does this have to follow it: what breaks them h11 refuses by itself.
"""

from agent.io.http_head import MOST_HEADER, HeadGuard
from collectors.core import ProbeError, Reason
from collectors.messages.said import Said

_LINE_END = 2  # bytes behind the data of a chunk


class ChunkGuard:
    """Sees all of a chunked body before h11 does: skips the data, and bounds the lines between and behind."""

    def __init__(self) -> None:
        self._skip = 0  # bytes of data, with their line end, that are still to come
        self._line = b""  # that says the size of the next chunk, as far as it has come
        self._trailer: HeadGuard | None = None

    def check(self, data: bytes) -> None:
        """Raises ProbeError."""
        position = 0
        while position < len(data):
            if self._trailer:
                self._trailer.check(data[position:])
                return
            if self._skip:
                step = min(self._skip, len(data) - position)
                self._skip -= step
                position += step
            else:
                end = data.find(b"\n", position) + 1 or len(data)
                self._read(data[position:end])
                position = end

    def _read(self, piece: bytes) -> None:
        self._line += piece
        if len(self._line) > MOST_HEADER:
            raise ProbeError(Reason.BAD_ANSWER, Said("http.endless_chunk", most=MOST_HEADER))
        if not piece.endswith(b"\n"):
            return
        line, self._line = self._line, b""
        try:
            size = int(line.partition(b";")[0], 16)
        except ValueError:
            return
        if size:
            self._skip = size + _LINE_END
        else:
            self._trailer = HeadGuard.of_trailer()
