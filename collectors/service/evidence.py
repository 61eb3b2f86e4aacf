"""Lines for a person that several kinds of probe share."""

from collections.abc import Iterator
from datetime import UTC, datetime

from collectors.core import ProbeError, Reading
from collectors.core.ports import TlsFacts
from collectors.service import metrics


def of_error(error: ProbeError) -> Reading:
    """The whole of a probe that has nothing else to tell."""
    return Reading(error.reason, tuple(metrics.of_failure(error)), evidence=(error.message,))


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


def _day(timestamp: float) -> str:
    try:
        return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        return "never"
