"""One attempt to reach a host: which phase is running, what is known so far, and how it ended.

Exactly one phase runs at any moment, so time is always charged to the phase that took it, the one that hung included.
"""

import asyncio
import time
from collections.abc import Awaitable

from collectors.core import NameFailure, ProbeError, Reason
from collectors.core.ports import Failure, TlsFacts
from collectors.messages.said import Said

# Out of time once connected: frozen when nothing came for the last quarter of the budget, else merely too slow.
_STALL_SHARE = 0.25
_SILENT = {"tls": "time.silent_tls", "processing": "time.silent", "talk": "time.silent_talk"}
_AT_WORK = {"tls": "time.shaking", "talk": "time.talking"}


class Attempt:
    """Filled in as the attempt goes on, so that what was learnt survives a failure."""

    def __init__(self) -> None:
        self.phase = ""
        self.seconds: dict[str, float] = {}
        self.address = ""
        self.tls: TlsFacts | None = None
        self._answered = False  # whether the far end has said anything in this phase
        self._since = self._heard = time.monotonic()

    def enter(self, phase: str) -> None:
        """End the running phase and start this one."""
        self.stop()
        self.phase = phase
        self._answered = False
        self.seconds[phase] = self.seconds.get(phase, 0.0)

    def stop(self) -> None:
        """Charge the time since the last change to the running phase."""
        now = time.monotonic()
        if self.phase:
            self.seconds[self.phase] += now - self._since
        self._since = now

    def skip(self) -> None:
        """Charge the time since the last change to nobody: it went into work of our own."""
        self._since = time.monotonic()

    def heard(self) -> None:
        """Something arrived from the far end that brings the answer nearer. A PING of HTTP/2, say, does not."""
        self._answered = True
        self._heard = time.monotonic()

    async def run(self, work: Awaitable[None], timeout: float) -> Failure | None:
        """Do the work within `timeout` seconds. What the network or the far end does wrong becomes a Failure."""
        try:
            async with asyncio.timeout(timeout):
                await work
        except TimeoutError:
            return ran_out(self.phase, time.monotonic() - self._heard, timeout, answered=self._answered)
        except ProbeError as error:
            return Failure(error.reason, self.phase, error.message, error.name_failure, error.again)
        finally:
            self.stop()
        return None


def ran_out(phase: str, silence: float, timeout: float, *, answered: bool = False) -> Failure:
    """What it means that the time was over in this phase.

    silence: seconds since the last byte, or since the connection stood; answered: bytes came in this phase.
    """
    match phase:
        case "resolve":
            return Failure(Reason.DNS, phase, Said("time.names", seconds=float(timeout)), NameFailure.TIMEOUT)
        case "connect":
            return Failure(Reason.UNREACHABLE, phase, Said("time.connect", seconds=float(timeout)))
    if silence >= timeout * _STALL_SHARE:
        begun = answered or phase not in _SILENT
        said = Said("time.half_way", seconds=float(silence)) if begun else Said(_SILENT[phase])
        return Failure(Reason.FROZEN, phase, said)
    what = _AT_WORK.get(phase, "time.trickling") if answered else "time.early"
    return Failure(Reason.TIMEOUT, phase, Said(what, seconds=float(timeout)))
