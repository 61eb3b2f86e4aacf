"""A certificate revocation list (RFC 5280, section 5): whether it still holds, and whose it is."""

from datetime import datetime
from typing import TYPE_CHECKING

from collectors.core import Reason, Sample
from collectors.messages.said import Said
from collectors.service import metrics
from collectors.service.evidence import day
from collectors.service.signatures import certificate, is_signed
from collectors.service.target import Target
from collectors.service.verdict import Verdict

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, CertificateRevocationList


def judge(target: Target, body: bytes, now: datetime) -> tuple[Verdict, tuple[Sample, ...]]:
    """In DER, as RFC 5280 wants it, or in PEM."""
    from cryptography import x509  # noqa: PLC0415

    load = x509.load_pem_x509_crl if body.startswith(b"-----BEGIN") else x509.load_der_x509_crl
    try:
        found = load(body)
        count = len(found)
    except ValueError:
        return Verdict(Reason.BAD_ANSWER, Said("authority.crl.none")), ()
    samples = [metrics.THIS_UPDATE(found.last_update_utc.timestamp()), metrics.REVOKED(count)]
    if found.next_update_utc:
        samples.append(metrics.NEXT_UPDATE(found.next_update_utc.timestamp()))
    return _verdict(target, found, now), tuple(samples)


def _verdict(target: Target, found: "CertificateRevocationList", now: datetime) -> Verdict:
    if target.issuer and not _is_from(certificate(target.issuer), found):
        return Verdict(Reason.CONTENT, Said("authority.crl.forged"))
    if found.last_update_utc > now:
        return Verdict(Reason.CONTENT, Said("authority.crl.early", since=day(found.last_update_utc)))
    if found.next_update_utc and found.next_update_utc <= now:
        return Verdict(Reason.CONTENT, Said("authority.crl.over", until=day(found.next_update_utc)))
    return Verdict(Reason.OK)


def _is_from(issuer: "Certificate", found: "CertificateRevocationList") -> bool:
    return is_signed(issuer.public_key(), found.signature, found.tbs_certlist_bytes, found.signature_hash_algorithm)
