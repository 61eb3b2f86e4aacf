"""A byte stream from memory."""

from collections.abc import Iterator


class Recorded:
    """Gives these pieces and then ends; `sent` is what it was given."""

    protocol = ""

    def __init__(self, pieces: list[bytes]) -> None:
        self.sent = b""
        self._pieces: Iterator[bytes] = iter([piece for piece in pieces if piece])

    async def send(self, data: bytes) -> None:
        self.sent += data

    async def receive(self, limit: int) -> bytes:
        return next(self._pieces, b"")
