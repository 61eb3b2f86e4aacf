"""The http adapter against servers that are wrong: each gets its reason and its phase, and no bound is broken."""

import asyncio
import tracemalloc
from pathlib import Path

import pytest

from agent.io.dial import Dialer
from agent.io.http import HttpAdapter
from agent.io.resolver import Resolver
from collectors.core import Reason
from collectors.core.ports import HttpExchange, HttpRequest
from collectors.core.values import HostPort
from tests.servers import hostile
from tests.servers.hostile import OK, TEN_GIGABYTES, drips, repeats, says, says_then_stalls
from tests.servers.names import name_server, silent
from tests.servers.tcp import Behaviour, elsewhere, listening

PLENTY = 20.0
LITTLE = 0.5
BOUND = 100_000
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
HUGE = OK + b"Content-Length: %d\r\n\r\n" % TEN_GIGABYTES

WRONG: dict[str, tuple[Behaviour, Reason, str]] = {
    "hangs up": (hostile.hangs_up, Reason.BAD_ANSWER, "processing"),
    "resets when it is asked": (hostile.resets_when_spoken_to, Reason.REFUSED, "processing"),
    "garbage": (says(bytes(range(256)) * 20), Reason.BAD_ANSWER, "transfer"),
    "another protocol": (says(b"SSH-2.0-OpenSSH_9.2\r\n"), Reason.BAD_ANSWER, "transfer"),
    "another protocol that waits for more": (says_then_stalls(b"220 mail\r\n"), Reason.BAD_ANSWER, "transfer"),
    "a TLS alert to plain HTTP": (says(bytes([21, 3, 1, 0, 2, 2, 40])), Reason.BAD_ANSWER, "transfer"),
    "half a status line": (says(b"HTTP/1.1 20"), Reason.BAD_ANSWER, "transfer"),
    "a status that is no number": (says(b"HTTP/1.1 OK 200\r\n\r\n"), Reason.BAD_ANSWER, "transfer"),
    "half the headers": (says(OK + b"Content-Le"), Reason.BAD_ANSWER, "transfer"),
    "headers with NUL": (says(OK + b"X: a\0b\r\n\r\n"), Reason.BAD_ANSWER, "transfer"),
    "two lengths": (says(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"), Reason.BAD_ANSWER, "transfer"),
    "a negative length": (says(OK + b"Content-Length: -1\r\n\r\n"), Reason.BAD_ANSWER, "transfer"),
    "fewer bytes than promised": (says(OK + b"Content-Length: 50\r\n\r\nhello"), Reason.BAD_ANSWER, "transfer"),
    "a chunk that is no number": (says(CHUNKED + b"zz\r\nhello\r\n"), Reason.BAD_ANSWER, "transfer"),
    "chunks without an end": (says(CHUNKED + b"5\r\nhello\r\n"), Reason.BAD_ANSWER, "transfer"),
    "endless headers": (repeats(OK, b"X-Header: value\r\n"), Reason.BAD_ANSWER, "transfer"),
    "one endless header": (repeats(OK + b"X: ", b"x" * 1000), Reason.BAD_ANSWER, "transfer"),
    "an endless status line": (repeats(b"HTTP/1.1 200 ", b"O" * 1000), Reason.BAD_ANSWER, "transfer"),
    "endless interim answers": (repeats(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"), Reason.BAD_ANSWER, "transfer"),
    "an endless trailer": (repeats(CHUNKED + b"0\r\n", b"X-Header: value\r\n"), Reason.BAD_ANSWER, "transfer"),
}
STALLING: dict[str, tuple[Behaviour, Reason, str]] = {
    "never speaks": (hostile.never_speaks, Reason.FROZEN, "processing"),
    "stalls in the headers": (says_then_stalls(OK + b"Content-Le"), Reason.FROZEN, "transfer"),
    "stalls before the body": (says_then_stalls(HUGE), Reason.FROZEN, "transfer"),
    "stalls in the body": (says_then_stalls(HUGE, b"some"), Reason.FROZEN, "transfer"),
    "stalls in a chunk": (says_then_stalls(CHUNKED, b"ff\r\nsome"), Reason.FROZEN, "transfer"),
    "drips headers": (drips(OK, b"X-Header: value\r\n"), Reason.TIMEOUT, "transfer"),
    "drips a body": (drips(HUGE, b"x"), Reason.TIMEOUT, "transfer"),
}
RIGHT: dict[str, Behaviour] = {
    "a body that ends with the connection": says(b"HTTP/1.0 200 OK\r\n\r\nhello"),
    "chunks": says(CHUNKED + b"2\r\nhe\r\n3\r\nllo\r\n0\r\nX-Trailer: value\r\n\r\n"),
    "one byte at a time": says(*(bytes([byte]) for byte in OK + b"Content-Length: 5\r\n\r\nhello")),
    "bare line feeds": says(b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"),
    "no reason phrase": says(b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello"),
    "an interim answer first": says(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK + b"\r\nhello"),
    "a second answer behind": hostile.tells_more_than_it_may,
    "before it was asked": says(OK + b"Content-Length: 5\r\n\r\nhello", after_request=False),
}
ENDLESS: dict[str, Behaviour] = {
    "ten declared gigabytes": repeats(HUGE, b"x" * 65536),
    "endless chunks": repeats(CHUNKED, b"ffff\r\n" + b"x" * 65535 + b"\r\n"),
    "endless chunks of one byte": repeats(CHUNKED, b"1\r\nx\r\n" * 10_000),
    "no end at all": repeats(b"HTTP/1.0 200 OK\r\n\r\n", b"x" * 65536),
}


@pytest.fixture
def http() -> HttpAdapter:
    return HttpAdapter("communewatch/test (+someone@example.org)")


async def visit(http: HttpAdapter, behaviour: Behaviour, timeout: float = PLENTY) -> HttpExchange:
    async with listening(behaviour) as port:
        return await http.exchange(HttpRequest(f"http://127.0.0.1:{port}/", max_body=BOUND), timeout)


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_answer_gets_its_reason_and_phase_without_waiting(http: HttpAdapter, name: str) -> None:
    behaviour, reason, phase = WRONG[name]
    failure = (await visit(http, behaviour)).failure
    assert failure
    assert (failure.reason, failure.phase) == (reason, phase)
    assert failure.message


@pytest.mark.parametrize("name", STALLING)
async def test_what_takes_for_ever_ends_with_the_timeout(http: HttpAdapter, name: str) -> None:
    behaviour, reason, phase = STALLING[name]
    exchange = await visit(http, behaviour, LITTLE)
    assert exchange.failure
    assert (exchange.failure.reason, exchange.failure.phase) == (reason, phase)
    assert sum(exchange.phases.values()) < 1.5 * LITTLE


@pytest.mark.parametrize("name", RIGHT)
async def test_what_is_odd_but_right_is_read(http: HttpAdapter, name: str) -> None:
    exchange = await visit(http, RIGHT[name])
    assert (exchange.failure, exchange.status, exchange.body, exchange.complete) == (None, 200, b"hello", True)


@pytest.mark.parametrize("name", ENDLESS)
async def test_a_body_without_end_is_cut_at_the_bound(http: HttpAdapter, name: str) -> None:
    exchange = await visit(http, ENDLESS[name])
    assert (exchange.failure, exchange.complete) == (None, False)
    assert exchange.body == b"x" * len(exchange.body)
    assert BOUND // 3 <= len(exchange.body) <= BOUND


@pytest.mark.parametrize("name", ENDLESS)
async def test_memory_stays_near_the_bound_whatever_is_sent(http: HttpAdapter, name: str) -> None:
    honest = await peak(http, says(OK + b"Content-Length: %d\r\n\r\n" % BOUND + b"x" * BOUND))
    assert await peak(http, ENDLESS[name]) < 3 * honest


async def peak(http: HttpAdapter, behaviour: Behaviour) -> int:
    """Bytes that one exchange holds at most, its server included."""
    async with listening(behaviour) as port:
        tracemalloc.start()
        try:
            await http.exchange(HttpRequest(f"http://127.0.0.1:{port}/", max_body=BOUND), PLENTY)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


async def test_a_flood_does_not_keep_the_loop_from_other_work(http: HttpAdapter) -> None:
    turns = 0

    async def work() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    with elsewhere(ENDLESS["ten declared gigabytes"]) as port:
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
    for behaviour, *_ in (*WRONG.values(), *STALLING.values()):
        await visit(http, behaviour, 0.05)
    assert descriptors() <= before


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
