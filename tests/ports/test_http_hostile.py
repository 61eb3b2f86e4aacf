"""The http adapter on the wire: what it sends, whom it asks, and what it leaves behind, wrong servers or not."""

import asyncio
from pathlib import Path

import pytest

from agent.io.dial import Dialer
from agent.io.http import HttpAdapter
from agent.io.resolver import Resolver
from collectors.core import Reason
from collectors.core.ports import HttpExchange, HttpRequest
from collectors.core.values import HostPort
from tests.servers.hostile import OK, says
from tests.servers.http_wrong_tcp import OVER_TCP
from tests.servers.names import name_server, silent
from tests.servers.tcp import Behaviour, elsewhere, listening

PLENTY = 20.0
LITTLE = 0.5
BOUND = 100_000


@pytest.fixture
def http() -> HttpAdapter:
    return HttpAdapter("communewatch/test (+someone@example.org)")


async def visit(http: HttpAdapter, behaviour: Behaviour, timeout: float = PLENTY) -> HttpExchange:
    async with listening(behaviour) as port:
        return await http.exchange(HttpRequest(f"http://127.0.0.1:{port}/", max_body=BOUND), timeout)


async def test_a_flood_does_not_keep_the_loop_from_other_work(http: HttpAdapter) -> None:
    turns = 0

    async def work() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    with elsewhere(OVER_TCP["ten declared gigabytes"].behave) as port:
        other = asyncio.create_task(work())
        request = HttpRequest(f"http://127.0.0.1:{port}/", max_body=10 * 2**20)
        exchange = await http.exchange(request, PLENTY)
        other.cancel()
    assert exchange.body_size > request.max_body
    assert turns > exchange.body_size / 65536


async def test_the_request_says_who_asks_and_wants_no_compression(http: HttpAdapter) -> None:
    asked: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(OK + b"Content-Length: 0\r\n\r\n")

    async with listening(listen) as port:
        url = f"http://127.0.0.1:{port}/dịch vụ?trang=một&x=%20"
        await http.exchange(HttpRequest(url, headers=(("X-Own", "value"),)), PLENTY)
    first, *headers = asked[0].decode().strip().split("\r\n")
    assert first == "GET /d%E1%BB%8Bch%20v%E1%BB%A5?trang=m%E1%BB%99t&x=%20 HTTP/1.1"
    assert {
        f"Host: 127.0.0.1:{port}",
        "User-Agent: communewatch/test (+someone@example.org)",
        "Accept-Encoding: identity",
        "X-Own: value",
    } <= set(headers)


async def test_a_contact_that_no_header_can_carry_is_written_so_that_it_can() -> None:
    asked: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(OK + b"Content-Length: 0\r\n\r\n")

    await visit(HttpAdapter("communewatch (+Tỉnh\r\nX: y)"), listen)
    assert b"User-Agent: communewatch (+T?nh??X: y)\r\n" in asked[0]


async def test_a_silent_name_server_is_a_matter_of_dns_and_costs_the_timeout_only() -> None:
    async with name_server(silent) as port:
        http = HttpAdapter("communewatch/test", Dialer(Resolver([HostPort("127.0.0.1", port)])))
        exchange = await http.exchange(HttpRequest("http://portal.example/"), LITTLE)
    assert exchange.failure
    assert (exchange.failure.reason, exchange.failure.phase) == (Reason.DNS, "resolve")
    assert sum(exchange.phases.values()) < 1.5 * LITTLE


async def test_a_cancelled_exchange_closes_its_connection(http: HttpAdapter) -> None:
    closed = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        reached.set()
        await reader.read()
        closed.set()

    reached = asyncio.Event()
    async with listening(listen) as port:
        exchange = asyncio.create_task(http.exchange(HttpRequest(f"http://127.0.0.1:{port}/"), PLENTY))
        await reached.wait()
        exchange.cancel()
        await closed.wait()
        assert (await asyncio.gather(exchange, return_exceptions=True))[0].__class__ is asyncio.CancelledError


async def test_an_address_to_connect_to_replaces_the_name(http: HttpAdapter) -> None:
    async with listening(says(OK + b"Content-Length: 0\r\n\r\n")) as port:
        request = HttpRequest("http://nowhere.example/", connect_to=f"127.0.0.1:{port}")
        assert (await http.exchange(request, PLENTY)).status == 200


async def test_no_descriptor_is_left_behind(http: HttpAdapter) -> None:
    before = descriptors()
    for wrong in OVER_TCP.values():
        await visit(http, wrong.behave, 0.05)
    assert descriptors() <= before


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
