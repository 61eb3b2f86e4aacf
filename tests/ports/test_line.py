"""The uplink's line against servers that behave, that do not, and that vanish between two requests."""

import asyncio
import ssl
import time
from asyncio import StreamReader, StreamWriter
from contextlib import closing
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from agent.io.line import HttpLine
from agent.uplink.line import Posted
from collectors.core import Reason
from collectors.core.pki import Signer, certificate_pem, issue, key_pem, new_key
from collectors.core.push import Destination
from collectors.core.values import HostPort, Secret, Url
from tests.lab.authority import Authority
from tests.servers.tcp import Behaviour, listening

NO_CONTENT = b"HTTP/1.1 204 No Content\r\nDate: Sun, 22 Nov 2026 02:00:00 GMT\r\n\r\n"


async def request(reader: StreamReader) -> tuple[bytes, bytes]:
    """Head and body of the next request."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), b":0")
    return head, await reader.readexactly(int(length.split(b":")[1]))


class Server:
    """Answers each request with `answer`; after `most` of them on one connection it closes that."""

    def __init__(self, answer: bytes = NO_CONTENT, most: int = 1 << 30) -> None:
        self.answer, self.most = answer, most
        self.connections = 0
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.certificates: list[object] = []

    async def behave(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.connections += 1
        self.certificates.append(writer.get_extra_info("peercert"))
        for _ in range(self.most):
            head, body = await request(reader)
            self.heads.append(head)
            self.bodies.append(body)
            writer.write(self.answer)
            await writer.drain()


def to(port: int, scheme: str = "http", **settings: object) -> Destination:
    return Destination(Url(f"{scheme}://127.0.0.1:{port}/api/v1/write"), **settings)  # type: ignore[arg-type]


async def once(receiver: Destination) -> Posted:
    """One request on a line of its own."""
    with closing(HttpLine(receiver, "")) as line:
        return await line.post((), b"x")


async def test_requests_share_a_connection() -> None:
    server = Server()
    async with listening(server.behave) as port:
        line = HttpLine(to(port), "communewatch/1")
        for body in (b"one", b"two", b"x" * 300_000):
            posted = await line.post((("Content-Encoding", "snappy"),), body)
            assert (posted.status, posted.reason) == (204, None)
        line.close()
    assert server.connections == 1
    assert server.bodies == [b"one", b"two", b"x" * 300_000]
    assert server.heads[0].startswith(b"POST /api/v1/write HTTP/1.1\r\n")
    assert b"User-Agent: communewatch/1\r\n" in server.heads[0]
    assert b"Content-Encoding: snappy\r\n" in server.heads[0]


async def test_the_receivers_words_and_headers_come_back() -> None:
    answer = (
        b"HTTP/1.1 400 Bad Request\r\nDate: Sun, 22 Nov 2026 02:00:00 GMT\r\nContent-Length: 14\r\n\r\nout of bounds\n"
    )
    async with listening(Server(answer).behave) as port:
        posted = await once(to(port))
    assert (posted.status, posted.text) == (400, "out of bounds")
    assert ("date", "Sun, 22 Nov 2026 02:00:00 GMT") in [(name.lower(), value) for name, value in posted.headers]
    assert posted.seconds > 0


@pytest.mark.parametrize("most", [1, 2])
async def test_a_connection_that_was_closed_meanwhile_costs_nothing(most: int) -> None:
    server = Server(most=most)
    async with listening(server.behave) as port:
        line = HttpLine(to(port), "")
        for _ in range(4):
            assert (await line.post((), b"x")).status == 204
        line.close()
    assert server.connections == 4 / most


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nConnection: close\r\n", b"HTTP/1.0 200 OK\r\n"])
async def test_a_connection_that_the_receiver_wants_closed_is_not_used_again(head: bytes) -> None:
    server = Server(head + b"Content-Length: 0\r\n\r\n")
    async with listening(server.behave) as port:
        with closing(HttpLine(to(port), "")) as line:
            assert [(await line.post((), b"x")).status for _ in range(2)] == [200, 200]
    assert server.connections == 2


async def says_nothing(reader: StreamReader, writer: StreamWriter) -> None:
    await reader.read()


async def says_garbage(reader: StreamReader, writer: StreamWriter) -> None:
    await request(reader)
    writer.write(b"\x15\x03\x01\x00\x02\x02\x28")


async def leaves_in_mid_answer(reader: StreamReader, writer: StreamWriter) -> None:
    await request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")


@pytest.mark.parametrize(
    ("behave", "reason"),
    [(says_nothing, Reason.FROZEN), (says_garbage, Reason.BAD_ANSWER), (leaves_in_mid_answer, Reason.BAD_ANSWER)],
)
async def test_what_is_no_answer_is_told_as_such(behave: Behaviour, reason: Reason) -> None:
    async with listening(behave) as port:
        posted = await once(to(port, timeout=0.6))
    assert (posted.status, posted.reason) == (None, reason)


async def test_nobody_there_is_told_as_such() -> None:
    async with listening(Server().behave) as port:
        pass
    assert (await once(to(port))).reason is Reason.REFUSED


# --- TLS --------------------------------------------------------------------------------------------------------------


def serving(authority: Authority, **wishes: ssl.TLSVersion) -> ssl.SSLContext:
    found = authority.issue("gateway", _LOOPBACK)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(found.certificate, found.key)
    context.load_verify_locations(authority.path)
    context.verify_mode = ssl.CERT_REQUIRED
    for name, value in wishes.items():
        setattr(context, name, value)
    return context


_LOOPBACK = IPv4Address("127.0.0.1")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, datetime.now(UTC))


def shown(authority: Authority) -> dict[str, str]:
    """An office's certificate and key, and whom it trusts."""
    folder, key = authority.path.parent, new_key()
    made = issue(Signer(authority._root, authority._key), "01273-1", key.public_key(), time.time(), 3600)
    (folder / "office.pem").write_bytes(certificate_pem(made))
    (folder / "office.key").write_bytes(key_pem(key))
    return {
        "ca_file": str(authority.path), "certificate": f"{folder}/office.pem", "key": f"{folder}/office.key",
    }  # fmt: skip


