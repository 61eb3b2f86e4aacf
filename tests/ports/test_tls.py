"""TLS as the adapters do it: bad certificates and broken handshakes, each with why, and what was seen all the same."""

import gc
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.io.http import HttpAdapter
from agent.io.net import NetAdapter
from agent.io.tls import TlsStream, TrustStores
from collectors.core import ProbeError, Reason
from collectors.core.ports import Connection, HttpRequest
from tests.servers import hostile
from tests.servers.certificates import Certificates
from tests.servers.hostile import OK, answers_hello, answers_hello_then_stalls, says, tls_alert
from tests.servers.tcp import Behaviour, listening
from tests.servers.tcp import request as request_head

PLENTY = 20.0
LITTLE = 0.5
SERVER_HELLO_CUT = bytes([22, 3, 3, 0, 122, 2, 0, 0, 118, 3, 3])

REJECTED: dict[str, tuple[Callable[[Certificates], object], str]] = {
    "expired": (Certificates.expired, "expired"),
    "for another host": (Certificates.for_another_host, "another host than localhost"),
    "self-signed": (Certificates.self_signed, "self-signed"),
    "of an unknown authority": (Certificates.untrusted, "not trusted"),
}
BROKEN: dict[str, tuple[Behaviour, Reason, str]] = {
    "plain HTTP": (answers_hello(OK + b"Content-Length: 0\r\n\r\n"), Reason.TLS, "plain HTTP"),
    "garbage": (answers_hello(b"\x00\xff" * 100), Reason.TLS, "does not speak TLS"),
    "no version in common": (tls_alert(70), Reason.TLS, "no TLS version in common"),
    "no cipher in common": (tls_alert(40), Reason.TLS, "no cipher in common"),
    "an unknown name": (tls_alert(112), Reason.TLS, "does not serve this host name"),
    "an internal error": (tls_alert(80), Reason.TLS, "internal error"),
    "half a ServerHello": (answers_hello(SERVER_HELLO_CUT), Reason.TLS, "closed the connection"),
    "a reset": (hostile.resets_when_spoken_to, Reason.REFUSED, "reset"),
}


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path)


@pytest.fixture
def net() -> NetAdapter:
    return NetAdapter()


async def shake(net: NetAdapter, certificates: Certificates, context: object, **wishes: str) -> Connection:
    async with listening(hostile.never_speaks, context) as port:  # type: ignore[arg-type]
        return await net.connect("localhost", port, PLENTY, tls=True, ca_file=certificates.ca_file, **wishes)  # type: ignore[arg-type]


async def test_a_handshake_shows_the_certificate_and_when_its_chain_expires(
    net: NetAdapter, certificates: Certificates
) -> None:
    connection = await shake(net, certificates, certificates.good())
    assert connection.failure is None
    assert list(connection.phases) == ["resolve", "connect", "tls"]
    facts = connection.tls
    assert facts
    assert (facts.version, facts.problem, facts.issuer) == ("TLS 1.3", "", "CN=communewatch lab authority")
    assert len(facts.fingerprint_sha256) == 64
    in_ninety_days = (datetime.now(UTC) + timedelta(days=90)).timestamp()
    assert facts.chain_expiry
    assert abs(facts.earliest_expiry - in_ninety_days) < 60
    assert abs(facts.chain_expiry - in_ninety_days) < 60


@pytest.mark.parametrize("name", REJECTED)
async def test_a_bad_certificate_is_rejected_with_why_and_reported(
    net: NetAdapter, certificates: Certificates, name: str
) -> None:
    make, why = REJECTED[name]
    connection = await shake(net, certificates, make(certificates))
    assert connection.failure
    assert (connection.failure.reason, connection.failure.phase) == (Reason.TLS, "tls")
    assert why in connection.failure.message
    assert connection.tls
    assert connection.tls.problem == connection.failure.message
    assert connection.tls.chain_expiry is None
    assert connection.tls.names


async def test_a_certificate_that_names_its_host_in_the_subject_only_names_none(
    net: NetAdapter, certificates: Certificates
) -> None:
    connection = await shake(net, certificates, certificates.nameless())
    assert connection.failure
    assert connection.failure.reason is Reason.TLS
    assert "names no host" in connection.failure.message
    assert connection.tls
    assert (connection.tls.problem, connection.tls.names) == (connection.failure.message, ())


async def test_a_certificate_neither_fills_a_page_nor_writes_on_a_terminal(
    net: NetAdapter, certificates: Certificates
) -> None:
    crowd = [f"a{number}.example" for number in range(3000)]
    boastful = certificates.self_signed("Bộ\x1b[2J\nevent=forged " * 500, crowd)
    facts = (await shake(net, certificates, boastful)).tls
    assert facts
    for told in (facts.subject, facts.issuer, *facts.names):
        assert told.isprintable()
    assert facts.subject.startswith("O=Bộ")
    assert len(facts.subject) < 400
    assert facts.names[:3] == ("a0.example", "a1.example", "a2.example")
    assert len(",".join(facts.names)) < 5000


async def test_a_certificate_for_another_host_is_right_when_that_host_is_asked_for(
    net: NetAdapter, certificates: Certificates
) -> None:
    connection = await shake(net, certificates, certificates.for_another_host(), server_name="another.example")
    assert connection.failure is None


