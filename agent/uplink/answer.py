"""What the answer to a request means for what was sent. Pure.

Source: Prometheus Remote-Write 1.0 specification, section "Retries and Backoff"; the rest is what receivers really do:
Prometheus before 2.50 says 500 to a sample that is too old, proxies and gateways say 4xx for reasons of their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import Enum

from collectors.core import Reason

_REFUSED = (400, 409, 422)
_BUSY = (429, 503)
_OWN = (Reason.PERMISSION, Reason.INTERNAL)  # a file of ours that cannot be read, a defect of ours
_STALLED = (Reason.TIMEOUT, Reason.FROZEN)
LONGEST_PAUSE = 3600.0  # seconds; a receiver that asks for more gets that

Headers = Iterable[tuple[str, str]]


class Fate(Enum):
    """What becomes of what was sent."""

    TAKEN = "taken"
    REFUSED = "refused"  # something in it will never be taken
    TOO_LARGE = "too_large"
    CLOSED = "closed"  # a login, an address or a proxy that has to be put right: all is kept meanwhile
    BUSY = "busy"
    STALLED = "stalled"  # no answer in time: the line is slow, or the request too long for it
    BROKEN = "broken"  # the receiver has trouble of its own
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of one request.

    reason  a short word for the counter; text: the receiver's own words, for people
    pause   seconds for which it asks to be left alone, None without
    date    its time (Unix), None where it does not tell
    """

    fate: Fate
    reason: str = ""
    text: str = ""
    pause: float | None = None
    date: float | None = None


def of_status(status: int, headers: Headers, text: str = "") -> Answer:
    """The answer of somebody who was reached."""
    found = {name.lower(): value for name, value in headers}
    date = _date(found.get("date", ""))
    pause = _pause(found.get("retry-after", ""), date) if status in _BUSY else None
    return Answer(_fate(status), f"http_{status}", text, pause, date)


def of_failure(reason: Reason, text: str = "") -> Answer:
    """The end of a request to which nobody answered."""
    fate = Fate.CLOSED if reason in _OWN else Fate.STALLED if reason in _STALLED else Fate.UNREACHED
    return Answer(fate, str(reason), text)


def _fate(status: int) -> Fate:
    if 200 <= status < 300:
        return Fate.TAKEN
    if status in _REFUSED:
        return Fate.REFUSED
    if status == 413:
        return Fate.TOO_LARGE
    if status in _BUSY:
        return Fate.BUSY
    if status == 408:
        return Fate.STALLED
    return Fate.CLOSED if status < 500 else Fate.BROKEN


def _date(text: str) -> float | None:
    """RFC 9110, section 5.6.7."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError):
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _pause(text: str, date: float | None) -> float | None:
    """Seconds, or a date (RFC 9110, section 10.2.3): by the receiver's own clock."""
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_PAUSE)
    until = _date(text)
    if until is None or date is None:
        return None
    return min(max(0.0, until - date), LONGEST_PAUSE)
