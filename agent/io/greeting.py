"""What a server says first: mail and shell servers introduce themselves to whoever connects."""

from collections.abc import Callable
from contextlib import suppress

from agent.io.attempt import Attempt
from agent.io.dial import Destination, Dialer
from collectors.core import ProbeError, Reason
from collectors.core.ports import Connection, Greeting

_MOST = 4096  # bytes


async def greeting(
    dialer: Dialer, to: Destination, timeout: float, enough: Callable[[bytes], bool], goodbye: bytes
) -> Greeting:
    """Listen until it is enough; failures are part of the result."""
    attempt, heard = Attempt(), bytearray()

    async def listen() -> None:
        async with dialer.open(to, attempt, timeout) as stream:
            attempt.enter("greeting")
            while not enough(bytes(heard)) and len(heard) < _MOST:
                data = await stream.receive(_MOST - len(heard))
                if not data:
                    raise ProbeError(Reason.BAD_ANSWER, "the far end closed the connection in mid greeting")
                heard.extend(data)
            with suppress(ProbeError):  # one that closes first has said all that was asked
                await stream.send(goodbye)

    failure = await attempt.run(listen(), timeout)
    return Greeting(Connection(dict(attempt.seconds), attempt.address, None, failure), bytes(heard))
