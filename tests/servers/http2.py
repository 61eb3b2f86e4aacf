"""An HTTP/2 server that says what it is told to, right or wrong, once it was asked for a page."""

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import Sequence
from itertools import pairwise

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived
from hpack import Encoder
from hyperframe.frame import ContinuationFrame, DataFrame, Frame, GoAwayFrame, HeadersFrame, RstStreamFrame

from tests.servers.hostile import DRIP_SECONDS
from tests.servers.tcp import Behaviour, reset, silence

STREAM = 1
Headers = Sequence[tuple[str, str]]


def with_http2(context: ssl.SSLContext) -> ssl.SSLContext:
    """The same server, which now chooses HTTP/2."""
    context.set_alpn_protocols(["h2"])
    return context


async def asked(reader: StreamReader, writer: StreamWriter) -> list[tuple[str, str]]:
    """Wait for a request, settings exchanged; its headers."""
    connection = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
    connection.initiate_connection()
    while True:
        events = connection.receive_data(await reader.read(65_536))
        writer.write(connection.data_to_send())
        for event in events:
            if isinstance(event, RequestReceived):
                return [(str(name), str(value)) for name, value in event.headers]


def says(*parts: bytes) -> Behaviour:
    """Send these bytes and close."""

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await asked(reader, writer)
        writer.write(b"".join(parts))
        await writer.drain()

    return behave


def says_raw(answer: bytes) -> Behaviour:
    """Answer at once with bytes that are no frames."""

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.read(65_536)
        writer.write(answer)

    return behave


def says_then_resets() -> Behaviour:
    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await says()(reader, writer)
        await asyncio.sleep(DRIP_SECONDS)
        reset(writer)

    return behave


def says_then_stalls(*parts: bytes) -> Behaviour:
    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await says(*parts)(reader, writer)
        await silence()

    return behave


def repeats(head: bytes, part: bytes, pause: float = 0.0) -> Behaviour:
    """Send the head, then the part again and again."""

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await says(head)(reader, writer)
        while True:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)

    return behave


def drips(head: bytes, part: bytes) -> Behaviour:
    return repeats(head, part, DRIP_SECONDS)


def status(code: str = "200", *others: tuple[str, str], end: bool = False) -> bytes:
    """HEADERS with a status and these headers."""
    return headers((":status", code), *others, end=end)


def headers(*fields: tuple[str, str], end: bool = False, parts: int = 1) -> bytes:
    """A block of headers, in so many frames."""
    block = Encoder().encode(fields)
    cuts = [len(block) * number // parts for number in range(parts + 1)]
    frames: list[Frame] = [HeadersFrame(STREAM, block[: cuts[1]], flags=["END_STREAM"] if end else [])]
    frames += [ContinuationFrame(STREAM, block[start:to]) for start, to in pairwise(cuts[1:])]
    frames[-1].flags.add("END_HEADERS")
    return b"".join(frame.serialize() for frame in frames)


def open_headers(block: bytes) -> bytes:
    """A block of headers whose end is still to come."""
    return HeadersFrame(STREAM, block).serialize()


def continuation(block: bytes) -> bytes:
    return ContinuationFrame(STREAM, block).serialize()


def data(content: bytes, *, end: bool = False, padding: int = 0, stream: int = STREAM) -> bytes:
    frame = DataFrame(stream, content, pad_length=padding, flags=["END_STREAM"] if end else [])
    if padding:
        frame.flags.add("PADDED")
    return frame.serialize()


def goaway(code: int, last: int = STREAM) -> bytes:
    return GoAwayFrame(0, last_stream_id=last, error_code=code).serialize()


def stream_reset(code: int) -> bytes:
    return RstStreamFrame(STREAM, error_code=code).serialize()


def frame(kind: int, content: bytes, flags: int = 0, stream: int = 0) -> bytes:
    """Any frame at all."""
    return len(content).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + content
