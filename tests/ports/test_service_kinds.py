"""The kinds of the service collector through the real ports, against real far ends on loopback."""

import asyncio
import contextlib
import os
import shutil
import sys
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agent.io.ports import MachinePorts
from collectors.core import Reading, Reason
from collectors.core.values import Duration, Url
from collectors.service import COLLECTOR
from collectors.service.target import Kind, Target
from collectors.service.words import Pem
from tests.servers.authorities import House
from tests.servers.certificates import Certificates
from tests.servers.hostile import OK, says
from tests.servers.ntp import answering, reply
from tests.servers.tcp import Behaviour, closed_port, listening, request, silence
from tests.tools import tool

PLENTY = 20.0


@pytest.fixture(scope="module")
def house() -> House:
    return House.build()


@pytest.fixture
def openssl() -> str:
    found = shutil.which("openssl")
    if found is None:
        pytest.skip("openssl is not installed")
    return found


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
async def ports() -> AsyncIterator[MachinePorts]:
    async with MachinePorts("communewatch/test") as ports:
        await ports.prepare(COLLECTOR.needs)
        yield ports


async def probe(ports: MachinePorts, timeout: float = PLENTY, **fields: Any) -> Reading:
    return await COLLECTOR.collect(Target(**fields), ports, timeout)


def values(reading: Reading) -> dict[str, float]:
    return {sample.metric.name: sample.value for sample in reading.samples}


def gives(body: bytes) -> Behaviour:
    return says(OK + b"Content-Length: %d\r\n\r\n" % len(body) + body)


async def test_an_ocsp_responder_is_asked_and_believed(ports: MachinePorts, house: House) -> None:
    asked: list[bytes] = []

    async def respond(reader: StreamReader, writer: StreamWriter) -> None:
        asked.append(await request(reader))
        answer = house.says()
        writer.write(OK + b"Content-Length: %d\r\n\r\n" % len(answer) + answer)

    async with listening(respond) as port:
        reading = await probe(
            ports,
            kind=Kind.OCSP,
            url=Url(f"http://127.0.0.1:{port}/"),
            certificate=Pem(house.leaf.pem),
            issuer=Pem(house.authority.pem),
        )
    assert reading.result is Reason.OK, reading.evidence
    assert asked[0].startswith(b"POST / HTTP/1.1\r\n")
    assert b"Content-Type: application/ocsp-request" in asked[0]
    assert values(reading)["probe_ocsp_certificate_status"] == 1


async def test_openssls_own_responder_is_believed(
    ports: MachinePorts, house: House, openssl: str, tmp_path: Path
) -> None:
    async def respond(reader: StreamReader, writer: StreamWriter) -> None:
        head = await request(reader)
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-l"))
        answer = await asyncio.to_thread(house.openssl_says, openssl, await reader.readexactly(length), tmp_path)
        writer.write(OK + b"Content-Length: %d\r\n\r\n" % len(answer) + answer)

    async with listening(respond) as port:
        reading = await probe(
            ports,
            kind=Kind.OCSP,
            url=Url(f"http://127.0.0.1:{port}/"),
            certificate=Pem(house.leaf.pem),
            issuer=Pem(house.authority.pem),
        )
    assert reading.result is Reason.OK, reading.evidence


async def test_a_timestamp_makes_its_round_trip(
    ports: MachinePorts, house: House, openssl: str, tmp_path: Path
) -> None:
    async def respond(reader: StreamReader, writer: StreamWriter) -> None:
        head = await request(reader)
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-l"))
        answer = await asyncio.to_thread(house.stamps, openssl, await reader.readexactly(length), tmp_path)
        writer.write(OK + b"Content-Length: %d\r\n\r\n" % len(answer) + answer)

    async with listening(respond) as port:
        url = Url(f"http://127.0.0.1:{port}/tsa")
        reading = await probe(ports, kind=Kind.TIMESTAMP, url=url, issuer=Pem(house.authority.pem))
    assert reading.result is Reason.OK, reading.evidence
    assert abs(values(reading)["probe_timestamp_offset_seconds"]) < 60