async def test_the_systems_store_does_not_trust_the_lab(net: NetAdapter, certificates: Certificates) -> None:
    async with listening(hostile.never_speaks, certificates.good()) as port:
        connection = await net.connect("localhost", port, PLENTY, tls=True)
    assert connection.failure
    assert connection.failure.reason is Reason.TLS
    assert connection.tls


@pytest.mark.parametrize("name", BROKEN)
async def test_a_broken_handshake_says_how(net: NetAdapter, name: str) -> None:
    behaviour, reason, why = BROKEN[name]
    async with listening(behaviour) as port:
        connection = await net.connect("localhost", port, PLENTY, tls=True)
    assert connection.failure
    assert (connection.failure.reason, connection.failure.phase) == (reason, "tls")
    assert why in connection.failure.message
    assert connection.tls is None


async def test_a_connection_that_is_closed_leaves_nothing_for_the_garbage_collector(
    net: NetAdapter, certificates: Certificates
) -> None:
    """What OpenSSL holds of a connection is some 40 KiB, and the collector comes late."""
    gc.collect()
    gc.disable()
    try:
        connection = await shake(net, certificates, certificates.good())
        left = [each for each in gc.get_objects() if isinstance(each, TlsStream)]
    finally:
        gc.enable()
    assert connection.failure is None
    assert left == []


async def test_silence_in_mid_handshake_is_frozen(net: NetAdapter) -> None:
    async with listening(answers_hello_then_stalls(SERVER_HELLO_CUT)) as port:
        connection = await net.connect("localhost", port, LITTLE, tls=True)
    assert connection.failure
    assert (connection.failure.reason, connection.failure.phase) == (Reason.FROZEN, "tls")


async def test_tls_that_is_cut_in_mid_body_is_a_short_answer(certificates: Certificates) -> None:
    behaviour = hostile.cuts_tls_in_mid_body(OK + b"Content-Length: 50\r\n\r\nhello")
    async with listening(behaviour, certificates.good()) as port:
        request = HttpRequest(f"https://localhost:{port}/", ca_file=certificates.ca_file)
        exchange = await HttpAdapter("communewatch/test").exchange(request, PLENTY)
    assert exchange.failure
    assert (exchange.failure.reason, exchange.failure.phase) == (Reason.BAD_ANSWER, "transfer")
    assert (exchange.status, exchange.body) == (200, b"hello")


async def test_a_request_that_no_buffer_holds_arrives_whole(certificates: Certificates) -> None:
    body = b"0123456789abcdef" * 2**19

    async def count(reader: StreamReader, writer: StreamWriter) -> None:
        await request_head(reader)
        said = b"right" if await reader.readexactly(len(body)) == body else b"wrong"
        writer.write(OK + b"Content-Length: 5\r\n\r\n" + said)

    async with listening(count, certificates.good()) as port:
        request = HttpRequest(f"https://localhost:{port}/", method="POST", body=body, ca_file=certificates.ca_file)
        exchange = await HttpAdapter("communewatch/test").exchange(request, PLENTY)
    assert exchange.body == b"right"


@pytest.mark.parametrize(("text", "why"), [(None, "cannot read"), ("no certificate", "holds no certificate")])
async def test_a_trust_store_that_is_no_use_is_this_machines_fault(
    net: NetAdapter, tmp_path: Path, text: str | None, why: str
) -> None:
    store = tmp_path / "store.pem"
    if text:
        store.write_text(text)
    async with listening(says(b"")) as port:
        connection = await net.connect("localhost", port, PLENTY, tls=True, ca_file=str(store))
    assert connection.failure
    assert connection.failure.reason is Reason.PERMISSION
    assert why in connection.failure.message


async def test_a_trust_store_is_read_again_when_it_changes(
    net: NetAdapter, certificates: Certificates, tmp_path: Path
) -> None:
    store = tmp_path / "store.pem"
    trust(store, Certificates(tmp_path / "other"))
    async with listening(hostile.never_speaks, certificates.good()) as port:
        before = await net.connect("localhost", port, PLENTY, tls=True, ca_file=str(store))
        trust(store, certificates)
        after = await net.connect("localhost", port, PLENTY, tls=True, ca_file=str(store))
    assert before.failure
    assert after.failure is None


def trust(store: Path, certificates: Certificates) -> None:
    """As a careful administrator replaces a file: a new one under the old name."""
    copied = store.with_suffix(".new")
    copied.write_text(Path(certificates.ca_file).read_text())
    copied.replace(store)


def test_a_trust_store_that_became_useless_is_used_by_nobody_any_more(
    certificates: Certificates, tmp_path: Path
) -> None:
    store, stores = tmp_path / "store.pem", TrustStores()
    store.write_bytes(Path(certificates.ca_file).read_bytes())
    offers: tuple[tuple[str, ...], ...] = ((), ("h2", "http/1.1"))
    for alpn in offers:
        stores.context(str(store), verify=True, alpn=alpn)
    store.with_suffix(".new").write_text("nothing\n", encoding="utf-8")
    store.with_suffix(".new").replace(store)
    for alpn in (*offers, *offers):
        with pytest.raises(ProbeError, match="holds no certificate"):
            stores.context(str(store), verify=True, alpn=alpn)
