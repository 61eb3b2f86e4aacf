"""A machine's clocks, and a receiver at the other end of a line, both in virtual time."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime

from agent.buffer.scrape import Labels
from agent.uplink.answer import Headers
from agent.uplink.line import Posted
from collectors.core import Reason
from tests.unit.agent.test_uplink_wire import decoded, uncompressed

BEGAN = 1_800_000_000.0  # Unix time at which the virtual loop's time was 0


def truth() -> float:
    """What time it is."""
    return BEGAN + asyncio.get_running_loop().time()


class FakeClocks:
    """See agent/uplink/watch.py. `wrong`: seconds by which the wall clock is ahead; `booted`: of the loop's time."""

    def __init__(self, wrong: float = 0.0, *, network: bool = False, battery: bool = False) -> None:
        self.wrong, self.network, self.battery = wrong, network, battery
        self.number, self.booted = 1, 900.0

    def boot(self) -> str:
        return f"boot-{self.number}"

    def uptime(self) -> float:
        return asyncio.get_running_loop().time() - self.booted

    def wall(self) -> float:
        return truth() + self.wrong

    def synchronised(self) -> bool:
        return self.network

    def battery_agrees(self) -> bool:
        return self.battery


class FakeReceiver:
    """A line and who is at its end. `stored`: (labels, milliseconds) -> value; a second, other value is a `conflict`.

    mode    up; a status, which is answered to everything; down (no answer); slow (it stalls); deaf: what is sent is
            taken, but the answer is lost
    poison  says of a sample whether it is refused, and the whole request with it: by `refusal`
    most    bytes of a body; more are too large
    """

    def __init__(self, poison: Callable[[Labels, int, float], bool] = lambda *_: False) -> None:
        self.poison, self.refusal, self.most = poison, 400, 1 << 30
        self.mode: str | int = "up"
        self.pause = ""
        self.tells_time = True
        self.stored: dict[tuple[Labels, int], float] = {}
        self.conflicts = 0
        self.tries: list[tuple[float, int]] = []  # truth, samples
        self.failed = 0  # requests that it refused for something in them
        self.lateness: list[float] = []  # of the newest sample of each request that was taken
        self.closed = 0

    async def post(self, headers: Headers, body: bytes) -> Posted:
        await asyncio.sleep(0.05)
        found = decoded(uncompressed(body))
        samples = [(one.labels, at, value) for one in found for at, value in one.points]
        self.tries.append((truth(), len(samples)))
        if self.mode in ("down", "slow"):
            await asyncio.sleep(30 if self.mode == "slow" else 0)
            return Posted(None, reason=Reason.FROZEN if self.mode == "slow" else Reason.REFUSED, seconds=0.05)
        status = self._status(samples, len(body))
        if status < 300 and samples:
            self._store(samples)
        if self.mode == "deaf":
            return Posted(None, reason=Reason.FROZEN, seconds=0.05)
        date = format_datetime(datetime.fromtimestamp(truth(), UTC), usegmt=True)
        told = (("Date", date),) if self.tells_time else ()
        return Posted(status, (*told, *((("Retry-After", self.pause),) if self.pause else ())), "said", None, 0.05)

    def _status(self, samples: list[tuple[Labels, int, float]], size: int) -> int:
        if isinstance(self.mode, int):
            return self.mode
        if size > self.most:
            return 413
        bad = any(self.poison(*sample) for sample in samples)
        self.failed += bad
        return self.refusal if bad else 204

    def _store(self, samples: list[tuple[Labels, int, float]]) -> None:
        for labels, at, value in samples:
            self.conflicts += self.stored.setdefault((labels, at), value) != value
        self.lateness.append(truth() - max(at for _, at, _ in samples) / 1000)

    def close(self) -> None:
        self.closed += 1
