"""What the agent keeps for collectors that judge a reading against its own past.

In memory, and where there is a folder for state (systemd's StateDirectory) in one file there, written once an hour and
at the end: the machine of an office may be switched off every evening. A file that cannot be read or written costs the
past, never a result: until a past has built up anew nothing is called unusual.
"""

import asyncio
import json
import logging
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from agent.config import Probe
from agent.disk import Disk, replace_durably, state_folder
from agent.outcome import Outcome
from collectors.core import Reading
from collectors.core.logline import logline

_log = logging.getLogger(__name__)
_EVERY = 3600.0  # seconds between two writings
_FILE = "usual.json"


class Past(Protocol):
    """A frozen value that can be kept in a file."""

    def plain(self) -> object:
        """As JSON has it."""
        ...


@runtime_checkable
class Comparing(Protocol):
    """What a collector offers whose readings mean more beside what came before."""

    def past(self) -> Any:
        """The past of a probe that never ran."""
        ...

    def read_past(self, kept: object) -> Any:
        """The past that `plain` gave. Raises ValueError for anything else."""
        ...

    def compare(self, reading: Reading, past: Any, now: float) -> tuple[Reading, Any]:
        """The reading seen beside the past, and the past with it counted in; `now` is Unix time."""
        ...


@runtime_checkable
class Recalling(Protocol):
    """What such a collector may offer besides: to measure in another way after what came before."""

    def recall(self, target: Any, past: Any) -> Any:
        """The target of the next run."""
        ...


def state_file() -> Path | None:
    """In the first folder that systemd made for state, None without one."""
    folder = state_folder()
    return folder / _FILE if folder else None


class Usual:
    """The past of each probe, by key. `file` None = in memory only; while the disk rests nothing is written."""

    def __init__(self, file: Path | None = None, disk: Disk | None = None) -> None:
        self._file = file
        self._disk = disk or Disk()
        self._past: dict[str, tuple[Probe, Past]] = {}
        self._kept = _read(file) if file else {}
        self._begun: float | None = None
        self._written = 0.0

    def recall(self, probe: Probe) -> Probe:
        """The probe as its collector wants to run it after what came before."""
        if not isinstance(probe.collector, Comparing) or not isinstance(probe.collector, Recalling):
            return probe
        try:
            return replace(probe, target=probe.collector.recall(probe.target, self._of(probe, probe.collector)))
        except Exception:  # noqa: BLE001 - with a defect there it is measured as if nothing had come before
            _log.exception(logline("comparison_defect", probe=probe.key))
            return probe

    def judge(self, outcome: Outcome) -> Outcome:
        """The outcome as its collector sees it beside what came before."""
        probe = outcome.probe
        if not isinstance(probe.collector, Comparing):
            return outcome
        try:
            past = self._of(probe, probe.collector)
            reading, past = probe.collector.compare(outcome.reading, past, outcome.started)
        except Exception:  # noqa: BLE001 - what was measured is told even if the comparison has a defect
            _log.exception(logline("comparison_defect", probe=probe.key))
            self._past.pop(probe.key, None)
            return outcome
        self._past[probe.key] = probe, past
        if abs(outcome.started - self._written) >= _EVERY:
            self.write(outcome.started)
        return replace(outcome, reading=reading)

    def _of(self, probe: Probe, collector: Comparing) -> Any:
        """Read once: from then on it is the probe's."""
        if probe.key not in self._past:
            kept = self._kept.pop(_name(probe), None)
            try:
                past = collector.past() if kept is None else collector.read_past(kept)
            except ValueError:
                past = collector.past()
            self._past[probe.key] = probe, past
        return self._past[probe.key][1]

    def forget(self, key: str) -> None:
        """What this probe measured is no yardstick any more: it is gone or asks for something else."""
        self._past.pop(key, None)

    def write(self, now: float) -> None:
        """Keep everything, in one step: a power cut leaves the file of before."""
        if (text := self._text(now)) is not None:
            self._put(text)

    async def sync(self, now: float) -> bool:
        """The same without holding up the loop; whether all that is to be kept is on the disk when it returns."""
        text = self._text(now)
        return text is None or await asyncio.to_thread(self._put, text)

    def _text(self, now: float) -> str | None:
        """What the file should hold; None where there is no file, or none may be written."""
        self._written = now
        if self._file is None or self._disk.held:
            return None
        self._begun = now if self._begun is None else self._begun
        if abs(now - self._begun) >= _EVERY:
            self._kept = {}  # what has not run within an hour is not configured any more
        kept = {**self._kept, **{_name(probe): past.plain() for probe, past in self._past.values()}}
        return json.dumps(kept)

    def _put(self, text: str) -> bool:
        try:
            if self._file:
                replace_durably(self._file, text)
        except OSError as error:
            _log.warning(logline("usual_not_kept", error=error.strerror or str(error)))
            return False
        return True


def _read(file: Path) -> dict[str, object]:
    try:
        found = json.loads(file.read_text(encoding="ascii"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        _log.warning(logline("usual_not_read", error=str(error)))
        return {}
    return found if isinstance(found, dict) else {}


def _name(probe: Probe) -> str:
    """A probe that asks for something else is another one."""
    return f"{probe.key} {sha256(repr(probe.target).encode()).hexdigest()[:16]}"
