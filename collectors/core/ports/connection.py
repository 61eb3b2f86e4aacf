"""What is known of a connection, whoever opened it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from collectors.core.reading import NameFailure, Reason

Direction = Literal["down", "up"]  # as the office sees it
Family = Literal["any", "ip4", "ip6"]


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """What a handshake showed. Times are Unix seconds.

    earliest_expiry        the first notAfter of the certificates that the server sent (leaf first)
    chain_expiry           the notAfter that ends the verified chain first, None when it did not verify
    problem                "" or why the chain or the name was not accepted
    """

    version: str
    cipher: str
    earliest_expiry: float
    chain_expiry: float | None
    subject: str
    issuer: str
    serial: str
    fingerprint_sha256: str
    names: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Where and why an exchange ended early. `phase` is one of the exchange's; the rest as in ProbeError."""

    reason: Reason
    phase: str
    message: str
    name_failure: NameFailure | None = None
    again: float | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """A TCP (where asked for TLS) connection that was opened and closed again. Phases: resolve, connect, tls."""

    phases: Mapping[str, float]
    address: str = ""
    tls: TlsFacts | None = None
    failure: Failure | None = None
