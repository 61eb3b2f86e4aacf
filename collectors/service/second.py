"""A second opinion: a service is asked once more, on a fresh connection, before it is called bad.

After a bad result the second attempt has what is left of the timeout. Where nothing has come by half of the timeout (or
by the budget, if that is later), it starts beside the first one, which goes on waiting: a slow answer is still seen to
its end, and a hang is doubted all the same. Manners come first: who has refused us on purpose is not asked again at
once, and neither is anybody when the fault is this machine's own. Both results are told; a bad verdict stands when both
were bad, or when there was no time to ask.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from collectors.core import Reading, Reason, Sample
from collectors.core.ports import Clock
from collectors.service import metrics

_PATIENCE = 0.5  # share of the timeout after which silence is doubted
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

Ask = Callable[[float], Awaitable[Reading]]  # takes the seconds that the attempt has


async def opinion(ask: Ask, clock: Clock, timeout: float, budget: float = 0.0) -> Reading:
    """One reading of one or two attempts, within `timeout` seconds. A right answer may take `budget` seconds."""
    deadline = clock.monotonic() + timeout
    later: asyncio.Future[Reading] | None = None

    def doubt() -> None:
        nonlocal later
        left = deadline - clock.monotonic()
        if left >= timeout * _LEAST:
            later = asyncio.ensure_future(ask(left))

    waiting = asyncio.get_running_loop().call_later(patience(timeout, budget), doubt)
    try:
        first = await ask(timeout)
        waiting.cancel()
        if is_final(first.result):
            return alone(first)
        if later is None:
            doubt()
        return together(first, await later) if later else alone(first)
    finally:
        waiting.cancel()
        if later and not later.done():
            await _drop(later)


async def _drop(attempt: asyncio.Future[Reading]) -> None:
    """Let go of one that is still running, and of its connection."""
    attempt.cancel()
    await asyncio.gather(attempt, return_exceptions=True)


def patience(timeout: float, budget: float) -> float:
    """Seconds after which an attempt that has not ended is doubted; the whole timeout when that would be too late."""
    seconds = max(timeout * _PATIENCE, budget)
    return seconds if seconds <= timeout * (1 - _LEAST) else timeout


def is_final(result: Reason) -> bool:
    """Whether there is nothing to doubt, or nobody to ask again."""
    return result.success or result in _FINAL


def alone(only: Reading) -> Reading:
    """The only result there is."""
    return _with(only, metrics.ATTEMPTS(1))


def together(first: Reading, second: Reading) -> Reading:
    """A service that works now works. Of two bad results the first stands: it had the whole time."""
    standing, other, order = (second, first, "first") if second.success else (first, second, "second")
    told = _with(standing, metrics.ATTEMPTS(2), metrics.FIRST_RESULT(1, reason=first.result))
    about = f"the {order} of two attempts: {other.result}" + (f", {other.evidence[-1]}" if other.evidence else "")
    # Why it is bad is the last line: a person reads that first.
    evidence = (*told.evidence, about) if told.success else (about, *told.evidence)
    return replace(told, evidence=evidence)


def _with(reading: Reading, *samples: Sample) -> Reading:
    return replace(reading, samples=(*reading.samples, *samples))