async def test_a_revocation_list_is_fetched(ports: MachinePorts, house: House) -> None:
    async with listening(gives(house.revokes())) as port:
        url = Url(f"http://127.0.0.1:{port}/list.crl")
        reading = await probe(ports, kind=Kind.CRL, url=url, issuer=Pem(house.authority.pem))
        cut = await probe(ports, kind=Kind.CRL, url=url, max_body=100)
    assert reading.result is Reason.OK, reading.evidence
    assert cut.result is Reason.INVALID


async def test_an_authority_that_is_not_there_is_refused_and_one_in_maintenance_says_so(ports: MachinePorts) -> None:
    page = "Hệ thống đang bảo trì. Vui lòng thử lại sau".encode()
    async with listening(gives(page)) as port:
        reading = await probe(ports, kind=Kind.TIMESTAMP, url=Url(f"http://127.0.0.1:{port}/"))
    assert reading.result is Reason.MAINTENANCE
    gone = await probe(ports, kind=Kind.TIMESTAMP, url=Url(f"http://127.0.0.1:{port}/"))
    assert gone.result is Reason.REFUSED


async def test_a_time_server_shows_its_offset(ports: MachinePorts) -> None:
    def an_hour_ahead(data: bytes) -> bytes:
        now = time.time() + 3600
        return reply(data, now, now)

    async with answering(an_hour_ahead) as port:
        reading = await probe(ports, kind=Kind.NTP, host="127.0.0.1", port=port)
        wrong = await probe(ports, kind=Kind.NTP, host="127.0.0.1", port=port, max_offset=Duration(60))
    assert reading.result is Reason.OK
    assert abs(values(reading)["probe_ntp_offset_seconds"] - 3600) < 5
    assert wrong.result is Reason.CONTENT


async def test_a_real_ssh_server_introduces_itself(ports: MachinePorts, tmp_path: Path) -> None:
    sshd, keygen = tool("sshd"), shutil.which("ssh-keygen")
    if keygen is None:
        pytest.skip("ssh-keygen is not installed")
    key = tmp_path / "key"
    await (await asyncio.create_subprocess_exec(keygen, "-q", "-N", "", "-t", "ed25519", "-f", key)).wait()

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        """Each connection to an sshd of its own, as inetd would."""
        connection = os.dup(writer.get_extra_info("socket").fileno())
        server = await asyncio.create_subprocess_exec(
            sshd, "-i", "-f", "/dev/null", "-h", key, stdin=connection, stdout=connection, stderr=sys.stderr
        )
        os.close(connection)
        try:
            await server.wait()
        finally:
            if server.returncode is None:
                server.kill()
                await server.wait()

    async with listening(serve) as port:
        reading = await probe(ports, kind=Kind.SSH, host="127.0.0.1", port=port)
    assert reading.result is Reason.OK, reading.evidence


@pytest.mark.parametrize(
    ("wishes", "reason"),
    [
        ({}, Reason.OK),
        ({"days_left": 89, "tls_version": "1.3", "strong_cipher": True}, Reason.OK),
        ({"days_left": 91}, Reason.TLS),
    ],
)
async def test_a_real_handshake_is_held_against_what_is_asked_of_it(
    ports: MachinePorts, tmp_path: Path, wishes: dict[str, Any], reason: Reason
) -> None:
    certificates = Certificates(tmp_path)
    async with listening(gives(b"hello"), certificates.good()) as port:
        url = Url(f"https://localhost:{port}/")
        page = await probe(ports, url=url, ca_file=certificates.ca_file, **wishes)
        plain = await probe(ports, kind=Kind.TLS, host="localhost", port=port, ca_file=certificates.ca_file, **wishes)
    assert (page.result, plain.result) == (reason, reason), page.evidence


