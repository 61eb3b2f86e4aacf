"""Certificates of offices: how one is asked for, and how it is signed.

An office is its certificate, so the key is made on the office's machine and stays there: what travels is a request with
the public key (PKCS #10, RFC 2986). Whoever signs it sets the name himself and takes nothing but that key from it.
This module loads `cryptography` (some 10 MB): an agent imports it only when its certificate is due. Source: RFC 5280.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from collectors.core.uplink import CERTIFICATE_SKEW, OFFICE_URI

_SKEW = timedelta(seconds=CERTIFICATE_SKEW)


@dataclass(frozen=True, slots=True)
class Signer:
    """A certificate authority at work: its certificate and the key to it."""

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey

    @classmethod
    def read(cls, certificate: bytes, key: bytes) -> "Signer":
        """Both as PEM. ValueError where they are not what they should be, or do not belong together."""
        read, secret = x509.load_pem_x509_certificate(certificate), read_key(key)
        if secret.public_key() != read.public_key():
            raise ValueError("the key does not belong to the certificate")
        return cls(read, secret)


def new_key() -> EllipticCurvePrivateKey:
    """P-256: what every TLS library takes."""
    return generate_private_key(SECP256R1())


def read_key(pem: bytes) -> EllipticCurvePrivateKey:
    """ValueError where it is no key on an elliptic curve, or one with a password."""
    try:
        key = load_pem_private_key(pem, None)
    except (TypeError, UnsupportedAlgorithm):
        raise ValueError("the key is locked with a password") from None
    if not isinstance(key, EllipticCurvePrivateKey):
        raise ValueError("the key should be one on an elliptic curve")  # noqa: TRY004 - of a text, not of a type
    return key


def key_pem(key: EllipticCurvePrivateKey) -> bytes:
    """As it is kept on disk, readable for its owner only."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def certificate_pem(certificate: x509.Certificate) -> bytes:
    """A certificate as text."""
    return certificate.public_bytes(Encoding.PEM)


def ask(office: str, key: EllipticCurvePrivateKey) -> bytes:
    """A request for a certificate of this office, as PEM; it proves that whoever asks has the key."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(name(office))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def asked_key(request: bytes) -> EllipticCurvePublicKey:
    """The public key of a request (PEM), whose owner has signed it. ValueError with what is wrong."""
    try:
        found = x509.load_pem_x509_csr(request)
        signed, key = found.is_signature_valid, found.public_key()
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        raise ValueError("is no certificate request in PEM") from None
    if not signed:
        raise ValueError("is not signed with its own key")
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise ValueError("should be about a key on the curve P-256")  # noqa: TRY004 - likewise
    return key


def belongs(certificate: x509.Certificate, key: EllipticCurvePrivateKey) -> bool:
    """Whether a certificate is about this key."""
    about = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return about == key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def issue(signer: Signer, office: str, key: EllipticCurvePublicKey, now: float, lifetime: float) -> x509.Certificate:
    """A client certificate of an office, for so many seconds from now (Unix); no longer than the signer's own."""
    names = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(OFFICE_URI + office)])
    return leaf(signer, office, names, ExtendedKeyUsageOID.CLIENT_AUTH, key, now, lifetime)


def leaf(
    signer: Signer,
    common: str,
    names: x509.SubjectAlternativeName,
    purpose: x509.ObjectIdentifier,
    key: EllipticCurvePublicKey,
    now: float,
    lifetime: float,
) -> x509.Certificate:
    """A certificate that signs no others, of a client or a server."""
    begins = datetime.fromtimestamp(now, UTC)
    ends = min(begins + timedelta(seconds=lifetime), signer.certificate.not_valid_after_utc)
    return (
        unsigned(name(common), signer.certificate.subject, key, begins, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .add_extension(names, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key()), critical=False)
        .sign(signer.key, hashes.SHA256())
    )


def unsigned(
    subject: x509.Name, by: x509.Name, key: EllipticCurvePublicKey, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    """What every certificate of ours has; it begins a little before `begins`."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins - _SKEW)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def name(common: str) -> x509.Name:
    """A name with nothing but a common name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def usage(*, signs: bool) -> x509.KeyUsage:
    """Of an authority, or of whoever only proves who he is."""
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
