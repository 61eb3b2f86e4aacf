"""The gateway as a process: offices with certificates of a real authority come in over TLS, before a store."""

import asyncio
import ssl
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import aiohttp
import cramjam
import pytest
from cryptography import x509

from agent.gateway.envelope import pack
from collectors.core.pki import ask, belongs, key_pem, new_key
from inventory.ca.cli import main as authority_command
from inventory.ca.folder import write
from tests.servers.gateway import OFFICES, Authority, Paper, message, post, running

HOUR = 3600.0


async def test_what_an_office_sends_reaches_the_store_as_it_was(tmp_path: Path) -> None:
    async with running(tmp_path) as gateway:
        now = time.time()
        sent = [message(now - 30, samples=4), message(now), message(now, OFFICES[1])]
        async with gateway.office() as session:
            for one in sent[:2]:
                assert (await post(session, gateway.url, pack(one))).status == 204
        zstd = bytes(cramjam.zstd.compress(sent[2]))
        assert await gateway.send(zstd, "zstd", gateway.papers[OFFICES[1]]) == (204, "")
        assert gateway.store.messages == sent
        headers = gateway.store.asked[0]
        assert headers["X-Scope-OrgID"] == "cao-bang"
        assert headers["Authorization"] == "Bearer a secret of the store"
        assert headers["X-Prometheus-Remote-Write-Version"] == "0.1.0"
        shown = await gateway.page()
        assert shown["gateway_requests_total"] == 3
        assert shown["gateway_samples_total"] == 18
        assert shown["gateway_store_up"] == 1
        labels = 'province="04",commune="01273",office="01273-1"'
        assert shown[f"gateway_office_last_request_timestamp_seconds{{{labels}}}"] == pytest.approx(now, abs=60)
        assert "secret" not in "".join(gateway.said)


async def test_an_answer_means_that_the_store_has_answered(tmp_path: Path) -> None:
    """What is told to an office when the store fails: keep it, put it aside, or come again."""
    async with running(tmp_path) as gateway:
        body, store = pack(message(time.time())), gateway.store
        for status, headers, expected, wait in (
            (500, {}, 502, None),
            (503, {"Retry-After": "7"}, 503, "7"),
            (429, {}, 503, "15"),
            (400, {}, 400, None),
            (413, {}, 413, None),
            (401, {}, 503, "300"),
            (302, {"Location": "/elsewhere"}, 503, "300"),
        ):
            store.status, store.headers, store.text = status, headers, "out of bounds"
            async with gateway.office() as session:
                answer = await post(session, gateway.url, body)
            assert (answer.status, answer.headers.get("Retry-After")) == (expected, wait)
        assert store.blocks == []
        assert (await gateway.page())["gateway_store_up"] == 0


async def test_nothing_is_taken_and_no_time_told_while_the_clocks_of_gateway_and_store_differ(tmp_path: Path) -> None:
    """One of them is a day off: what looks too new would be put aside for good, and offices would believe that time."""
    async with running(tmp_path) as gateway, gateway.office() as office:
        body = pack(message(time.time()))
        gateway.store.headers = {"Date": format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)}
        await post(office, gateway.url, body)  # at the latest by its answer the gateway learns of it
        refused = await post(office, gateway.url, body)
        assert (refused.status, "Date" in refused.headers) == (503, False)
        assert "clocks" in await refused.text()
        shown = await gateway.page()
        assert shown["gateway_store_clock_skew_seconds"] == pytest.approx(86400, abs=60)
        gateway.store.headers = {}
        await gateway.until("gateway_store_up", 1)
        after = await post(office, gateway.url, body)
        assert (after.status, "Date" in after.headers) == (204, True)


async def test_nobody_comes_in_without_a_good_certificate(tmp_path: Path) -> None:
    async with running(tmp_path) as gateway:
        body, now, authority = pack(message(time.time())), time.time(), gateway.authority
        others = Authority(tmp_path / "others", now)
        (tmp_path / "others" / "root.pem").write_bytes((authority.path / "root.pem").read_bytes())
        shut_out = {
            "none": None,
            "of another authority": others.office(OFFICES[0]),
            "expired": authority.office(OFFICES[0], name="expired", now=now - 100 * 86400),
            "a server's": Paper(authority.path / "server.crt", authority.path / "server.key"),
        }
        for paper in shut_out.values():
            context = authority.trusted_by(paper)
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as session:
                with pytest.raises((aiohttp.ClientError, ssl.SSLError, ConnectionError)):
                    await post(session, gateway.url, body)
        unknown = authority.office("99999-1")
        assert await gateway.send(body, paper=unknown) == (403, "the office '99999-1' is not in the inventory\n")
        assert gateway.store.blocks == []


async def test_a_certificate_that_is_taken_back_ends_an_open_connection(tmp_path: Path) -> None:
    async with running(tmp_path) as gateway:
        async with gateway.office() as session:
            assert (await post(session, gateway.url, pack(message(time.time())))).status == 204
            taken_back = await asyncio.to_thread(
                authority_command, ["revoke", OFFICES[0], "--ca", str(gateway.authority.path)]
            )
            assert taken_back == 0
            async with asyncio.timeout(20):
                while (await post(session, gateway.url, pack(message(time.time())))).status != 403:
                    await asyncio.sleep(0.2)
        other = gateway.papers[OFFICES[1]]
        assert (await gateway.send(pack(message(time.time(), OFFICES[1])), paper=other))[0] == 204


