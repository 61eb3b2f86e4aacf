"""Ways in which a web server can be wrong, each a behaviour of one connection."""

import asyncio
import gzip
from asyncio import StreamReader, StreamWriter

from tests.servers.tcp import Behaviour, request, reset, silence

OK = b"HTTP/1.1 200 OK\r\n"
TEN_GIGABYTES = 10 * 2**30
DRIP_SECONDS = 0.02


def says(*parts: bytes, after_request: bool = True) -> Behaviour:
    """Send this and close."""

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        if after_request:
            await request(reader)
        for part in parts:
            writer.write(part)
            await writer.drain()

    return behave


def says_then_stalls(*parts: bytes) -> Behaviour:
    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await says(*parts)(reader, writer)
        await silence()

    return behave


def says_then_resets(*parts: bytes) -> Behaviour:
    """Send this, give it time to arrive, and reset the connection."""

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await says(*parts)(reader, writer)
        await asyncio.sleep(DRIP_SECONDS)
        reset(writer)

    return behave


def says_then_half_closes(*parts: bytes) -> Behaviour:
    """Send this and end our direction only: the other one stays open for ever."""

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await says(*parts)(reader, writer)
        writer.write_eof()
        await silence()

    return behave


def repeats(head: bytes, part: bytes) -> Behaviour:
    """Send the head, then the part as fast as it is taken, for ever."""

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await request(reader)
        writer.write(head)
        while True:
            writer.write(part)
            await writer.drain()

    return behave


def drips(head: bytes, part: bytes) -> Behaviour:
    """Send the head, then the part again and again with pauses, for ever."""

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await request(reader)
        writer.write(head)
        while True:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(DRIP_SECONDS)

    return behave


async def hangs_up(reader: StreamReader, writer: StreamWriter) -> None:
    """Take the request and close."""
    await request(reader)


async def resets_at_once(reader: StreamReader, writer: StreamWriter) -> None:
    reset(writer)


async def resets_when_spoken_to(reader: StreamReader, writer: StreamWriter) -> None:
    await reader.read(1)
    reset(writer)


async def never_speaks(reader: StreamReader, writer: StreamWriter) -> None:
    await silence()


async def tells_more_than_it_may(reader: StreamReader, writer: StreamWriter) -> None:
    """A second answer behind the first, on a connection that was to be closed."""
    await says(OK + b"Content-Length: 5\r\n\r\nhello" + OK + b"Content-Length: 5\r\n\r\nagain")(reader, writer)


def tls_alert(description: int) -> Behaviour:
    """A fatal alert instead of a ServerHello (RFC 8446, section 6)."""
    return answers_hello(bytes([21, 3, 3, 0, 2, 2, description]))


def answers_hello(data: bytes) -> Behaviour:
    """This instead of a ServerHello."""

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.read(1024)
        writer.write(data)

    return behave


def answers_hello_then_stalls(data: bytes) -> Behaviour:
    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await answers_hello(data)(reader, writer)
        await writer.drain()
        await silence()

    return behave


def drips_hello(data: bytes) -> Behaviour:
    """This instead of a ServerHello, a byte at a time, and never its end."""

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.read(1024)
        for byte in data[:-1]:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(DRIP_SECONDS)
        await silence()

    return behave


def cuts_tls_in_mid_body(head: bytes) -> Behaviour:
    """End the TCP connection without TLS's own goodbye."""

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await says(head)(reader, writer)
        await asyncio.sleep(DRIP_SECONDS)
        writer.transport.abort()

    return behave


def compressed(text: bytes) -> bytes:
    """An answer in a coding that was not asked for."""
    body = gzip.compress(text)
    return OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body
