"""Who the offices are, and which of them a certificate names. Pure.

The inventory renders both sides: the names in the certificates, and the labels that belong to each.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from ssl import cert_time_to_seconds
from typing import Any, Literal

from agent.config import Identity
from collectors.core.uplink import CERTIFICATE_SKEW, OFFICE_URI


@dataclass(frozen=True, slots=True)
class Identities:
    """identities.yml as the inventory renders it: the labels of each office."""

    version: Literal["1"]
    offices: Mapping[str, Identity]

    def check(self) -> Iterable[tuple[str, str]]:
        """A key that is not the office's own label would let one office write as another."""
        for key, identity in self.offices.items():
            if key != identity.office:
                yield f"offices.{key}", f"has the label office {identity.office!r}"

    def labels(self, office: str) -> Mapping[str, str] | None:
        """What every series of this office carries; None for one that nobody knows."""
        identity = self.offices.get(office)
        return asdict(identity) if identity else None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who stands at the other end. serial: of the certificate; made: when it was, at the latest; Unix seconds."""

    office: str
    serial: int
    made: float
    expires: float


def caller(certificate: Mapping[str, Any] | None) -> Caller | None:
    """The office that a certificate names in one URI of its subjectAltName; as `ssl.SSLSocket.getpeercert` tells it."""
    if not certificate:
        return None
    names = [value for kind, value in certificate.get("subjectAltName", ()) if kind == "URI"]
    offices = [name.removeprefix(OFFICE_URI) for name in names if name.startswith(OFFICE_URI)]
    if len(offices) != 1 or not offices[0]:
        return None
    begins, ends = (cert_time_to_seconds(certificate[name]) for name in ("notBefore", "notAfter"))
    return Caller(offices[0], int(certificate["serialNumber"], 16), begins + CERTIFICATE_SKEW, ends)


def day(unix: float) -> str:
    """For a log line."""
    return datetime.fromtimestamp(unix, UTC).date().isoformat()
