"""The authority's own certificates, and its revocation list. Pure: times are arguments (Unix seconds).

Two levels: the root signs only the issuer and then lies in a safe; the issuer signs offices and gateways, and may stand
on a gateway, so that offices renew by themselves. Source: RFC 5280.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.x509.oid import ExtendedKeyUsageOID

from collectors.core.pki import Signer, leaf, name, new_key, unsigned, usage

_ROOT = timedelta(days=20 * 365)
_ISSUER = timedelta(days=5 * 365)
_LONGEST = 64  # bytes of a common name (RFC 5280, appendix A.1: ub-common-name)
LONGEST_TITLE = _LONGEST - len(" issuer")
_LIST = timedelta(days=90)  # until the next revocation list; each one that is written begins anew


def root(title: str, now: float) -> Signer:
    """The one that everybody trusts; it may sign an issuer and nothing below that."""
    key = new_key()
    return Signer(_authority(f"{title} root", f"{title} root", key.public_key(), key, now, _ROOT, 1), key)


def issuer(title: str, signer: Signer, now: float) -> Signer:
    """The one that works every day."""
    key = new_key()
    made = _authority(f"{title} issuer", f"{title} root", key.public_key(), signer.key, now, _ISSUER, 0)
    return Signer(made, key)


def server(signer: Signer, names: Sequence[str], now: float, lifetime: float) -> Signer:
    """A gateway's certificate, for the names and addresses by which the offices call it."""
    key, alternatives = new_key(), x509.SubjectAlternativeName([_general(one) for one in names])
    purpose = ExtendedKeyUsageOID.SERVER_AUTH
    common = names[0] if len(names[0]) <= _LONGEST else "gateway"  # nobody looks at it beside the others
    return Signer(leaf(signer, common, alternatives, purpose, key.public_key(), now, lifetime), key)


def revocations(signer: Signer, serials: Iterable[int], number: int, now: float) -> x509.CertificateRevocationList:
    """The list of what the signer has taken back; `number` grows with each list."""
    begins = datetime.fromtimestamp(now, UTC)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key())
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(signer.certificate.subject)
        .last_update(begins)
        .next_update(begins + _LIST)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(authority, critical=False)
    )
    for serial in sorted(serials):
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(begins).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(signer.key, hashes.SHA256())


def _authority(
    subject: str,
    by: str,
    key: EllipticCurvePublicKey,
    signing: EllipticCurvePrivateKey,
    now: float,
    lifetime: timedelta,
    below: int,
) -> x509.Certificate:
    """below: how many levels of authorities it may have under it."""
    begins = datetime.fromtimestamp(now, UTC)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
    return (
        unsigned(name(subject), name(by), key, begins, begins + lifetime)
        .add_extension(x509.BasicConstraints(ca=True, path_length=below), critical=True)
        .add_extension(usage(signs=True), critical=True)
        .add_extension(authority, critical=False)
        .sign(signing, hashes.SHA256())
    )


def _general(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)
