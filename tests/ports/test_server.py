"""The server of the agent's pages, over real sockets: what it answers, and clients that misbehave."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from agent.server import Request, Response, Server


def hello(request: Request) -> Response:
    return Response(f"hello {request.query.get('name', 'you')}".encode(), "text/plain")


def broken(_: Request) -> Response:
    raise ZeroDivisionError


@pytest.fixture
async def port() -> AsyncIterator[int]:
    server = Server({"/": hello, "/broken": broken, "/long": lambda _: Response(b"x" * 100_000, "text/plain")})
    yield await server.listen("127.0.0.1", 0)
    await server.close()


async def exchange(port: int, data: bytes) -> bytes:
    """Everything that the server says to these bytes until it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    await writer.drain()
    answer = await reader.read()
    writer.close()
    return answer


def get(path: str, *headers: str, method: str = "GET") -> bytes:
    return "\r\n".join((f"{method} {path} HTTP/1.1", "Host: x", "Connection: close", *headers, "", "")).encode()


async def test_a_page_is_served_with_headers_that_keep_it_to_itself(port: int) -> None:
    answer = (await exchange(port, get("/?name=B%E1%BA%AFc"))).decode()
    assert answer.startswith("HTTP/1.1 200")
    assert answer.endswith("hello Bắc")
    assert "content-security-policy: default-src 'none'" in answer.lower()
    assert "cache-control: no-store" in answer.lower()


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/nowhere", "GET", 404),
        ("/", "POST", 405),
        ("/", "HEAD", 200),
        ("/broken", "GET", 500),
        ("/?a=%zz&b", "GET", 200),
        ("//[", "GET", 400),
    ],
)
async def test_each_request_gets_its_status(port: int, path: str, method: str, status: int) -> None:
    answer = await exchange(port, get(path, method=method))
    assert answer.startswith(f"HTTP/1.1 {status}".encode())
    assert method != "HEAD" or answer.endswith(b"\r\n\r\n")


async def test_a_long_page_is_compressed_for_those_who_can_read_it(port: int) -> None:
    head, _, body = (await exchange(port, get("/long", "Accept-Encoding: gzip"))).partition(b"\r\n\r\n")
    assert gzip.decompress(body) == b"x" * 100_000
    assert b"content-encoding: gzip" in head.lower()
    assert len((await exchange(port, get("/long"))).partition(b"\r\n\r\n")[2]) == 100_000


async def test_a_connection_is_kept_for_the_next_request(port: int) -> None:
    request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = await exchange(port, request + request + get("/"))
    assert answer.count(b"hello you") == 3


@pytest.mark.parametrize(
    "garbage",
    [
        "GET /?x=ắ HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET\r\n\r\n",
        b"\x00" * 100,
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 10_000,
        b"G" * 100_000,
    ],
)
async def test_a_client_that_babbles_is_dropped_and_the_next_one_served(port: int, garbage: bytes) -> None:
    with suppress(ConnectionError):  # dropped while it still spoke
        assert (await exchange(port, garbage))[:10] in (b"", b"HTTP/1.1 4")
    assert (await exchange(port, get("/"))).endswith(b"hello you")


async def test_idle_clients_do_not_keep_others_out_for_ever(port: int) -> None:
    idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(40)]
    for _, writer in idle[20:]:
        writer.close()
    while not (await exchange(port, get("/"))).endswith(b"hello you"):
        await asyncio.sleep(0)
    for _, writer in idle[:20]:
        writer.close()


async def test_an_address_that_is_taken_is_an_error_of_the_system(port: int) -> None:
    with pytest.raises(OSError, match="address already in use"):
        await Server({}).listen("127.0.0.1", port)


async def test_closing_does_not_wait_for_idle_clients() -> None:
    server = Server({"/": hello})
    port = await server.listen("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await server.close()
    assert await reader.read() == b""
    writer.close()
