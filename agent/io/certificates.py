"""What a TLS handshake showed of the far end's certificates, also when they were not accepted.

CPython's ssl keeps the chain on the object below SSLObject, with a reader for the usual fields: no second connection
and no X.509 library (10 MB of memory) are needed. tests/ports holds this against every interpreter that we support.
"""

import hashlib
import ssl
from collections.abc import Sequence
from typing import Any

from collectors.core.ports import TlsFacts

_SHORT = {
    "commonName": "CN",
    "countryName": "C",
    "localityName": "L",
    "organizationName": "O",
    "organizationalUnitName": "OU",
    "stateOrProvinceName": "ST",
}
_DER = 2  # _ssl.ENCODING_DER


def facts(handshake: ssl.SSLObject, problem: str = "") -> TlsFacts | None:
    """What the far end showed; None when it showed nothing that can be read. `problem`: why it was not accepted."""
    try:
        return _read(handshake, problem)
    except (ValueError, KeyError, OSError):  # a certificate so odd that OpenSSL will not print it
        return None


def _read(handshake: ssl.SSLObject, problem: str) -> TlsFacts | None:
    sent = _chain(handshake, "get_unverified_chain")
    if not sent:
        return None
    verified = [] if problem else _chain(handshake, "get_verified_chain")
    leaf = sent[0].get_info()
    return TlsFacts(
        version=(handshake.version() or "").replace("TLSv", "TLS "),  # as blackbox_exporter writes it: "TLS 1.3"
        cipher=(handshake.cipher() or ("",))[0],
        earliest_expiry=_first_expiry(sent),
        chain_expiry=_first_expiry(verified) if verified else None,
        subject=_name(leaf["subject"]),
        issuer=_name(leaf["issuer"]),
        serial=leaf["serialNumber"].lower(),
        fingerprint_sha256=hashlib.sha256(sent[0].public_bytes(_DER)).hexdigest(),
        names=tuple(value for kind, value in leaf.get("subjectAltName", ()) if kind in ("DNS", "IP Address")),
        problem=problem,
    )


def _chain(handshake: ssl.SSLObject, which: str) -> list[Any]:
    """Leaf first. The public methods of Python 3.13 give bare DER; the same objects are below in every version."""
    return getattr(handshake._sslobj, which)() or []  # type: ignore[attr-defined]  # noqa: SLF001


def _first_expiry(chain: Sequence[Any]) -> float:
    return float(min(ssl.cert_time_to_seconds(certificate.get_info()["notAfter"]) for certificate in chain))


def _name(name: Sequence[Sequence[tuple[str, str]]]) -> str:
    """A distinguished name on one line: "CN=portal.example, O=Example"."""
    return ", ".join(f"{_SHORT.get(kind, kind)}={value}" for part in name for kind, value in part)
