"""The queue on disk: one file per letter, written whole or not at all.

pending/ID    to be delivered
underway/ID   an attempt has begun and its end was not noted: whether the letter was taken is not known
done/ID       delivered (or given up) a short while ago, so that a repetition is recognised
damaged/ID    could not be read at start; kept for a person to look at

Ages are counted by the steady clock, since a wall clock may jump: what was finished before the start of the process
counts as finished at its start.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from alerts.relay.disk import Folder
from alerts.relay.letter import Letter, stem


class FullError(Exception):
    """The queue holds as many letters as it may."""


class Store:
    """Letters in memory and on disk, the same on both. Every method is quick: a small write and a sync at most."""

    def __init__(self, folder: Path, limit: int, started: float = 0.0) -> None:
        """Opens or makes the folder; raises OSError when that cannot be done. `started`: steady seconds."""
        self._limit = limit
        self._pending: dict[str, Letter] = {}
        self._arrived: dict[str, float] = {}
        places = ("pending", "underway", "done", "damaged")
        self._letters, self._begun, self._ended, self._broken = (Folder(folder / name) for name in places)
        self._load(started)
        self._done = dict.fromkeys(self._ended.names(), started)
        self._doubtful = {name for name in self._begun.names() if name in self._pending}

    def _load(self, started: float) -> None:
        """A file that cannot be read, for whatever reason, must not keep the others from being delivered."""
        for name, content in self._letters.read():
            try:
                letter = Letter.decode(content or b"")
                if letter.id != name:
                    raise ValueError("the file has another letter's name")
            except ValueError:
                self._letters.move(name, self._broken)
            else:
                self._pending[letter.id] = letter
                self._arrived[letter.id] = started

    @property
    def damaged(self) -> int:
        """Files that were set aside and that nobody has taken away."""
        return len(self._broken.names())

    def __len__(self) -> int:
        return len(self._pending)

    def pending(self, channel: str) -> Sequence[Letter]:
        """What the channel has to deliver, oldest first."""
        letters = (letter for letter in self._pending.values() if letter.channel == channel)
        return sorted(letters, key=lambda letter: letter.number)

    def ready(self, channel: str, now: float, steady: float) -> Sequence[Letter]:
        """Those of them whose time has come, by the wall clock or, should that be set back, by the time that passed."""
        return [letter for letter in self.pending(channel) if self._is_due(letter, now, steady)]

    def _is_due(self, letter: Letter, now: float, steady: float) -> bool:
        return letter.held <= now or self.age(letter, steady) >= letter.held - letter.created

    def strays(self, channels: Container[str]) -> Sequence[Letter]:
        """What waits for none of these channels."""
        return [letter for letter in self._pending.values() if letter.channel not in channels]

    def doubtful(self, letter: Letter) -> bool:
        """Whether an attempt to deliver it may have succeeded without our knowledge."""
        return letter.id in self._doubtful

    def age(self, letter: Letter, steady: float) -> float:
        """Seconds for which this process has had it."""
        return steady - self._arrived.get(letter.id, steady)

    def next_number(self) -> int:
        """Greater than that of every letter that waits."""
        return max((letter.number for letter in self._pending.values()), default=0) + 1

    def knows(self, identity: str) -> bool:
        """Whether this letter waits already, or was delivered within the time that `forget` leaves."""
        return identity in self._pending or identity in self._done

    def held(self, channel: str, now: float, steady: float) -> Sequence[Letter]:
        """What waits for the morning; once that has come it is under way."""
        return [letter for letter in self.pending(channel) if not self._is_due(letter, now, steady)]

    def put(self, letters: Iterable[Letter], steady: float = 0.0) -> None:
        """Keep these letters; when it returns they survive a power cut. Raises FullError or OSError."""
        for letter in letters:
            if len(self._pending) >= self._limit:
                raise FullError(f"{self._limit} messages wait already")
            self._letters.write(letter.id, letter.encode())
            self._pending[letter.id] = letter
            self._arrived.setdefault(letter.id, steady)

    def amend(self, letter: Letter) -> None:
        """Another version of a letter that waits. Raises OSError."""
        self._letters.write(letter.id, letter.encode())
        self._pending[letter.id] = letter

    def cancel(self, letter: Letter) -> None:
        """It shall not be delivered any more; the same news may come again."""
        self._letters.remove(letter.id)
        self._drop(letter)

    def begin(self, letter: Letter) -> None:
        """Note that it is about to be sent. When the disk fails (OSError), only a crash now could repeat it."""
        self._begun.write(letter.id, b"")

    def refused(self, letter: Letter) -> None:
        """It was certainly not taken."""
        self._doubtful.discard(letter.id)
        self._begun.remove(letter.id)

    def doubt(self, letter: Letter) -> None:
        """It may have been taken."""
        self._doubtful.add(letter.id)

    def hand_over(self, letter: Letter, channel: str, steady: float, held: float = 0.0) -> None:
        """Let another channel deliver it, now or when it is held no more. OSError: in this process only."""
        try:
            self.share(letter, channel, steady, held)
        finally:
            self.finish(letter, steady)

    def share(self, letter: Letter, channel: str, steady: float, held: float = 0.0) -> None:
        """Let another channel deliver it as well; the limit does not count. OSError: in this process only."""
        copy = replace(letter, id=letter.id_for(channel), channel=channel, held=held)
        self._pending[copy.id] = copy
        self._arrived[copy.id] = steady
        self._letters.write(copy.id, copy.encode())

    def finish(self, letter: Letter, steady: float) -> None:
        """It needs no more work. When the disk fails (OSError) it is still finished for this process."""
        cancelled = letter.id not in self._pending
        self._drop(letter)
        self._done[letter.id] = steady
        if not cancelled:
            self._letters.move(letter.id, self._ended)
        self._begun.remove(letter.id)

    def _drop(self, letter: Letter) -> None:
        self._pending.pop(letter.id, None)
        self._arrived.pop(letter.id, None)
        self._doubtful.discard(letter.id)

    def forget(self, before: float) -> None:
        """Drop what was finished before, but what still waits on another channel: a fallback may lead here."""
        waiting = {stem(identity) for identity in self._pending}
        for identity in [identity for identity, when in self._done.items() if when < before]:
            if stem(identity) not in waiting:
                self._ended.remove(identity)
                del self._done[identity]
