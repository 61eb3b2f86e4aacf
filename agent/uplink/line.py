"""The line to one receiver, as those who send see it."""

from dataclasses import dataclass
from typing import Protocol

from agent.uplink.answer import Headers
from collectors.core import Reason


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of one request.

    status   of the answer, None when there was none: then `reason` says why
    headers  of the receiver itself; () for an answer of somebody on the way
    text     the beginning of the answer, or what went wrong, for people
    seconds  from the start to the end of it
    """

    status: int | None
    headers: tuple[tuple[str, str], ...] = ()
    text: str = ""
    reason: Reason | None = None
    seconds: float = 0.0


class Line(Protocol):
    """One connection, kept open between requests."""

    async def post(self, headers: Headers, body: bytes) -> Posted:
        """Never raises for what the network or the receiver does."""
        ...

    def close(self) -> None:
        """The next request opens it again."""
        ...
