"""The books over what probes use of each link's monthly budget, kept in a file over restarts.

A probe takes part whose target names `monthly_bytes` and the most that one run may use. All probes of a link share one
account. What a run does not say (it was stopped) counts as the most. A file that cannot be read costs the account: the
month then begins anew; one that cannot be written is said once, and the books go on in memory.
"""

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Protocol, runtime_checkable

from agent.budget import Spent, day_of, objection, read_spent
from agent.config import Probe
from agent.disk import Disk, replace_durably, state_folder
from agent.outcome import Outcome
from collectors.core import Reading, Reason, Sample
from collectors.core.logline import logline
from collectors.core.observed import LINK_BUDGET_LEFT

_log = logging.getLogger(__name__)
_FILE = "budget.json"


@runtime_checkable
class Budgeted(Protocol):
    """A target whose runs use bytes of a link. monthly_bytes 0: no bound; most_bytes: of one run."""

    @property
    def monthly_bytes(self) -> int: ...
    @property
    def most_bytes(self) -> int: ...


def budget_file() -> Path | None:
    """In the folder that systemd made for state, None without one."""
    folder = state_folder()
    return folder / _FILE if folder else None


class Purse:
    """`file` None = in memory only; while the disk rests nothing is written."""

    def __init__(self, file: Path | None = None, disk: Disk | None = None) -> None:
        self._file = file
        self._disk = disk or Disk()
        self._accounts = _read(file) if file else {}
        self._complained = False

    def refuse(self, probe: Probe, now: float) -> Reading | None:
        """What is told instead of a run, None where there is money for it."""
        target = probe.target
        if not isinstance(target, Budgeted) or not target.monthly_bytes:
            return None
        why = objection(self._spent(probe), target.monthly_bytes, target.most_bytes, now)
        return Reading(Reason.BUDGET, (self._left(probe, target, now),), evidence=(why,)) if why else None

    def book(self, outcome: Outcome) -> Outcome:
        """Count a run; its reading then says what is left."""
        probe, reading, target = outcome.probe, outcome.reading, outcome.probe.target
        if not isinstance(target, Budgeted):
            return outcome
        used = target.most_bytes if reading.used_bytes is None else reading.used_bytes
        self._accounts[_account(probe)] = self._spent(probe).plus(used, outcome.started)
        if used:
            self._keep()
        if not target.monthly_bytes:
            return outcome
        left = self._left(probe, target, outcome.started)
        return replace(outcome, reading=replace(reading, samples=(*reading.samples, left)))

    def _spent(self, probe: Probe) -> Spent:
        return self._accounts.get(_account(probe), Spent())

    def _left(self, probe: Probe, target: Budgeted, now: float) -> Sample:
        left = target.monthly_bytes - self._spent(probe).in_month_of(day_of(now))
        return LINK_BUDGET_LEFT(max(0, left), collector=probe.collector.name)

    def _keep(self) -> None:
        if self._file is None or self._disk.held:
            return
        text = json.dumps({name: spent.plain() for name, spent in self._accounts.items()}, ensure_ascii=True)
        try:
            replace_durably(self._file, text)
        except OSError as error:
            if not self._complained:
                _log.warning(logline("budget_not_kept", error=error.strerror or str(error)))
            self._complained = True


def _account(probe: Probe) -> str:
    """A link's probes share one."""
    return probe.labels.get("link", probe.key)


def _read(file: Path) -> dict[str, Spent]:
    try:
        found = json.loads(file.read_text(encoding="ascii"))
        return {str(name): read_spent(kept) for name, kept in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        _log.warning(logline("budget_not_read", error=str(error)))
        return {}
