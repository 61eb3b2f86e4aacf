"""Lines for a person that several kinds of probe share."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from collectors.core import ProbeError, Reading, Reason
from collectors.core.ports import Failure, TlsFacts
from collectors.messages.said import Said
from collectors.service import metrics


def of_error(error: ProbeError, phases: Mapping[str, float] | None = None) -> Reading:
    """The whole of a probe that has nothing else to tell."""
    return Reading(error.reason, tuple(metrics.of_failure(error)), phases or {}, (error.message,))


def waiting(error: ProbeError, seconds: float, phase: str = "request") -> Mapping[str, float]:
    """The phase in which a datagram probe hung: before anything else the name of the host is looked up."""
    return {"resolve" if error.reason is Reason.DNS else phase: seconds}


def of_failure(failure: Failure) -> str:
    """What went wrong, and where."""
    return Said("in_phase", what=failure.message, phase=Said(f"phase.{failure.phase}"))


def of_tls(facts: TlsFacts | None, *, failed: bool) -> Iterator[str]:
    """The certificate, and what was wrong with it (unless that is why the probe failed: then it is said anyway)."""
    if facts is None:
        return
    names = ", ".join(facts.names[:5]) or "no host"
    yield f"certificate of {facts.subject} for {names}, issued by {facts.issuer}, expires {_day(facts.earliest_expiry)}"
    if facts.version:
        yield f"{facts.version} with {facts.cipher}"
    if facts.problem and not failed:
        yield f"certificate: {facts.problem}"


def day(moment: datetime) -> str:
    """A moment of UTC, to the minute."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _day(timestamp: float) -> str:
    try:
        return day(datetime.fromtimestamp(timestamp, UTC))
    except (ValueError, OverflowError, OSError):
        return "never"