@pytest.mark.parametrize("broken", ["identities.yml", "ca/revoked.crl"])
async def test_a_file_that_is_broken_leaves_the_last_good_one_in_use(tmp_path: Path, broken: str) -> None:
    async with running(tmp_path) as gateway:
        (tmp_path / broken).write_text("offices: [")
        await gateway.until("gateway_files_good", 0)
        assert (await gateway.send(pack(message(time.time()))))[0] == 204
        assert any("files_rejected" in line and broken in line for line in gateway.said)


async def test_a_certificate_whose_key_comes_later_is_taken_up_when_both_are_there(tmp_path: Path) -> None:
    """Two files cannot be replaced in one step, and a gateway that looks between them has to look again."""
    async with running(tmp_path) as gateway:
        certificate, key = (tmp_path / "ca" / name for name in ("server.crt", "server.key"))
        first = certificate.read_bytes(), key.read_bytes()
        gateway.authority.server("127.0.0.1")
        second = certificate.read_bytes(), key.read_bytes()
        key.write_bytes(first[1])
        await gateway.until("gateway_files_good", 0)
        key.write_bytes(second[1])
        await gateway.until("gateway_files_good", 1)
        _, writer = await asyncio.open_connection(
            "127.0.0.1", gateway.port, ssl=gateway.authority.trusted_by(gateway.papers[OFFICES[0]])
        )
        shown = x509.load_der_x509_certificate(writer.get_extra_info("ssl_object").getpeercert(binary_form=True))
        assert shown == x509.load_pem_x509_certificate(second[0])
        writer.transport.abort()


async def test_an_office_speaks_for_itself_in_our_time_within_bounds(tmp_path: Path) -> None:
    async with running(tmp_path) as gateway:
        now = time.time()
        for body, encoding, status, complaint in (
            (pack(message(now, OFFICES[1])), "snappy", 403, "commune is '01290'; your certificate says '01273'"),
            (pack(message(now + 30 * 86400)), "snappy", 400, "in the future"),
            (pack(message(now - 30 * 86400)), "snappy", 400, "older than the store takes"),
            (pack(message(now))[:-3], "snappy", 400, "is not one block of snappy"),
            (b"\x80\x80\x80\x80\x04" + b"\0" * 1000, "snappy", 400, "claims more bytes"),
            (bytes(cramjam.zstd.compress(b"\0" * (1 << 27))), "zstd", 413, "at most 8388608 are taken"),
            (pack(b"\x1a\x02\x08\x01"), "snappy", 400, "no series"),
            (b"x" * 2_000_000, "snappy", 413, "more than 1048576 bytes"),
            (pack(message(now, series=2100)), "snappy", 400, "100 series more"),
            (pack(message(now)), "gzip", 400, "snappy or zstd"),
        ):
            answer, text = await gateway.send(body, encoding)
            assert (answer, complaint in text) == (status, True), text
        assert gateway.store.blocks == []
        assert (await gateway.send(pack(message(now))))[0] == 204


async def test_what_is_no_http_costs_its_connection_and_not_a_word_in_the_log(tmp_path: Path) -> None:
    """An office that is hostile could fill the disk with what goes wrong, else."""
    async with running(tmp_path) as gateway:
        context = gateway.authority.trusted_by(gateway.papers[OFFICES[0]])
        head = b"POST /api/v1/write HTTP/1.1\r\nHost: gateway\r\n"
        for rest in (
            b"Content-Length: -5\r\n\r\n",
            b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
            b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"X: y\r\n" * 5000,
            b"\0" * 5000,
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port, ssl=context)
            writer.write(head + rest)
            assert (await reader.read()).split()[1] == b"400"
            writer.transport.abort()
        assert (await gateway.send(pack(message(time.time()))))[0] == 204
        assert not [line for line in gateway.said if "level=error" in line]


async def test_offices_catch_up_in_turns_and_live_data_comes_through(tmp_path: Path) -> None:
    async with running(tmp_path) as gateway:
        now, second = time.time(), gateway.papers[OFFICES[1]]
        assert (await gateway.send(pack(message(now - HOUR))))[0] == 204
        async with gateway.office(second) as session:
            answer = await post(session, gateway.url, pack(message(now - HOUR, OFFICES[1])))
            assert answer.status == 503
            assert 5 <= int(answer.headers["Retry-After"]) <= 60
            assert (await post(session, gateway.url, pack(message(now, OFFICES[1])))).status == 204
        assert (await gateway.page())["gateway_offices_catching_up"] == 1


async def test_an_office_gets_its_next_certificate_and_comes_in_with_it(tmp_path: Path) -> None:
    async with running(tmp_path) as gateway:
        key = new_key()
        url = f"https://127.0.0.1:{gateway.port}/v1/certificate"
        async with gateway.office() as session:
            async with session.post(url, data=ask("99999-9", key)) as answer:
                assert answer.status == 200
                chain = await answer.read()
            async with session.post(url, data=ask(OFFICES[0], key)) as answer:
                assert answer.status == 429  # one is enough
        leaf = x509.load_pem_x509_certificate(chain)
        assert belongs(leaf, key)
        paper = Paper(tmp_path / "next.crt", tmp_path / "next.key")
        write(paper.certificate, chain)
        write(paper.key, key_pem(key), private=True)
        assert (await gateway.send(pack(message(time.time())), paper=paper))[0] == 204
        async with gateway.office(gateway.papers[OFFICES[1]]) as session, session.post(url, data=b"no") as answer:
            assert answer.status == 400
        assert (await gateway.page())["gateway_certificates_issued_total"] == 1
