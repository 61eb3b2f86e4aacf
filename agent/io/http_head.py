"""The bounds of a head of HTTP/1.1: h11 needs up to 270 bytes of memory per byte of a line, so none may be long."""

import re
from typing import Self

from collectors.core import ProbeError, Reason
from collectors.messages.said import Said

MOST_HEAD = 32_768  # bytes of status line and headers, interim answers (1xx) included
_MOST_STATUS = 2_048
MOST_HEADER = 8_192  # bytes of one header, its continuation lines included
_CHUNKED = re.compile(rb"(transfer-encoding\s*:|[ \t]).*chunked", re.IGNORECASE)
_INTERIM = re.compile(rb"HTTP/1\.\d 1\d\d\b")


class HeadGuard:
    """Sees all that arrives before h11 does, until the head is over.

    chunked: whether the head says so of the body that follows
    """

    def __init__(self) -> None:
        self._size = 0
        self._rest = b""  # of the line that is not complete yet
        self._earlier = 0  # bytes of the lines that it continues
        self._status_line = b""
        self._over = False
        self.chunked = False

    @classmethod
    def of_trailer(cls) -> Self:
        """The fields behind a chunked body have the same bounds."""
        guard = cls()
        guard._status_line = b"trailer"
        return guard

    def check(self, data: bytes) -> bytes:
        """What is behind the head; nothing while it is not over. Raises ProbeError."""
        if self._over:
            return data
        self._size += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for number, line in enumerate(lines, 1):
            if self._ends(line):
                self._over = True
                return b"\n".join((*lines[number:], self._rest))
        self._bound(self._rest)
        if self._size > MOST_HEAD:
            raise ProbeError(Reason.BAD_ANSWER, Said("http.endless_head", most=MOST_HEAD))
        return b""

    def _ends(self, line: bytes) -> bool:
        """Whether this complete line is the last one of the last head."""
        self._bound(line)
        if not self._status_line:
            self._status_line, self.chunked = line, False
        elif line in (b"", b"\r"):
            final = not _INTERIM.match(self._status_line)
            self._status_line, self._earlier = b"", 0
            return final
        elif line.startswith((b" ", b"\t")):
            self._earlier += len(line)
        else:
            self._earlier = len(line)
        self.chunked = self.chunked or bool(_CHUNKED.match(line))
        return False

    def _bound(self, line: bytes) -> None:
        """Whether the line, complete or not, is still of a length that h11 may see."""
        if not self._status_line:
            key, size, most = "http.endless_status", len(line), _MOST_STATUS
        else:
            continues = line.startswith((b" ", b"\t"))
            key, size, most = "http.endless_header", len(line) + self._earlier * continues, MOST_HEADER
        if size > most:
            raise ProbeError(Reason.BAD_ANSWER, Said(key, most=most))
