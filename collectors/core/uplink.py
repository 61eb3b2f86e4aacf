"""What both ends of the uplink have to agree on, beside remote write itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

OFFICE_URI = "urn:communewatch:office:"  # and the office's id: the URI in a certificate's subjectAltName (RFC 8141)
WRITE_PATH = "/api/v1/write"  # where remote write comes in, as at Prometheus
CERTIFICATE_PATH = "/v1/certificate"  # where an office asks for its next certificate: a request in, a certificate out
CERTIFICATE_SKEW = 3600.0  # seconds: a certificate begins before it is made, for machines whose clock is late


class Moment(datetime):
    """A time with its zone, written as ISO 8601: 2026-11-22T09:30:00+07:00."""

    @classmethod
    def parse(cls, text: str) -> "Moment":
        try:
            found = cls.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise ValueError(f"{text!r} is not a time with a zone, such as 2026-11-22T09:30:00+07:00")
        return found


@dataclass(frozen=True, slots=True)
class Revoked:
    """revoked.yml: offices whose certificates are void as far as they were made until then."""

    version: Literal["1"]
    offices: Mapping[str, Moment]
