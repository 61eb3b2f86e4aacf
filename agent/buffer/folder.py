"""Segments as files of one folder.

A segment grows by zeros, CHUNK bytes at a time, and records are written over them: then a record changes neither the
size of the file nor the map of its blocks, and costs the disk a third of what appending costs it. The space of a whole
chunk is there before its first record is, so a disk that fills up tears none. Where there is no room for a chunk it
grows by blocks.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path

from agent.buffer.record import BLOCK, block_behind
from agent.disk import sync_folder

SUFFIX = ".segment"
CHUNK = 64 * 1024  # bytes: half an hour
RESERVE = 1 << 20  # bytes that are kept back for when the disk is full: seven hours
_ROOMY = 4 * RESERVE  # free bytes from which on the reserve is made again
_SHORT = BLOCK // 4
_RESERVE_FILE = "reserve"
_DRAFT = ".draft"


class Folder:
    """A Shelf. The folder is made when something is first written to it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        try:
            return sorted(file.stem for file in self._path.iterdir() if file.suffix == SUFFIX)
        except FileNotFoundError:
            return []

    def read(self, name: str) -> bytes:
        return self._file(name).read_bytes()

    def create(self, name: str) -> "FileTail":
        self._path.mkdir(mode=0o750, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        return FileTail(os.open(self._file(name), flags, 0o640), self._path)

    def put(self, name: str, data: bytes) -> None:
        self._path.mkdir(mode=0o750, exist_ok=True)
        if len(data) > self._free():
            raise _full()  # known beforehand: trying again and again would wear a disk that is full
        draft = self._file(name).with_suffix(_DRAFT)
        try:
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._file(name))
        except OSError:
            with suppress(OSError):
                draft.unlink()
            raise
        sync_folder(self._path)

    def cut(self, name: str, size: int) -> None:
        os.truncate(self._file(name), size)

    def remove(self, name: str) -> None:
        self._file(name).unlink(missing_ok=True)

    def release(self) -> bool:
        """Give the reserve back to the disk; whether there was one."""
        try:
            (self._path / _RESERVE_FILE).unlink()
        except OSError:
            return False
        return True

    def reserve(self) -> None:
        """Have a reserve again, if the disk has room to spare."""
        with suppress(OSError):
            if (self._path / _RESERVE_FILE).exists() or self._free() < _ROOMY:
                return
            with (self._path / _RESERVE_FILE).open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, RESERVE)

    def _free(self) -> int:
        """Bytes."""
        found = os.statvfs(self._path)
        return found.f_bavail * found.f_frsize

    def _file(self, name: str) -> Path:
        return self._path / (name + SUFFIX)


class FileTail:
    """Of an empty file that is open for writing. Its name is on the disk once its first record is."""

    def __init__(self, descriptor: int, folder: Path) -> None:
        self._descriptor, self._folder = descriptor, folder
        self._size = self._room = 0

    def append(self, data: bytes) -> int:
        start = self._size
        if len(data) <= _SHORT and start % BLOCK + len(data) > BLOCK:
            start = block_behind(start)  # so it costs the disk one block, not two
        end = start + len(data)
        if end > self._room:
            self._grow(end - self._room)
        self._write(data, start)
        os.fdatasync(self._descriptor)
        if not self._size:
            sync_folder(self._folder)  # after the file: then the filesystem writes both down at once
        self._size = end
        return end

    def close(self) -> None:
        try:
            os.ftruncate(self._descriptor, self._size)
        finally:
            os.close(self._descriptor)

    def _grow(self, least: int) -> None:
        for step in (CHUNK, BLOCK):
            more = -(-least // step) * step
            try:
                self._write(bytes(more), self._room)
            except OSError as error:
                if step == BLOCK or error.errno not in (errno.ENOSPC, errno.EDQUOT):
                    raise
            else:
                self._room += more
                return

    def _write(self, data: bytes, at: int) -> None:
        if os.pwrite(self._descriptor, data, at) != len(data):
            raise _full()  # what a disk does that is nearly full


def _full() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
