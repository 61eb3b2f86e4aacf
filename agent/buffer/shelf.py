"""Where segments lie: the port, and the one in memory.

`agent/buffer/folder.py` is the one on disk. All methods block and raise OSError.
"""

from typing import Protocol


class Tail(Protocol):
    """The end of a segment that grows."""

    def append(self, data: bytes) -> int:
        """Kept for good when it returns the segment's size. After an error nothing may be appended any more."""
        ...

    def close(self) -> None:
        """Nothing is appended any more; what an error left behind is cut off."""
        ...


class Shelf(Protocol):
    """Segments by name. Names sort as the segments follow each other."""

    def names(self) -> list[str]: ...
    def read(self, name: str) -> bytes: ...
    def create(self, name: str) -> Tail:
        """A new segment, empty."""
        ...

    def put(self, name: str, data: bytes) -> None:
        """A whole segment in one step, in place of one of this name."""
        ...

    def cut(self, name: str, size: int) -> None: ...
    def remove(self, name: str) -> None: ...

    def release(self) -> bool:
        """Give up what is kept back for a full disk; whether there was any."""
        ...

    def reserve(self) -> None:
        """Keep something back again, where there is room."""
        ...


class MemoryShelf:
    """Lost with the process; never full, so whoever fills it keeps it small."""

    def __init__(self) -> None:
        self._segments: dict[str, bytearray] = {}

    def names(self) -> list[str]:
        return sorted(self._segments)

    def read(self, name: str) -> bytes:
        return bytes(self._segments[name])

    def create(self, name: str) -> Tail:
        return _MemoryTail(self._segments.setdefault(name, bytearray()))

    def put(self, name: str, data: bytes) -> None:
        self._segments[name] = bytearray(data)

    def cut(self, name: str, size: int) -> None:
        del self._segments[name][size:]

    def remove(self, name: str) -> None:
        self._segments.pop(name, None)

    def release(self) -> bool:
        return False

    def reserve(self) -> None: ...


class _MemoryTail:
    def __init__(self, data: bytearray) -> None:
        self._data = data

    def append(self, data: bytes) -> int:
        self._data += data
        return len(self._data)

    def close(self) -> None: ...
