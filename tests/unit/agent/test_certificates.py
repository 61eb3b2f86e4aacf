"""Whatever stands in a certificate, reading it after a handshake gives its facts, or none: never an exception."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agent.io.certificates import facts
from collectors.core.ports import TlsFacts

KEY = ec.generate_private_key(ec.SECP256R1())
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
ASCII = st.text(st.characters(min_codepoint=0, max_codepoint=127), max_size=40)
KINDS = st.sampled_from([NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, ObjectIdentifier("1.2.3.4.5")])
NAMES = st.lists(st.tuples(KINDS, TEXT), max_size=4)
ALTERNATIVES = st.lists(
    st.one_of(
        st.builds(x509.DNSName, ASCII),
        st.just(x509.RFC822Name("someone@a.example")),
        st.builds(x509.UniformResourceIdentifier, ASCII),
        st.builds(x509.RegisteredID, st.just(ObjectIdentifier("1.2.3"))),
        st.builds(x509.IPAddress, st.ip_addresses()),
        st.just(x509.OtherName(ObjectIdentifier("1.2.3"), b"\x05\x00")),
    ),
    max_size=5,
)
LIFETIMES = st.timedeltas(timedelta(seconds=1), timedelta(days=365 * 7_900))
SERIALS = st.integers(1, 2**158)


def pem(
    names: list[tuple[ObjectIdentifier, str]], alternatives: list[x509.GeneralName], life: timedelta, serial: int
) -> bytes:
    name = x509.Name([x509.NameAttribute(kind, value) for kind, value in names])
    builder = (
        x509.CertificateBuilder(name, name, KEY.public_key(), serial)
        .not_valid_before(BEGIN)
        .not_valid_after(BEGIN + life)
    )
    if alternatives:
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    certificate = builder.sign(KEY, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return certificate + KEY.private_bytes(serialization.Encoding.PEM, form, plain)


def shown(path: Path) -> TlsFacts | None:
    """What a client reads of a server with this certificate, both in memory."""
    serving, asking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    serving.load_cert_chain(path)
    asking.check_hostname, asking.verify_mode = False, ssl.CERT_NONE
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = serving.wrap_bio(there, back, server_side=True)
    client = asking.wrap_bio(back, there, server_hostname="a.example")
    for step in (client, server, client):
        try:
            step.do_handshake()
        except ssl.SSLWantReadError:
            continue
    return facts(client, "not verified")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates") / "odd.pem"


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(NAMES, ALTERNATIVES, LIFETIMES, SERIALS)
@example([(NameOID.COMMON_NAME, "a\0b\n, O=Other")], [x509.DNSName("a\0.example")], timedelta(days=1), 1)
@example([], [x509.IPAddress(IPv4Address("192.0.2.1"))], timedelta(days=365 * 7_900), 2**158)
def test_any_certificate_is_read_or_left_unread(
    path: Path,
    names: list[tuple[ObjectIdentifier, str]],
    alternatives: list[x509.GeneralName],
    life: timedelta,
    serial: int,
) -> None:
    path.write_bytes(pem(names, alternatives, life, serial))
    found = shown(path)
    if found is not None:
        assert found.earliest_expiry == int((BEGIN + life).timestamp())
        assert int(found.serial, 16) == serial
        assert (found.problem, len(found.fingerprint_sha256)) == ("not verified", 64)
