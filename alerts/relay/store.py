"""The queue on disk: one file per letter, written whole or not at all.

pending/ID    to be delivered; written beside its place, synced, renamed
done/ID       delivered (or given up) a short while ago, so that a repetition is recognised
damaged/ID    could not be read at start; kept for a person to look at
"""

import os
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from alerts.relay.letter import Letter


class FullError(Exception):
    """The queue holds as many letters as it may."""


class Store:
    """Letters in memory and on disk, the same on both. Every method is quick: a small write and a sync at most."""

    def __init__(self, folder: Path, limit: int) -> None:
        """Opens or makes the folder; raises OSError when that cannot be done."""
        self._folder = folder
        self._limit = limit
        self._pending: dict[str, Letter] = {}
        self._done: dict[str, float] = {}
        self.damaged = 0
        for name in ("pending", "done", "damaged"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for path in sorted((folder / "pending").iterdir()):
            self._load(path)
        for path in (folder / "done").iterdir():
            self._done[path.name] = path.stat().st_mtime

    def _load(self, path: Path) -> None:
        """A file that cannot be read, for whatever reason, must not keep the others from being delivered."""
        try:
            if path.name.startswith("."):  # a write that never ended; Alertmanager has not heard "200" for it
                path.unlink()
                return
            letter = Letter.decode(path.read_bytes())
            if letter.id != path.name:
                raise ValueError("the file has another letter's name")
        except (OSError, ValueError):
            path.rename(self._folder / "damaged" / path.name)
            self.damaged += 1
        else:
            self._pending[letter.id] = letter

    def __len__(self) -> int:
        return len(self._pending)

    def pending(self, channel: str) -> Sequence[Letter]:
        """What the channel has to deliver, oldest first."""
        letters = (letter for letter in self._pending.values() if letter.channel == channel)
        return sorted(letters, key=lambda letter: letter.number)

    def strays(self, channels: Container[str]) -> Sequence[Letter]:
        """What waits for none of these channels."""
        return [letter for letter in self._pending.values() if letter.channel not in channels]

    def next_number(self) -> int:
        """Greater than that of every letter that waits."""
        return max((letter.number for letter in self._pending.values()), default=0) + 1

    def knows(self, identity: str) -> bool:
        """Whether this letter waits already, or was delivered within the time that `forget` leaves."""
        return identity in self._pending or identity in self._done

    def put(self, letters: Iterable[Letter]) -> None:
        """Keep these letters; when it returns they survive a power cut. Raises FullError or OSError."""
        for letter in letters:
            if len(self._pending) >= self._limit:
                raise FullError(f"{self._limit} messages wait already")
            self._write(letter)
            self._pending[letter.id] = letter

    def hand_over(self, letter: Letter, channel: str) -> None:
        """Let another channel deliver it. When the disk fails (OSError) it is handed over in this process only."""
        moved = replace(letter, channel=channel)
        self._pending[letter.id] = moved
        self._write(moved)

    def finish(self, letter: Letter, now: float) -> None:
        """It needs no more work. When the disk fails (OSError) it is still finished for this process."""
        del self._pending[letter.id]
        self._done[letter.id] = now
        path = self._folder / "pending" / letter.id
        os.utime(path, (now, now))
        path.rename(self._folder / "done" / letter.id)
        self._sync("done")
        self._sync("pending")

    def forget(self, before: float) -> None:
        """Drop what was finished before this Unix time."""
        for identity in [identity for identity, when in self._done.items() if when < before]:
            (self._folder / "done" / identity).unlink(missing_ok=True)
            del self._done[identity]

    def _write(self, letter: Letter) -> None:
        path = self._folder / "pending" / letter.id
        draft = path.with_name(f".{letter.id}")
        try:
            with draft.open("wb") as file:
                file.write(letter.encode())
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        self._sync("pending")

    def _sync(self, name: str) -> None:
        descriptor = os.open(self._folder / name, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