async def test_ipv4_works_where_ipv6_does_not(ports: MachinePorts) -> None:
    async with listening(gives(b"hello")) as port:
        reading = await probe(ports, url=Url(f"http://localhost:{port}/"), family="both")
    families = {dict(sample.labels)["family"]: dict(sample.labels)["reason"] for sample in reading.samples
                if sample.metric.name == "probe_family_result"}  # fmt: skip
    assert families["ip4"] == "ok"
    assert families["ip6"] in ("refused", "unreachable", "dns")
    assert not reading.success


async def test_a_portal_that_answers_late_is_slow_and_one_that_never_does_is_frozen(ports: MachinePorts) -> None:
    answer = asyncio.Event()

    async def late(reader: StreamReader, writer: StreamWriter) -> None:
        """Answers the first connection once the second has been opened: both are open at the same time."""
        first = not connections
        connections.append(writer)
        await request(reader)
        if first:
            await answer.wait()
            writer.write(OK + b"Content-Length: 0\r\n\r\n")
        else:
            answer.set()
            await silence()

    connections: list[StreamWriter] = []
    async with listening(late) as port:
        url = Url(f"http://127.0.0.1:{port}/")
        reading = await probe(ports, 2.0, url=url, budget=Duration(0.5))
        frozen = await probe(ports, 0.4, url=url)
    assert reading.result is Reason.SLOW, reading.evidence
    assert 1.0 <= reading.phases["processing"] < 2.0
    assert (frozen.result, values(frozen)["probe_attempts"]) == (Reason.FROZEN, 2), frozen.evidence
    assert frozen.phases["processing"] == max(frozen.phases.values())


@contextlib.asynccontextmanager
async def openssl_server(openssl: str, folder: Path, house: House, *more: str) -> AsyncIterator[int]:
    """OpenSSL's own TLS server with the house's certificate."""
    (folder / "leaf.pem").write_text(house.leaf.pem)
    (folder / "leaf.key").write_bytes(house.leaf.private)
    (folder / "authority.pem").write_text(house.authority.pem)
    port = closed_port()
    arguments = (
        "-accept",
        str(port),
        "-cert",
        "leaf.pem",
        "-key",
        "leaf.key",
        "-cert_chain",
        "authority.pem",
        "-quiet",
    )
    server = await asyncio.create_subprocess_exec(
        openssl, "s_server", *arguments, *more, cwd=folder, stdout=-3, stderr=-3, stdin=-1
    )
    try:
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                assert server.returncode is None
                await asyncio.sleep(0.02)
            else:
                writer.close()
                break
        yield port
    finally:
        server.kill()
        await server.communicate()


async def test_a_stapled_answer_is_seen_at_a_real_server(
    ports: MachinePorts, house: House, openssl: str, tmp_path: Path
) -> None:
    (tmp_path / "status.der").write_bytes(house.says())
    fields: dict[str, Any] = {
        "kind": Kind.TLS, "host": "127.0.0.1", "server_name": "localhost", "staple": True, "second_opinion": False,
    }  # fmt: skip
    ca_file = str(tmp_path / "authority.pem")
    async with openssl_server(openssl, tmp_path, house, "-status_file", "status.der") as port:
        reading = await probe(ports, port=port, ca_file=ca_file, **fields)
    async with openssl_server(openssl, tmp_path, house) as port:
        without = await probe(ports, port=port, ca_file=ca_file, **fields)
    async with openssl_server(openssl, tmp_path, house, "-status_file", "status.der", "-tls1_3") as port:
        unseen = await probe(ports, port=port, ca_file=ca_file, **fields)
    assert reading.result is Reason.OK, reading.evidence
    assert values(reading)["probe_tls_stapled"] == 1
    assert (without.result, values(without)["probe_tls_stapled"]) == (Reason.TLS, 0)
    assert unseen.result is Reason.UNSUPPORTED, unseen.evidence
