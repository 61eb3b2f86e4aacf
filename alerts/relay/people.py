"""receivers.yml: who stands behind each receiver of Alertmanager's. Written by `communewatch alerts build`."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from alerts.relay.disk import Folder
from collectors.core.decode import DecodeError, decode_file
from collectors.core.logline import logline
from inventory.hours import Hours, TimeOfDay
from inventory.schema import Level

log = logging.getLogger(__name__)

_COPY = "receivers.yml"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who is told: one of the inventory's contacts, with the hours of his province."""

    channels: tuple[str, ...]
    urgent: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()
    escalation: tuple[Level, ...] = ()
    night: Hours | None = None
    digest: TimeOfDay | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """Every channel that it is told by at some hour, or at some level."""
        levels = (channel for level in self.escalation for channel in level.channels)
        return (*self.channels, *self.urgent, *self.quiet, *levels)


@dataclass(frozen=True, slots=True)
class ReceiversFile:
    """The whole file."""

    version: Literal["1"]
    receivers: Mapping[str, tuple[Party, ...]]


class Receivers:
    """The file as it is now: read again when it changes; the last good one holds while it is wrong or away.

    kept  a folder for a copy of the last good one, so that it also holds when the relay starts anew
    """

    def __init__(self, path: Path | None, kept: Path | None = None) -> None:
        """Raises DecodeError when it is wrong at the start and no good one is kept, OSError for the folder."""
        self._path = path
        self._kept = Folder(kept) if kept else None
        self._seen = self._stamp()
        self._found: Mapping[str, tuple[Party, ...]] = {}
        self.good = True
        if path:
            self._start(path)

    def parties(self, receiver: str) -> Sequence[Party]:
        """Nobody where the receiver is not known."""
        self.look()
        return self._found.get(receiver, ())

    def look(self) -> None:
        """Read the file again where it has changed. Once in a while: a wrong one is told before it is needed."""
        if self._path and (stamp := self._stamp()) != self._seen:
            self._seen = stamp
            self._read(self._path)

    @property
    def named(self) -> frozenset[str]:
        """Every channel that somebody is told by."""
        return frozenset(channel for parties in self._found.values() for party in parties for channel in party.named)

    def _start(self, path: Path) -> None:
        try:
            self._take(path)
        except DecodeError as error:
            self._found = self._last_good(error)
            self._reject(error)

    def _last_good(self, error: DecodeError) -> Mapping[str, tuple[Party, ...]]:
        """As it was kept; raises the error where there is none."""
        if self._kept:
            with suppress(DecodeError):
                return _decoded(self._kept.path / _COPY)
        raise error

    def _read(self, path: Path) -> None:
        try:
            self._take(path)
            log.info("%s", logline("receivers_read", receivers=len(self._found)))
        except DecodeError as error:
            self._reject(error)

    def _take(self, path: Path) -> None:
        self._found = _decoded(path)
        self.good = True
        try:
            if self._kept:
                self._kept.write(_COPY, path.read_bytes())
        except OSError as error:  # it costs only the copy
            log.error("%s", logline("receivers_not_kept", error=error))  # noqa: TRY400 - no defect, no traceback

    def _reject(self, error: DecodeError) -> None:
        self.good = False
        log.error("%s", logline("receivers_rejected", error=error))

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            status = self._path.stat() if self._path else None
        except OSError:
            return None
        return (status.st_ino, status.st_mtime_ns, status.st_size) if status else None


def _decoded(path: Path) -> Mapping[str, tuple[Party, ...]]:
    return decode_file(path, ReceiversFile).value.receivers
