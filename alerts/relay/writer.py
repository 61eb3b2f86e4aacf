"""Writes letters for channels and notes for the morning, and keeps them on disk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from alerts.relay.acknowledge import Links
from alerts.relay.incident import Incident
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
            incident.key if incident else "",
        )  # fmt: skip

    def _keep(self, letter: Letter) -> bool:
        """The latest letter of a group takes the place of one that waits for the morning."""
        held = self._held(letter.group, letter.channel)
        if held and (held.id != letter.id or letter.held < held.held):
            self.store.cancel(held)
        if self.store.knows(letter.id):
            return False
        self.store.put([letter], self.clock.monotonic())
        if not letter.held:
            self.notes.forget(letter.channel, letter.group)
        self.wake(letter.channel)
        return True

    def note(self, notification: Notification, turns: Mapping[str, Turn]) -> None:
        """Keep a line for the morning's message per channel. Raises OSError."""
        cause = principal(notification)[0].labels.get("cause", "unknown")
        lines = line(notification, "vi"), line(notification, "en")
        for channel, turn in turns.items():
            self.notes.put(Note(channel, notification.group, self.notes.next_number(), turn.at, cause, *lines))

    def holds(self, notification: Notification, channel: str) -> bool:
        """Whether a letter about this group waits for the morning."""
        return self._held(notification.group, channel) is not None

    def take_back(self, notification: Notification, channel: str) -> None:
        """The channel was told nothing yet: it is only noted that something was, and is over. Raises OSError."""
        if held := self._held(notification.group, channel):
            self.note(notification, {channel: Turn(True, held.held)})
            self.store.cancel(held)

    def _held(self, group: str, channel: str) -> Letter | None:
        return self.store.held(group, channel, self.clock.now(), self.clock.monotonic())
