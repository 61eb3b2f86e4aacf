"""What the agent keeps for collectors that judge a reading against its own past, in memory only.

After a restart the past is gone and builds up anew: until then nothing is called unusual, which is honest.
"""

import logging
from dataclasses import replace
from typing import Any, Protocol, runtime_checkable

from agent.outcome import Outcome
from collectors.core import Reading
from collectors.core.logline import logline

_log = logging.getLogger(__name__)


@runtime_checkable
class Comparing(Protocol):
    """What a collector offers whose readings mean more beside what came before."""

    def past(self) -> Any:
        """The past of a probe that never ran."""
        ...

    def compare(self, reading: Reading, past: Any, now: float) -> tuple[Reading, Any]:
        """The reading seen beside the past, and the past with it counted in; `now` is Unix time."""
        ...


class Usual:
    """The past of each probe, by key."""

    def __init__(self) -> None:
        self._past: dict[str, Any] = {}

    def judge(self, outcome: Outcome) -> Outcome:
        """The outcome as its collector sees it beside what came before."""
        collector, key = outcome.probe.collector, outcome.probe.key
        if not isinstance(collector, Comparing):
            return outcome
        try:
            past = self._past.get(key, collector.past())
            reading, self._past[key] = collector.compare(outcome.reading, past, outcome.started)
        except Exception:  # noqa: BLE001 - what was measured is told even if the comparison has a defect
            _log.exception(logline("comparison_defect", probe=key))
            self._past.pop(key, None)
            return outcome
        return replace(outcome, reading=reading)

    def forget(self, key: str) -> None:
        """What this probe measured is no yardstick any more: it is gone or asks for something else."""
        self._past.pop(key, None)
