"""TLS servers' certificates, good and bad, from the lab's authority. All are for `localhost` and 127.0.0.1."""

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.lab.authority import Authority, Certificate

_LOOPBACK = IPv4Address("127.0.0.1")


class Certificates:
    """Each method gives a server's context; `ca_file` is what a client has to trust to accept the good one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._now = datetime.now(UTC)
        self._trusted = Authority(folder / "trusted", self._now)
        self.ca_file = str(self._trusted.path)

    def good(self) -> ssl.SSLContext:
        return _context(self._trusted.issue("localhost", _LOOPBACK))

    def expired(self) -> ssl.SSLContext:
        return _context(self._trusted.issue("localhost", _LOOPBACK, timedelta(minutes=-10)))

    def for_another_host(self) -> ssl.SSLContext:
        return _context(self._trusted.issue("another.example", IPv4Address("192.0.2.1")))

    def untrusted(self) -> ssl.SSLContext:
        return _context(Authority(self._folder / "unknown", self._now).issue("localhost", _LOOPBACK))

    def nameless(self) -> ssl.SSLContext:
        """Its subject is the host's name, and that is all: browsers have refused it since 2017."""
        return _context(self._trusted.issue("localhost", _LOOPBACK, nameless=True))

    def self_signed(self, owner: str = "nobody", hosts: Sequence[str] = ("localhost",)) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, owner)])
        certificate = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(self._now - timedelta(hours=1))
            .not_valid_after(self._now + timedelta(days=30))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
            .sign(key, hashes.SHA256())
        )
        paths = Certificate(self._folder / "self-signed.pem", self._folder / "self-signed.key")
        paths.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        plain = serialization.NoEncryption()
        paths.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
        return _context(paths)


def _context(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    return context
