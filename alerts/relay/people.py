"""receivers.yml: who stands behind each receiver of Alertmanager's. Written by `communewatch alerts build`."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from collectors.core.decode import DecodeError, decode_file
from collectors.core.logline import logline
from inventory.hours import Hours, TimeOfDay
from inventory.schema import Level

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who is told: one of the inventory's contacts, with the hours of his province."""

    channels: tuple[str, ...]
    urgent: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()
    escalation: tuple[Level, ...] = ()
    night: Hours | None = None
    digest: TimeOfDay | None = None


@dataclass(frozen=True, slots=True)
class ReceiversFile:
    """The whole file."""

    version: Literal["1"]
    receivers: Mapping[str, tuple[Party, ...]]


class Receivers:
    """The file as it is now: read again when it changes; the last good one holds while it is wrong or away."""

    def __init__(self, path: Path | None) -> None:
        """Raises DecodeError when it is wrong at the start."""
        self._path = path
        self._seen = self._stamp()
        self._found = decode_file(path, ReceiversFile).value.receivers if path else {}
        self.good = True

    def parties(self, receiver: str) -> Sequence[Party]:
        """Nobody where the receiver is not known."""
        if self._path and (stamp := self._stamp()) != self._seen:
            self._seen = stamp
            self._read(self._path)
        return self._found.get(receiver, ())

    def _read(self, path: Path) -> None:
        try:
            self._found = decode_file(path, ReceiversFile).value.receivers
            self.good = True
        except DecodeError as error:
            self.good = False
            log.error("%s", logline("receivers_rejected", error=error))  # noqa: TRY400 - no defect, no traceback

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            status = self._path.stat() if self._path else None
        except OSError:
            return None
        return (status.st_ino, status.st_mtime_ns, status.st_size) if status else None