async def test_an_office_shows_its_certificate(authority: Authority) -> None:
    server = Server()
    async with listening(server.behave, serving(authority)) as port:
        line = HttpLine(to(port, "https", **shown(authority)), "")
        posted = [await line.post((), b"x") for _ in range(2)]
        line.close()
    assert [one.reason for one in posted] == [None, None]
    assert server.connections == 1


async def test_without_a_certificate_the_door_stays_shut(authority: Authority) -> None:
    server = Server()
    async with listening(server.behave, serving(authority)) as port:
        posted = await once(to(port, "https", ca_file=str(authority.path)))
    assert (posted.status, server.bodies) == (None, [])


async def test_a_receiver_that_cannot_prove_who_it_is_gets_nothing(authority: Authority, tmp_path: Path) -> None:
    server, other = Server(), Authority(tmp_path / "other", datetime.now(UTC))
    async with listening(server.behave, serving(authority)) as port:
        settings = {**shown(authority), "ca_file": str(other.path)}
        posted = await once(to(port, "https", **settings))
    assert posted.reason is Reason.TLS
    assert server.bodies == []


async def test_older_tls_than_1_3_is_not_spoken(authority: Authority) -> None:
    context = serving(authority, maximum_version=ssl.TLSVersion.TLSv1_2)
    async with listening(Server().behave, context) as port:
        posted = await once(to(port, "https", **shown(authority)))
    assert posted.reason is Reason.TLS


async def test_a_certificate_that_is_missing_or_no_certificate_is_our_own_fault(authority: Authority) -> None:
    found = shown(authority)
    for key in (str(authority.path), "/nowhere.key"):
        assert (await once(to(1, "https", **{**found, "key": key}))).reason is Reason.PERMISSION


async def test_a_renewed_certificate_is_shown_with_the_next_connection(authority: Authority) -> None:
    server, context = Server(most=1), serving(authority)
    async with listening(server.behave, context) as port:
        line = HttpLine(to(port, "https", **shown(authority)), "")
        await line.post((), b"x")
        await asyncio.to_thread(shown, authority)  # the same files, another key
        await line.post((), b"x")
        line.close()
    serials = [one["serialNumber"] for one in server.certificates if isinstance(one, dict)]
    assert len(set(serials)) == len(serials) == 2


# --- proxies ----------------------------------------------------------------------------------------------------------


class Proxy:
    """Knows CONNECT."""

    def __init__(self, answer: bytes = b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n") -> None:
        self.answer = answer
        self.heads: list[bytes] = []

    async def behave(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(self.answer)
        await writer.drain()
        if b" 200 " not in self.answer:
            return
        port = int(self.heads[-1].split(b" ")[1].rpartition(b":")[2])
        inner, outer = await asyncio.open_connection("127.0.0.1", port)
        try:
            await asyncio.gather(_pump(reader, outer), _pump(inner, writer))
        finally:
            outer.close()


async def _pump(reader: StreamReader, writer: StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.write_eof() if writer.can_write_eof() else None


async def test_a_proxy_is_asked_for_a_way_and_sees_nothing_of_what_goes_over_it(authority: Authority) -> None:
    server, proxy = Server(), Proxy()
    async with listening(server.behave, serving(authority)) as port, listening(proxy.behave) as way:
        settings = shown(authority) | {"proxy_user": "office"}
        secret = Secret("hidden")
        place = HostPort("127.0.0.1", way)
        line = HttpLine(to(port, "https", proxy=place, proxy_password=secret, **settings), "")
        assert [(await line.post((), b"x")).status for _ in range(2)] == [204, 204]
        line.close()
    assert len(proxy.heads) == 1
    assert proxy.heads[0].startswith(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n".encode())
    assert b"Proxy-Authorization: Basic b2ZmaWNlOmhpZGRlbg==\r\n" in proxy.heads[0]
    assert b"Authorization" not in server.heads[0]


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\nDate: x\r\n\r\n", 407, Reason.DENIED),
        (b"HTTP/1.0 403 Forbidden\r\n\r\n", 403, Reason.DENIED),
        (b"SSH-2.0-x\r\n\r\n", None, Reason.BAD_ANSWER),
        (b"HTTP/1.1 200 OK\r\n", None, Reason.BAD_ANSWER),
        (b"x" * 20_000, None, Reason.BAD_ANSWER),
    ],
)
async def test_a_proxy_that_gives_no_way_is_told_as_such(answer: bytes, status: int | None, reason: Reason) -> None:
    async with listening(Proxy(answer).behave if b" 200 " not in answer else _half(answer)) as way:
        posted = await once(to(9, proxy=HostPort("127.0.0.1", way)))
    assert (posted.status, posted.reason, posted.headers) == (status, reason, ())


def _half(answer: bytes) -> Behaviour:
    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)

    return behave
