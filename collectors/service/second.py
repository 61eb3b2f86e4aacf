"""A second opinion: a service is asked once more, on a fresh connection in the time left, before it is called bad.

Manners come first: who has refused us on purpose is not asked again at once, and neither is anybody when the fault is
this machine's own. Both results are told; a bad verdict stands when both were bad, or when there was no time to
ask. Pure.
"""

from collectors.core import Reading, Reason, Sample
from collectors.service import metrics

_LEAST = 0.25  # share of the timeout below which a second attempt would prove nothing
_FINAL = (
    Reason.BLOCKED,
    Reason.DENIED,
    Reason.BUSY,
    Reason.INVALID,
    Reason.PERMISSION,
    Reason.UNSUPPORTED,
    Reason.INTERNAL,
)


def is_wanted(first: Reason, left: float, timeout: float) -> bool:
    """Whether a result is worth doubting, with so many seconds left of the timeout."""
    return not first.success and first not in _FINAL and left >= timeout * _LEAST


def alone(first: Reading) -> Reading:
    """The only result there is."""
    return _with(first, metrics.ATTEMPTS(1))


def together(first: Reading, second: Reading) -> Reading:
    """A service that works now works. Of two bad results the first stands: it had the whole time."""
    standing, other, order = (second, first, "first") if second.success else (first, second, "second")
    told = _with(standing, metrics.ATTEMPTS(2), metrics.FIRST_RESULT(1, reason=first.result))
    about = f"the {order} of two attempts: {other.result}" + (f", {other.evidence[-1]}" if other.evidence else "")
    # Why it is bad is the last line: a person reads that first.
    evidence = (*told.evidence, about) if told.success else (about, *told.evidence)
    return Reading(told.result, told.samples, told.phases, evidence)


def _with(reading: Reading, *samples: Sample) -> Reading:
    return Reading(reading.result, (*reading.samples, *samples), reading.phases, reading.evidence)
