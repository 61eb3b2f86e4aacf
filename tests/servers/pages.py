"""A web server that treats every request as a Page of tests.fakes.http says."""

import asyncio
from asyncio import StreamReader, StreamWriter

from tests.fakes.http import Page
from tests.servers.tcp import Behaviour, request, reset, silence


def behaviour(page: Page) -> Behaviour:
    """For a server whose phase tls, if the page has one, is the server's own."""

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        if page.hangs == "tls":
            await silence()
        asked = await request(reader)
        await _stage("processing", page, writer)
        if _is_known(asked, page):
            writer.write(b"HTTP/1.1 304 Not Modified\r\n\r\n")
            return
        body = b"" if asked.startswith(b"HEAD ") else page.body
        writer.write(_head(page))
        writer.write(body[: len(body) // 2])
        await writer.drain()
        await _stage("transfer", page, writer)
        writer.write(body[len(body) // 2 :])

    return behave


def _is_known(asked: bytes, page: Page) -> bool:
    tag = dict(page.headers).get("ETag", "").encode()
    return bool(tag) and b"If-None-Match: " + tag + b"\r\n" in asked


async def _stage(phase: str, page: Page, writer: StreamWriter) -> None:
    await asyncio.sleep(page.seconds.get(phase, 0.0))
    if page.hangs == phase:
        await silence()
    if page.resets == phase:
        await asyncio.sleep(0.02)  # what was written before should arrive before the RST
        reset(writer)
        raise ConnectionResetError


def _head(page: Page) -> bytes:
    headers = (*page.headers, ("Content-Length", str(len(page.body))))
    lines = (f"HTTP/1.1 {page.status} Whatever", *(f"{name}: {value}" for name, value in headers), "", "")
    return "\r\n".join(lines).encode()
