"""Writes letters for channels and notes for the morning, and keeps them on disk."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from alerts.relay.acknowledge import Links
from alerts.relay.incident import Incident, incident_key
from alerts.relay.letter import Letter, letter_id
from alerts.relay.message import Occasion, compose, line, principal
from alerts.relay.notes import Note, Notes
from alerts.relay.pages import Pages
from alerts.relay.payload import Notification
from alerts.relay.plan import Turn
from alerts.relay.store import Store
from collectors.core.ports import Clock


@dataclass(frozen=True, slots=True)
class Writer:
    """`wake`: a channel has something new. `links`: where people acknowledge, None = nowhere; `pages`: other links."""

    store: Store
    notes: Notes
    clock: Clock
    wake: Callable[[str], None]
    links: Links | None = None
    pages: Pages = field(default_factory=Pages)

    def tell(
        self, notification: Notification, turns: Mapping[str, Turn], incident: Incident | None, waited: float = 0.0
    ) -> bool:
        """Keep one letter per channel that does not know it yet; whether there was one. Raises FullError or OSError.

        incident  what can be acknowledged, if anything; waited: see `Occasion`
        """
        number, news = self.store.next_number(), False
        for channel, turn in turns.items():
            news |= self._keep(self._letter(notification, number, channel, turn, incident, waited))
        return news

    def _letter(
        self,
        notification: Notification,
        number: int,
        channel: str,
        turn: Turn,
        incident: Incident | None,
        waited: float,
    ) -> Letter:
        link = self.links.of(incident, channel) if self.links and incident else ""
        message = compose(notification, Occasion(self.pages, link, waited))
        identity = letter_id(notification, channel, f"{waited:g}" if waited else "")
        return Letter(
            identity, number, channel, notification.group, self.clock.now(),
            message.title, message.body, message.short, message.facts, message.words, turn.at,
            incident.key if incident else "", (incident_key(notification),),
        )  # fmt: skip

    def _keep(self, letter: Letter) -> bool:
        """The latest letter of an incident takes the place of one that waits for the morning."""
        (key,) = letter.behalf
        for held in self._held(letter.channel):
            if held.id == letter.id:
                letter = self._shared(held, letter)
            elif key in held.behalf:
                self._let_go(held, key)
        if self.store.knows(letter.id):
            return False
        self.store.put([letter], self.clock.monotonic())
        if not letter.held:
            self.notes.forget(letter.channel, key)
        self.wake(letter.channel)
        return True

    def _shared(self, held: Letter, letter: Letter) -> Letter:
        """Two receivers tell the channel the same: once, at the sooner of their times."""
        both = tuple(dict.fromkeys((*held.behalf, *letter.behalf)))
        if letter.held < held.held:
            self.store.cancel(held)
        elif both != held.behalf:
            self.store.amend(replace(held, behalf=both))
        return replace(letter, behalf=both)

    def _let_go(self, held: Letter, key: str) -> None:
        """This incident needs the letter no more; another may."""
        if others := tuple(one for one in held.behalf if one != key):
            self.store.amend(replace(held, behalf=others))
        else:
            self.store.cancel(held)

    def note(self, notification: Notification, turns: Mapping[str, Turn]) -> None:
        """Keep a line for the morning's message per channel. Raises OSError."""
        cause = principal(notification)[0].labels.get("cause", "unknown")
        key, lines = incident_key(notification), (line(notification, "vi"), line(notification, "en"))
        for channel, turn in turns.items():
            self.notes.put(Note(channel, key, self.notes.next_number(), turn.at, cause, *lines))

    def holds(self, incident: Incident, channel: str) -> bool:
        """Whether a letter about it waits for the morning."""
        return any(incident.key in held.behalf for held in self._held(channel))

    def take_back(self, ended: Notification, channel: str, morning: float = 0.0) -> None:
        """The channel was told nothing yet: it is only noted that something was, and is over. Raises OSError.

        While it lasts for another receiver that shares the channel, the letter waits on, and there is nothing to note.

        morning  when the note is told, Unix time; 0 = when the letter would have been
        """
        key = incident_key(ended)
        for held in self._held(channel):
            if key in held.behalf:
                if held.behalf == (key,):
                    self.note(ended, {channel: Turn(True, morning or held.held)})
                self._let_go(held, key)

    def _held(self, channel: str) -> Sequence[Letter]:
        return self.store.held(channel, self.clock.now(), self.clock.monotonic())
