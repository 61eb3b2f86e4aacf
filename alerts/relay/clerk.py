"""The clerk does what is due: tells others where nobody has acknowledged, and sends the morning's message."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from alerts.relay.desk import Desk
from alerts.relay.incident import Incident
from alerts.relay.morning import morning_letter
from alerts.relay.plan import NOW, Escalation, overdue
from alerts.relay.store import FullError
from alerts.rule import Severity
from collectors.core.logline import logline

log = logging.getLogger(__name__)

_LONGEST = 3 * 86400.0  # seconds without a word of an incident that is said to be open
_OFTEN = 3600.0  # seconds between two notes on disk that one still stands


@dataclass(frozen=True, slots=True)
class Clerk:
    """`escalated`: counts those who were told because nobody had acknowledged."""

    desk: Desk
    escalated: Callable[[], None] = lambda: None

    def tick(self, now: float) -> None:
        """Once in a while; what the disk does not take is done at the next."""
        self.desk.receivers.look()
        try:
            for incident in self.desk.book.incidents.values():
                if now - incident.heard > _LONGEST:
                    self._forget(incident)
                elif not incident.acknowledged:
                    self._escalate(incident, now)
            self._send_notes(now)
        except (FullError, OSError) as error:
            log.error("%s", logline("not_kept", error=error))  # noqa: TRY400 - no defect, no traceback

    def acknowledge(self, incident: Incident, by: str, now: float) -> Incident:
        """Somebody sees to it: nobody else is told, and nobody is reminded. Raises OSError."""
        if incident.acknowledged:
            return incident
        acknowledged = replace(incident, acknowledged=now, by=by)
        self.desk.book.put(acknowledged)
        log.info("%s", logline("acknowledged", receiver=incident.notification.receiver, by=by, incident=incident.key))
        return acknowledged

    def note_standing(self, incident: Incident, now: float) -> Incident:
        """Alertmanager still has it, though it reminds of nothing that is silenced or inhibited. Raises OSError."""
        if now - incident.heard < _OFTEN:
            return incident
        standing = replace(incident, heard=now)
        self.desk.book.put(standing)
        return standing

    def reopen(self, incident: Incident, now: float) -> None:
        """Nobody sees to it any more; levels count from now. Raises OSError."""
        self.desk.book.put(replace(incident, acknowledged=0.0, by="", first=now))
        log.info("%s", logline("acknowledgement_over", by=incident.by, incident=incident.key))

    def _forget(self, incident: Incident) -> None:
        """Alertmanager, which reminds several times a day, has forgotten it: its routes have other names now."""
        log.warning("%s", logline("incident_forgotten", incident=incident.key, group=incident.notification.group))
        self.desk.book.close(incident)

    def _escalate(self, incident: Incident, now: float) -> None:
        for waited, steps in groupby(self._due(incident, now), key=lambda step: step.waited):
            turns = {step.channel: step.turn for step in steps}
            told = [channel for channel, turn in turns.items() if turn == NOW]
            self.desk.writer.tell(incident.notification, turns, incident, waited)  # again, should the next line fail
            incident = incident.telling(told, turns)
            self.desk.book.put(incident)
            self.escalated()
            log.info("%s", logline("escalated", incident=incident.key, to=",".join(turns), waited=waited))

    def _due(self, incident: Incident, now: float) -> Iterator[Escalation]:
        """Whom to tell as well: channels that exist, were not told, and want to hear of it."""
        channels, receiver = self.desk.settings.channels, incident.notification.receiver
        critical = incident.severity == Severity.CRITICAL
        seen = {*incident.told, *incident.waiting}
        for step in overdue(self.desk.parties(receiver, incident.named), incident.severity, incident.first, now):
            if step.channel in channels and step.channel not in seen:
                seen.add(step.channel)
                if critical or not channels[step.channel].only_critical:
                    yield step

    def _send_notes(self, now: float) -> None:
        writer, settings = self.desk.writer, self.desk.settings
        for name, notes in writer.notes.due(now).items():
            channel = name if name in settings.channels else settings.default[0]
            letter = morning_letter(channel, notes, writer.store.next_number(), now)
            if not writer.store.knows(letter.id):
                writer.store.put([letter], self.desk.clock.monotonic())
                writer.wake(channel)
            writer.notes.remove(notes)
