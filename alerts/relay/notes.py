"""What can wait: one note per incident and channel, told together in one message a day."""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from alerts.relay.disk import Folder
from alerts.relay.letter import digest
from collectors.core.logline import logline

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the message. `group`: the key of its incident.

    `due`: the Unix time at which it is told; `number`: in the order of arrival.
    """

    channel: str
    group: str
    number: int
    due: float
    cause: str
    line_vi: str
    line_en: str

    @property
    def key(self) -> str:
        """The latest news of an incident replaces what was not told yet."""
        return digest(self.channel, self.group)


class Notes:
    """In memory and on disk. Writing raises OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = Folder(folder / "notes")
        self._broken = Folder(folder / "damaged")
        self._notes = {note.key: note for note in self._load()}

    def _load(self) -> Iterator[Note]:
        for name, content in self._folder.read():
            try:
                yield Note(**json.loads(content or b""))
            except (ValueError, TypeError) as error:
                log.error("%s", logline("note_damaged", file=name, error=error))  # noqa: TRY400
                self._folder.move(name, self._broken)

    def __len__(self) -> int:
        return len(self._notes)

    def next_number(self) -> int:
        """Greater than that of every note."""
        return max((note.number for note in self._notes.values()), default=0) + 1

    def put(self, note: Note) -> None:
        self._folder.write(note.key, json.dumps(asdict(note), ensure_ascii=False).encode())
        self._notes[note.key] = note

    def forget(self, channel: str, group: str) -> None:
        """It was told by a letter of its own."""
        if note := next((one for one in self._notes.values() if (one.channel, one.group) == (channel, group)), None):
            self.remove([note])

    def due(self, now: float) -> Mapping[str, Sequence[Note]]:
        """Channel -> its notes whose time has come, in the order of arrival."""
        found: dict[str, list[Note]] = {}
        for note in sorted(self._notes.values(), key=lambda note: note.number):
            if note.due <= now:
                found.setdefault(note.channel, []).append(note)
        return found

    def remove(self, notes: Sequence[Note]) -> None:
        """Those that are due last go last: what is left of them after a crash makes the same letter."""
        for note in sorted(notes, key=lambda note: note.due):
            self._folder.remove(note.key)
            del self._notes[note.key]
        self._folder.sync()
