"""The agent's log: key=value lines on standard error, repeated failures on change and then hourly."""

import logging
import sys
from dataclasses import dataclass, field

from agent.outcome import Outcome
from collectors.core.logline import logline

AGAIN = 3600.0  # seconds after which an unchanged failure is said again


class _Formatter(logging.Formatter):
    """`time=... level=info event=...`; a traceback becomes one quoted field, so that a line stays one event."""

    default_msec_format = "%s.%03d"

    def format(self, record: logging.LogRecord) -> str:
        time = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
        message = record.getMessage()
        text = message if message.startswith("event=") else logline("log", message=message)
        if record.exc_info:
            text += logline("", traceback=self.formatException(record.exc_info)).removeprefix('event=""')
        return f"time={time} level={record.levelname.lower()} {text}"


def set_up(level: int = logging.INFO) -> None:
    """Send all logging of this process to standard error in this form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)


@dataclass(slots=True)
class Changes:
    """Decides which outcomes deserve a line: every change of reason, and a standing failure once an hour."""

    _said: dict[str, tuple[str, float]] = field(default_factory=dict)

    def line(self, outcome: Outcome) -> str | None:
        """The line for the log, None when nothing new is to be said."""
        key, reading = outcome.probe.key, outcome.reading
        before, said = self._said.get(key, ("", 0.0))
        due = not reading.success and abs(outcome.ended - said) >= AGAIN  # a clock set back must not silence it
        if reading.result == before and not due:
            return None
        self._said[key] = (reading.result, outcome.ended)
        return logline(
            "probe_result",
            probe=key,
            reason=reading.result,
            before=before or None,
            seconds=outcome.seconds,
            evidence=None if reading.success else "; ".join(reading.evidence) or None,
        )
