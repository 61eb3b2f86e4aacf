"""A question to a timestamp authority, and its token verified (RFC 3161, RFC 5652)."""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from collectors.core import Reason, Sample
from collectors.messages.said import Said
from collectors.service import metrics
from collectors.service.der import BOOLEAN, INTEGER, NULL, OCTETS, OID, SEQUENCE, SET, Node, read, write, write_integer
from collectors.service.signatures import certificate, hash_named, is_issued, is_signed, may
from collectors.service.target import Target
from collectors.service.verdict import Verdict
from collectors.service.words import Pem

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_SHA256 = write(SEQUENCE, write(OID, bytes.fromhex("608648016503040201")), write(NULL))
_DIGEST_ATTRIBUTE = bytes.fromhex("2a864886f70d010904")  # 1.2.840.113549.1.9.4
_TOKEN_TYPE = bytes.fromhex("2a864886f70d0109100104")  # 1.2.840.113549.1.9.16.1.4, id-ct-TSTInfo
_GENERALIZED_TIME = 0x18
_GRANTED = (0, 1)  # also "with modifications"
_CONTEXT_0 = 0xA0


class _UnbelievableError(Exception):
    """The token is one, and it does not hold; `why` is for a person."""

    def __init__(self, why: Said) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Question:
    """A digest of random bytes and a random number: an answer from before cannot have them."""

    imprint: bytes
    nonce: int
    issuer: Pem | None

    @classmethod
    def fresh(cls, target: Target) -> "Question":
        return cls(hashlib.sha256(secrets.token_bytes(32)).digest(), secrets.randbits(63), target.issuer)

    @property
    def body(self) -> bytes:
        """TimeStampReq: version 1, imprint, nonce, and the wish for the certificate (section 2.4.1)."""
        imprint = write(SEQUENCE, _SHA256, write(OCTETS, self.imprint))
        wish = write(BOOLEAN, b"\xff")
        return write(SEQUENCE, write_integer(1), imprint, write_integer(self.nonce), wish)

    def judge(self, body: bytes, now: datetime) -> tuple[Verdict, tuple[Sample, ...]]:
        """The verdict, and the clock of the authority against this one."""
        try:
            status, *token = read(body).children()
            if (code := status.child(INTEGER).integer()) not in _GRANTED or not token:
                return Verdict(Reason.ERROR, Said("authority.stamp.refused", code=code)), ()
            stamped = self._verify(token[0], now)
        except (ValueError, IndexError):
            return Verdict(Reason.BAD_ANSWER, Said("authority.stamp.none")), ()
        except _UnbelievableError as error:
            return Verdict(Reason.CONTENT, error.why), ()
        return Verdict(Reason.OK), (metrics.TIMESTAMP_OFFSET((stamped - now).total_seconds()),)

    def _verify(self, token: Node, now: datetime) -> datetime:
        """The time in it. Raises _UnbelievableError, ValueError for what is not a token."""
        signed = token.child(_CONTEXT_0).child(SEQUENCE)
        kind, wrapped = signed.child(SEQUENCE).children()
        if kind.content != _TOKEN_TYPE:
            raise ValueError("not a token")
        content = wrapped.child(OCTETS).content
        self._check_signature(signed, content, now)
        return self._check_content(read(content))

    def _check_content(self, info: Node) -> datetime:
        """TSTInfo (section 2.4.2)."""
        if info.child(SEQUENCE).child(OCTETS).content != self.imprint:
            raise _UnbelievableError(Said("authority.stamp.other"))
        integers = [node.integer() for node in info.children() if node.tag == INTEGER]  # version, serial, nonce
        if integers[2:] != [self.nonce]:
            raise _UnbelievableError(Said("authority.stamp.nonce"))
        text = info.child(_GENERALIZED_TIME).content.decode("ascii").removesuffix("Z")
        form = "%Y%m%d%H%M%S.%f" if "." in text else "%Y%m%d%H%M%S"
        return datetime.strptime(text, form).replace(tzinfo=UTC)

    def _check_signature(self, signed: Node, content: bytes, now: datetime) -> None:
        """SignedData and its one signer (RFC 5652, sections 5.1 and 5.3)."""
        signer = signed.children()[-1].child(SEQUENCE)
        parts = signer.children()
        algorithm, attributes = hash_named(parts[2].child(OID).content), signer.child(_CONTEXT_0)
        if _attribute(attributes, _DIGEST_ATTRIBUTE) != hashlib.new(algorithm.name, content).digest():
            raise _UnbelievableError(Said("authority.stamp.changed"))
        found = [one for one in _certificates(signed) if one.serial_number == parts[1].child(INTEGER).integer()]
        if not found or not may(found[0], "TIME_STAMPING"):
            raise _UnbelievableError(Said("authority.stamp.nobody"))
        if self.issuer and not is_issued(certificate(self.issuer), found[0], now):
            raise _UnbelievableError(Said("authority.stamp.issuer"))
        whole = write(SET, attributes.content)
        if not is_signed(found[0].public_key(), signer.child(OCTETS).content, whole, algorithm):
            raise _UnbelievableError(Said("authority.stamp.forged"))


def _attribute(attributes: Node, kind: bytes) -> bytes:
    for attribute in attributes.children():
        identifier, values = attribute.children()
        if identifier.content == kind:
            return values.children()[0].content
    raise ValueError("an attribute is missing")


def _certificates(signed: Node) -> Iterator["Certificate"]:
    from cryptography import x509  # noqa: PLC0415

    for node in signed.child(_CONTEXT_0).children():
        yield x509.load_der_x509_certificate(node.whole)
