"""Incident: what one receiver was told of one group of alerts, until it is over. On disk, as the queue is.

`told` hears the end, whatever the hour and whatever Alertmanager keeps back.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from alerts.relay.disk import Folder
from alerts.relay.letter import digest
from alerts.relay.payload import BadPayloadError, Notification, decode, encode
from collectors.core.logline import logline

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Incident:
    """Times are Unix times, 0 = not yet.

    notification  the latest, firing
    named         channels that the webhook's address named
    severity      the gravest so far
    opened        when it was first heard of; heard: when last
    first         when the first channel was told, or will be in the morning
    told          channels that were told
    waiting       channels that have been told nothing yet: a letter is held for them until the morning
    """

    notification: Notification
    named: tuple[str, ...]
    severity: str
    opened: float
    heard: float
    first: float
    told: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    acknowledged: float = 0.0
    by: str = ""

    @property
    def key(self) -> str:
        """A file name that stands for the receiver and the group."""
        return incident_key(self.notification)

    def telling(self, told: Iterable[str], waiting: Iterable[str]) -> "Incident":
        """The same with more people who were told."""
        more = tuple(dict.fromkeys((*self.told, *told)))
        rest = (channel for channel in dict.fromkeys((*self.waiting, *waiting)) if channel not in more)
        return replace(self, told=more, waiting=tuple(rest))

    def encode(self) -> bytes:
        fields = {name: getattr(self, name) for name in ("severity", "opened", "heard", "first", "acknowledged", "by")}
        fields |= {name: list(getattr(self, name)) for name in ("named", "told", "waiting")}
        fields["notification"] = json.loads(encode(self.notification))
        return json.dumps(fields, ensure_ascii=False).encode()

    @classmethod
    def decode(cls, content: bytes) -> "Incident":
        """ValueError for anything that `encode` has not written."""
        try:
            fields = json.loads(content)
            return cls(
                notification=decode(json.dumps(fields["notification"]).encode()),
                named=_texts(fields["named"]),
                severity=str(fields["severity"]),
                opened=float(fields["opened"]),
                heard=float(fields["heard"]),
                first=float(fields["first"]),
                told=_texts(fields["told"]),
                waiting=_texts(fields["waiting"]),
                acknowledged=float(fields["acknowledged"]),
                by=str(fields["by"]),
            )
        except (KeyError, TypeError, AttributeError, RecursionError, BadPayloadError) as error:
            raise ValueError(f"not an incident: {error!r}") from None


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(map(str, values))


def incident_key(notification: Notification) -> str:
    """The same for all that one receiver hears of one group."""
    return digest(notification.receiver, notification.group, notification.route)


class Book:
    """The incidents that are open, in memory and on disk. Writing raises OSError."""

    def __init__(self, folder: Path) -> None:
        self._open = Folder(folder / "incidents")
        self._broken = Folder(folder / "damaged")
        self._incidents = dict(self._load())

    def _load(self) -> Iterator[tuple[str, Incident]]:
        for name, content in self._open.read():
            try:
                incident = Incident.decode(content or b"")
            except ValueError as error:
                log.error("%s", logline("incident_damaged", file=name, error=error))  # noqa: TRY400
                self._open.move(name, self._broken)
            else:
                if name != incident.key:  # an older version had another name for it
                    self._open.write(incident.key, incident.encode())
                    self._open.remove(name)
                yield incident.key, incident

    @property
    def incidents(self) -> Mapping[str, Incident]:
        """By key."""
        return dict(self._incidents)

    def find(self, notification: Notification) -> Incident | None:
        """What is known of this receiver's group."""
        return self._incidents.get(incident_key(notification))

    def put(self, incident: Incident) -> None:
        """Nothing is written where nothing has changed."""
        if self._incidents.get(incident.key) != incident:
            self._open.write(incident.key, incident.encode())
            self._incidents[incident.key] = incident

    def also_told(self, key: str, channel: str) -> None:
        """Another channel tells of it, too, and shall tell the end."""
        if incident := self._incidents.get(key):
            self.put(incident.telling([channel], ()))

    def close(self, incident: Incident) -> None:
        self._open.remove(incident.key)
        self._incidents.pop(incident.key, None)
