"""A folder of small files, each written whole or not at all; what a method has done survives a power cut."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


class Folder:
    """Every method is quick: a small write and a sync at most. All raise OSError."""

    def __init__(self, path: Path) -> None:
        """Opens or makes it."""
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.clear()

    def names(self) -> list[str]:
        """What lies here."""
        return sorted(path.name for path in self.path.iterdir())

    def clear(self) -> None:
        """Do away with writes that never ended."""
        for name in self.names():
            if name.startswith("."):
                with suppress(OSError):
                    self.remove(name)

    def read(self) -> Iterator[tuple[str, bytes | None]]:
        """Name and content; None = cannot be read."""
        for name in self.names():
            try:
                yield name, (self.path / name).read_bytes()
            except OSError:
                yield name, None

    def write(self, name: str, content: bytes) -> None:
        """Beside its place, synced, renamed; only for the eyes of who runs this process."""
        draft = self.path / f".{name}"
        try:
            with open(draft, "wb", opener=_private) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(self.path / name)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        self.sync()

    def remove(self, name: str) -> None:
        """It may be gone already."""
        (self.path / name).unlink(missing_ok=True)

    def move(self, name: str, other: "Folder") -> None:
        """To the same name elsewhere."""
        (self.path / name).rename(other.path / name)
        other.sync()
        self.sync()

    def sync(self) -> None:
        """Names that were added or removed are on disk."""
        descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
