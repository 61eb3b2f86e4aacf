"""The journal's file: two slots of one block each, written in turn and in place.

A power cut in mid write tears the slot that is being written; the other one holds the entry before. Written in place,
the file needs no space that a full disk could lack, and one block per entry is all that a memory card has to bear.
"""

import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from agent.disk import sync_folder

SLOT = 4096  # bytes: a sector of today's disks and a page of memory cards


@dataclass(frozen=True, slots=True)
class Kept:
    """What a slot holds."""

    sequence: int
    text: str


def encode(kept: Kept) -> bytes:
    """One slot. ValueError when the text does not fit."""
    body = f"{kept.sequence:016x} {kept.text}".encode("ascii")
    block = f"{zlib.crc32(body):08x} ".encode("ascii") + body + b"\n"
    if len(block) > SLOT:
        raise ValueError(f"an entry of {len(block)} bytes does not fit into a slot of {SLOT}")
    return block.ljust(SLOT, b"\n")


def decode(block: bytes) -> Kept | None:
    """None for what is torn, empty or not ours."""
    body = block.rstrip(b"\n")[9:]
    try:
        if len(block) != SLOT or int(block[:8], 16) != zlib.crc32(body):
            return None
        return Kept(int(body[:16], 16), body[17:].decode("ascii"))
    except ValueError:
        return None


def newest(data: bytes) -> Kept | None:
    """The last entry that was written whole."""
    found = [kept for place in (0, SLOT) if (kept := decode(data[place : place + SLOT]))]
    return max(found, key=lambda kept: kept.sequence, default=None)


class Slots:
    """The file below `path`. Both methods block, for as long as a memory card takes, and raise OSError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sequence = 0
        self._turn = Lock()  # an agent that is told to end in mid write leaves a thread behind that still writes

    def read(self) -> str | None:
        """The newest entry; None where there is none that can be read."""
        try:
            with self._path.open("rb") as file:
                kept = newest(file.read(2 * SLOT))
        except FileNotFoundError:
            return None
        self._sequence = kept.sequence if kept else 0
        return kept.text if kept else None

    def write(self, text: str) -> None:
        """On the disk when this returns. The slot of the newest entry is left alone."""
        with self._turn:
            self._write(text, self._sequence + 1)

    def _write(self, text: str, sequence: int) -> None:
        block = encode(Kept(sequence, text))
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            whole = os.fstat(descriptor).st_size >= 2 * SLOT
            if not whole:
                os.posix_fallocate(descriptor, 0, 2 * SLOT)
            if os.pwrite(descriptor, block, sequence % 2 * SLOT) != SLOT:
                raise OSError("the journal could not be written whole")
            (os.fdatasync if whole else os.fsync)(descriptor)
        finally:
            os.close(descriptor)
        if not whole:
            sync_folder(self._path.parent)
        self._sequence = sequence
