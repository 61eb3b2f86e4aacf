"""The desk where notifications come in: who is to be told of them, and when.

Who was told hears the end. What waits for the morning is told then, or only noted when it ended before.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from alerts.relay.acknowledge import MUTED
from alerts.relay.config import RelaySettings
from alerts.relay.incident import Book, Incident
from alerts.relay.letter import letter_id
from alerts.relay.message import severity
from alerts.relay.metrics import Receipt
from alerts.relay.payload import Notification
from alerts.relay.people import Party, Receivers
from alerts.relay.plan import NOW, Turn, graver, morning, telling
from alerts.relay.store import FullError
from alerts.relay.writer import Writer
from alerts.rule import Severity
from collectors.core.logline import logline
from collectors.core.ports import Clock

log = logging.getLogger(__name__)

Turns = Mapping[str, Turn]  # by channel


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes what Alertmanager says."""

    settings: RelaySettings
    receivers: Receivers
    book: Book
    writer: Writer
    clock: Clock

    def accept(self, notification: Notification, named: Sequence[str]) -> Receipt:
        """Keep what is to be told. After ACCEPTED or REPEATED it is safe to forget the notification.

        named  the channels that the webhook's address names
        """
        self.writer.store.forget(self.clock.monotonic() - self.settings.idempotency)
        tell = self._firing if notification.state == "firing" else self._resolved
        try:
            news = tell(notification, tuple(named))
        except (FullError, OSError) as error:
            log.error("%s", logline("refused", receiver=notification.receiver, error=error))  # noqa: TRY400
            return Receipt.REFUSED
        return Receipt.ACCEPTED if news else Receipt.REPEATED

    def parties(self, receiver: str, named: Sequence[str]) -> Sequence[Party]:
        """Who stands behind the receiver: the file's parties, else the channels named, else the default ones."""
        if found := self.receivers.parties(receiver):
            return found
        if unknown := [name for name in named if name not in self.settings.channels]:
            log.warning("%s", logline("unknown_channel", channels=",".join(unknown)))
        known = tuple(name for name in named if name in self.settings.channels)
        return (Party(known or self.settings.default),)

    def turns(self, parties: Sequence[Party], grave: str, now: float) -> Turns:
        """Channel -> its turn; the default ones where none of those that should be told exists."""
        channels = self.settings.channels
        wanted = telling(parties, grave, now)
        if unknown := [name for name in wanted if name not in channels]:
            log.warning("%s", logline("unknown_channel", channels=",".join(unknown)))
        found = {name: turn for name, turn in wanted.items() if name in channels}
        found = found or dict.fromkeys(self.settings.default, NOW)
        critical = grave == Severity.CRITICAL
        return {name: turn for name, turn in found.items() if critical or not channels[name].only_critical}

    def _firing(self, notification: Notification, named: tuple[str, ...]) -> bool:
        old = self.book.find(notification)
        now, grave = self.clock.now(), severity(notification)
        if old and old.acknowledged and old.by not in MUTED and _same(old.notification, notification):
            self.book.put(replace(old, heard=now))
            return False  # a reminder of what somebody sees to
        letters, notes = _parted(self.turns(self.parties(notification.receiver, named), grave, now))
        self.writer.note(notification, notes)
        if not letters and not old:
            return bool(notes)
        incident = _opened(old, notification, named, grave, now, letters)
        self.book.put(incident)  # first: who may have been told must hear the end
        return self.writer.tell(notification, letters, incident)

    def _resolved(self, notification: Notification, named: tuple[str, ...]) -> bool:
        now, incident = self.clock.now(), self.book.find(notification)
        grave = incident.severity if incident else severity(notification)
        parties = self.parties(notification.receiver, named)
        letters, notes = _parted(self.turns(parties, grave, now))
        unheard: list[str] = []
        if incident:
            unheard = [name for name in self.settings.channels if self._heard_nothing(incident, name)]
            told = [channel for channel in (*incident.told, *incident.waiting) if channel not in unheard]
            known = [channel for channel in told if channel in self.settings.channels]
            heirs = {} if len(known) == len(told) else letters  # a channel is gone: who is told of such things by now
            letters = {**heirs, **{channel: letters.get(channel, NOW) for channel in known}}
            notes = {channel: turn for channel, turn in notes.items() if channel not in (*letters, *unheard)}
        news = self.writer.tell(notification, letters, None)
        self.writer.note(notification, notes)
        if incident and unheard:  # first: whose letter is taken back must not look as if he was told in the morning
            rest = tuple(channel for channel in incident.waiting if channel not in unheard)
            self.book.put(replace(incident, waiting=rest))
        for channel in unheard:
            self.writer.take_back(notification, channel, morning(parties, channel, now))
        if incident:
            self.book.close(incident)
        return news or bool(notes)

    def _heard_nothing(self, incident: Incident, channel: str) -> bool:
        return channel not in incident.told and self.writer.holds(incident, channel)


def _parted(turns: Turns) -> tuple[Turns, Turns]:
    """What is told by letters of its own, and what by the morning's message."""
    letters = {channel: turn for channel, turn in turns.items() if not turn.digest}
    return letters, {channel: turn for channel, turn in turns.items() if turn.digest}


def _opened(
    old: Incident | None, notification: Notification, named: tuple[str, ...], grave: str, now: float, letters: Turns
) -> Incident:
    """The incident with its latest news. Once it is graver than before, somebody has to acknowledge it anew."""
    first = (min(letters.values()).at or now) if letters else now
    incident = old or Incident(notification, named, grave, now, now, first)
    worst = graver(incident.severity, grave)
    if worst != graver(incident.severity, incident.severity):
        incident = replace(incident, first=first, acknowledged=0.0, by="")
    incident = replace(incident, notification=notification, severity=worst, heard=now)
    return incident.telling((channel for channel, turn in letters.items() if turn == NOW), letters)


def _same(one: Notification, other: Notification) -> bool:
    return letter_id(one, "") == letter_id(other, "")
