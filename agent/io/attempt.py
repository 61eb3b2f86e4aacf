"""One attempt to reach a host: which phase is running, what is known so far, and how it ended.

Exactly one phase runs at any moment, so time is always charged to the phase that took it, the one that hung included.
"""

import asyncio
import time
from collections.abc import Awaitable

from collectors.core import NameFailure, ProbeError, Reason
from collectors.core.ports import Failure, TlsFacts

# Out of time once connected: frozen when nothing came for the last quarter of the budget, else merely too slow.
_STALL_SHARE = 0.25
_SILENT = {
    "tls": "connected, then silence in the TLS handshake",
    "processing": "connected, but no first byte of an answer",
    "talk": "connected, but the server says nothing",
}
_AT_WORK = {"tls": "the TLS handshake was still going on", "talk": "the conversation was still going on"}


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
            message = f"no answer from the name server within {timeout:.3g} s"
            return Failure(Reason.DNS, phase, message, NameFailure.TIMEOUT)
        case "connect":
            return Failure(Reason.UNREACHABLE, phase, f"no answer to the connection attempt within {timeout:.3g} s")
    if silence >= timeout * _STALL_SHARE:
        half_way = f"the far end stopped half way, {silence:.1f} s without a byte"
        return Failure(Reason.FROZEN, phase, half_way if answered else _SILENT.get(phase, half_way))
    if not answered:
        return Failure(Reason.TIMEOUT, phase, f"{timeout:.3g} s were over before the far end had time to answer")
    what = _AT_WORK.get(phase, "the answer was still trickling in")
    return Failure(Reason.TIMEOUT, phase, f"{what} after {timeout:.3g} s")
