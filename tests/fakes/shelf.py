"""A disk that can be full, read-only or broken, and that loses its power in mid write."""

import errno
import os

from agent.buffer.shelf import Tail


class FakeShelf:
    """A Shelf. `room`: bytes that fit on it, None = any number; `fault`: what every writing ends with, 0 = it works."""

    def __init__(self) -> None:
        self.segments: dict[str, bytearray] = {}
        self.room: int | None = None
        self.fault = 0
        self.kept_back = 0

    @property
    def used(self) -> int:
        return sum(map(len, self.segments.values())) + self.kept_back

    def names(self) -> list[str]:
        return sorted(self.segments)

    def read(self, name: str) -> bytes:
        return bytes(self.segments[name])

    def create(self, name: str) -> Tail:
        self.check()
        if name in self.segments:
            raise FileExistsError(errno.EEXIST, name)
        self.segments[name] = bytearray()
        return _FakeTail(self, self.segments[name])

    def put(self, name: str, data: bytes) -> None:
        self.check(len(data))
        self.segments[name] = bytearray(data)

    def cut(self, name: str, size: int) -> None:
        self.check()
        del self.segments[name][size:]

    def remove(self, name: str) -> None:
        if self.fault == errno.EROFS:
            self.check()
        self.segments.pop(name, None)

    def release(self) -> bool:
        had, self.kept_back = self.kept_back > 0, 0
        return had

    def reserve(self) -> None: ...

    def check(self, more: int = 0) -> None:
        if self.fault:
            raise OSError(self.fault, os.strerror(self.fault))
        if self.room is not None and self.used + more > self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def cut_power(self, unwritten: bytes) -> "FakeShelf":
        """What is there afterwards: all that was durable, and of what was being written the beginning or zeros."""
        after = FakeShelf()
        after.segments = {name: bytearray(data) for name, data in self.segments.items()}
        if self.segments:
            after.segments[self.names()[-1]] += unwritten
        return after


class _FakeTail:
    def __init__(self, shelf: FakeShelf, data: bytearray) -> None:
        self._shelf, self._data = shelf, data
        self._size = 0

    def append(self, data: bytes) -> int:
        try:
            self._shelf.check(len(data))
        except OSError:
            self._data += data[: len(data) // 2]
            raise
        self._data += data
        self._size = len(self._data)
        return self._size

    def close(self) -> None:
        if not self._shelf.fault:
            del self._data[self._size :]
