"""A certificate authority's services: its list, its OCSP answers and timestamps, right and wrong, as bytes."""

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
_SECTION = "[stamp]\nserial = {folder}/serial\nsigner_digest = sha256\ndefault_policy = 1.2.3.4\ndigests = sha256\n"


@dataclass(frozen=True)
class Holder:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def private(self) -> bytes:
        plain, form = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
        return self.key.private_bytes(serialization.Encoding.PEM, form, plain)


def issue(
    name: str,
    by: Holder | None = None,
    purpose: x509.ObjectIdentifier | None = None,
    ends: timedelta = 30 * DAY,
    host: str = "",
) -> Holder:
    """A certificate; without an issuer it is its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder(by.certificate.subject if by else subject, subject, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 60 * DAY)
        .not_valid_after(NOW + ends)
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
    )
    if purpose:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    if host:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    return Holder(builder.sign(by.key if by else key, hashes.SHA256()), key)


@dataclass(frozen=True)
class House:
    """An authority, one certificate of its, and who signs OCSP answers and timestamps for it."""

    authority: Holder
    leaf: Holder
    responder: Holder
    stamper: Holder

    @classmethod
    def build(cls) -> "House":
        authority = issue("authority")
        return cls(
            authority,
            issue("officer", authority, host="localhost"),
            issue("responder", authority, ExtendedKeyUsageOID.OCSP_SIGNING),
            issue("stamper", authority, ExtendedKeyUsageOID.TIME_STAMPING),
        )

    def says(
        self,
        *,
        status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD,
        signer: Holder | None = None,
        about: Holder | None = None,
        since: datetime = NOW - DAY,
        until: datetime | None = NOW + DAY,
    ) -> bytes:
        """An OCSP answer."""
        signer = signer or self.responder
        revoked = status is ocsp.OCSPCertStatus.REVOKED
        builder = ocsp.OCSPResponseBuilder().add_response(
            (about or self.leaf).certificate,
            self.authority.certificate,
            hashes.SHA1(),
            status,
            since,
            until,
            NOW - DAY if revoked else None,
            None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
        if signer is not self.authority:
            builder = builder.certificates([signer.certificate])
        return builder.sign(signer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def revokes(self, *, since: datetime = NOW - DAY, until: datetime = NOW + DAY, by: Holder | None = None) -> bytes:
        """A revocation list with one entry."""
        by = by or self.authority
        entry = x509.RevokedCertificateBuilder().serial_number(7).revocation_date(NOW - DAY).build()
        return (
            x509.CertificateRevocationListBuilder(by.certificate.subject, since, until)
            .add_revoked_certificate(entry)
            .sign(by.key, hashes.SHA256())
            .public_bytes(serialization.Encoding.DER)
        )

    def openssl_says(self, openssl: str, question: bytes, folder: Path) -> bytes:
        """The answer of OpenSSL's own responder."""
        serial = self.leaf.certificate.serial_number
        until = (NOW + DAY).strftime("%y%m%d%H%M%SZ")
        _write(folder, "index.txt", f"V\t{until}\t\t{serial:X}\tunknown\t/CN=officer\n".encode())
        _write(folder, "authority.pem", self.authority.pem.encode())
        _write(folder, "responder.pem", self.responder.pem.encode())
        _write(folder, "responder.key", self.responder.private)
        _write(folder, "question", question)
        _run(
            f"{openssl} ocsp -index {folder}/index.txt -CA {folder}/authority.pem -rsigner {folder}/responder.pem "
            f"-rkey {folder}/responder.key -reqin {folder}/question -respout {folder}/answer -ndays 1"
        )
        return (folder / "answer").read_bytes()

    def stamps(self, openssl: str, query: bytes, folder: Path, signer: Holder | None = None) -> bytes:
        """OpenSSL's answer to a timestamp query."""
        signer = signer or self.stamper
        _write(folder, "stamper.pem", signer.pem.encode())
        _write(folder, "stamper.key", signer.private)
        _write(folder, "serial", b"01\n")
        _write(folder, "query", query)
        _write(folder, "stamp.cnf", _SECTION.format(folder=folder).encode())
        _run(
            f"{openssl} ts -reply -config {folder}/stamp.cnf -section stamp -queryfile {folder}/query "
            f"-signer {folder}/stamper.pem -inkey {folder}/stamper.key -out {folder}/reply"
        )
        return (folder / "reply").read_bytes()


def _write(folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)


def _run(command: str) -> None:
    subprocess.run(command.split(), check=True, capture_output=True)
