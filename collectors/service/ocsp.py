"""A question to an OCSP responder and what its answer is worth (RFC 6960)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from collectors.core import Reason, Sample
from collectors.messages.said import Said
from collectors.service import metrics
from collectors.service.evidence import day
from collectors.service.signatures import certificate, is_issued, is_signed, may
from collectors.service.target import Target
from collectors.service.verdict import Verdict
from collectors.service.words import Pem

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from cryptography.x509.ocsp import OCSPResponse

_STATUSES = {"revoked": "authority.ocsp.revoked", "unknown": "authority.ocsp.unknown"}
_CLOCKS = timedelta(minutes=5)  # that two clocks may be apart


@dataclass(frozen=True)
class Question:
    """About one certificate of one issuer. No nonce: responders may answer with what they signed before (RFC 9654)."""

    leaf: "Certificate"
    issuer: "Certificate"
    body: bytes

    @classmethod
    def about(cls, target: Target) -> "Question":
        """Raises ProbeError when the certificates of the configuration cannot be read."""
        from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
        from cryptography.x509 import ocsp  # noqa: PLC0415

        leaf, issuer = certificate(target.certificate or Pem("")), certificate(target.issuer or Pem(""))
        request = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, hashes.SHA1()).build()  # noqa: S303 - RFC 5019
        return cls(leaf, issuer, request.public_bytes(serialization.Encoding.DER))

    def judge(self, body: bytes, now: datetime) -> tuple[Verdict, tuple[Sample, ...]]:
        """The verdict, and samples of what can be believed."""
        from cryptography.x509 import ocsp  # noqa: PLC0415

        try:
            answer = ocsp.load_der_ocsp_response(body)
            if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
                return Verdict(Reason.ERROR, Said("authority.ocsp.refused", status=answer.response_status.name)), ()
            if problem := self._problem(answer, now):
                return Verdict(Reason.CONTENT, problem), ()
            return _of_status(answer)
        except ValueError:
            return Verdict(Reason.BAD_ANSWER, Said("authority.ocsp.none")), ()

    def _problem(self, answer: "OCSPResponse", now: datetime) -> str:
        """Why the answer cannot be believed, "" when it can."""
        if answer.serial_number != self.leaf.serial_number:
            return Said("authority.ocsp.other")
        signer = self._signer(answer, now)
        if signer is None:
            return Said("authority.ocsp.signer")
        if not is_signed(
            signer.public_key(), answer.signature, answer.tbs_response_bytes, answer.signature_hash_algorithm
        ):
            return Said("authority.ocsp.forged")
        if answer.this_update_utc > now + _CLOCKS:
            return Said("authority.ocsp.early", since=day(answer.this_update_utc))
        if answer.next_update_utc and answer.next_update_utc < now:
            return Said("authority.ocsp.over", until=day(answer.next_update_utc))
        return ""

    def _signer(self, answer: "OCSPResponse", now: datetime) -> "Certificate | None":
        """The issuer itself, or who was given the right by it (section 4.2.2.2)."""
        for one in answer.certificates:
            if one != self.issuer:
                return one if is_issued(self.issuer, one, now) and may(one, "OCSP_SIGNING") else None
        return self.issuer


def _of_status(answer: "OCSPResponse") -> tuple[Verdict, tuple[Sample, ...]]:
    status = answer.certificate_status.name.lower()
    samples = [metrics.OCSP_STATUS(1, status=status), metrics.THIS_UPDATE(answer.this_update_utc.timestamp())]
    if answer.next_update_utc:
        samples.append(metrics.NEXT_UPDATE(answer.next_update_utc.timestamp()))
    if status == "good":
        return Verdict(Reason.OK), tuple(samples)
    return Verdict(Reason.CONTENT, Said(_STATUSES[status])), tuple(samples)
