"""A conversation over TCP in which the far end speaks first or is spoken to: mail, shell and UPS servers."""

from contextlib import suppress

from agent.io.attempt import Attempt
from agent.io.dial import Destination, Dialer
from agent.io.stream import Stream
from collectors.core import ProbeError, Reason
from collectors.core.ports import Connection, Script, Talk


async def talk(dialer: Dialer, to: Destination, timeout: float, script: Script) -> Talk:
    """Hold it as the script says; failures are part of the result."""
    attempt, heard = Attempt(), bytearray()

    async def converse() -> None:
        async with dialer.open(to, attempt, timeout) as stream:
            attempt.enter("talk")
            while (words := script.reply(bytes(heard))) is not None and len(heard) < script.most:
                await stream.send(words)
                heard.extend(await _more(stream, script.most - len(heard)))
                attempt.heard()
            with suppress(ProbeError):  # one that closes first has said all that was asked
                await stream.send(script.goodbye)

    failure = await attempt.run(converse(), timeout)
    return Talk(Connection(dict(attempt.seconds), attempt.address, None, failure), bytes(heard))


async def _more(stream: Stream, most: int) -> bytes:
    data = await stream.receive(most)
    if not data:
        raise ProbeError(Reason.BAD_ANSWER, "the far end closed the connection in mid conversation")
    return data
