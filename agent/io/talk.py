"""A conversation over TCP in which the far end speaks first or is spoken to: mail, shell and UPS servers."""

from contextlib import suppress
from dataclasses import replace
from typing import cast

from agent.io.attempt import Attempt
from agent.io.dial import Destination, Dialer, secure
from agent.io.stream import PlainStream, Stream
from collectors.core import ProbeError, Reason
from collectors.core.ports import Connection, Script, Talk
from collectors.messages.said import Said


async def talk(dialer: Dialer, to: Destination, timeout: float, script: Script) -> Talk:
    """Hold it as the script says, then in TLS where `to` has a server name; failures are part of the result."""
    attempt, heard = Attempt(), bytearray()

    async def converse() -> None:
        context = dialer.context(to, attempt)
        async with dialer.open(replace(to, server_name=None), attempt, timeout) as plain:
            stream: Stream = plain
            attempt.enter("talk")
            while (words := script.reply(bytes(heard))) is not None and len(heard) < script.most:
                await stream.send(words)
                heard.extend(await _more(stream, script.most - len(heard)))
                attempt.heard()
            if context is not None:
                stream = await secure(cast("PlainStream", plain), context, to, attempt)  # nothing is above it yet
            with suppress(ProbeError):  # one that closes first has said all that was asked
                await stream.send(script.goodbye)

    failure = await attempt.run(converse(), timeout)
    return Talk(Connection(dict(attempt.seconds), attempt.address, attempt.tls, failure), bytes(heard))


async def _more(stream: Stream, most: int) -> bytes:
    data = await stream.receive(most)
    if not data:
        raise ProbeError(Reason.BAD_ANSWER, Said("banner.closed"))
    return data
