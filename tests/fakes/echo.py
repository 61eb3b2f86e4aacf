"""Echoes over an imaginary line: no packet is sent and no time passes but the request's own."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from collectors.core import ProbeError
from collectors.core.ports import Echo, Echoes, EchoRequest


def _near(_: float) -> float | None:
    return 0.02


@dataclass(slots=True)
class FakeEcho:
    """The `echo` of a net port. line: from when a packet leaves (seconds) to its round trip, None = lost."""

    line: Callable[[float], float | None] = _near
    key: str = "sixteen letters!"
    refused: bool = False
    problem: ProbeError | None = None
    asked: list[EchoRequest] = field(default_factory=list)

    async def echo(self, request: EchoRequest) -> Echoes:
        self.asked.append(request)
        if self.problem:
            raise self.problem
        number = max(1, int((request.seconds - request.patience) / request.interval) + 1)
        heard = request.key.reveal() == self.key and not self.refused
        echoes = tuple(
            Echo(at, self._round_trip(at, request) if heard else None)
            for at in (index * request.interval for index in range(number))
        )
        await asyncio.sleep(echoes[-1].at)
        answered = sum(echo.round_trip is not None for echo in echoes)
        return Echoes("127.0.0.1", echoes, self.refused, used_bytes=64 * (number + answered))

    def _round_trip(self, at: float, request: EchoRequest) -> float | None:
        found = self.line(at)
        return None if found is None or found > request.patience else found
