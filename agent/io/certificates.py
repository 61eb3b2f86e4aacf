"""What a TLS handshake showed of the far end's certificates, also when they were not accepted.

CPython's ssl keeps the chain on the object below SSLObject, with a reader for the usual fields: no second connection
and no X.509 library (10 MB of memory) are needed. tests/ports holds this against every interpreter that we support.
"""

import hashlib
import ssl
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from collectors.core.plain import plain
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


@dataclass(frozen=True, slots=True)
class _Certificate:
    """The fields of one certificate that are told; `expiry` in Unix seconds."""

    expiry: float
    subject: str
    issuer: str
    serial: str
    fingerprint_sha256: str
    names: tuple[str, ...]


_REMEMBERED = 64
_MOST_NAMES = 4_096  # characters of all names of hosts: they become a label
_read_before: dict[str, _Certificate] = {}


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
    leaf = sent[0]
    return TlsFacts(
        version=(handshake.version() or "").replace("TLSv", "TLS "),  # as blackbox_exporter writes it: "TLS 1.3"
        cipher=(handshake.cipher() or ("",))[0],
        earliest_expiry=min(certificate.expiry for certificate in sent),
        chain_expiry=min(certificate.expiry for certificate in verified) if verified else None,
        subject=leaf.subject,
        issuer=leaf.issuer,
        serial=leaf.serial,
        fingerprint_sha256=leaf.fingerprint_sha256,
        names=leaf.names,
        problem=problem,
    )


def _chain(handshake: ssl.SSLObject, which: str) -> list[_Certificate]:
    """Leaf first. The public methods of Python 3.13 give bare DER; the same objects are below in every version."""
    objects = getattr(handshake._sslobj, which)() or []  # type: ignore[attr-defined]  # noqa: SLF001
    return [_certificate(one) for one in objects]


def _certificate(found: Any) -> _Certificate:
    """Read it, unless it was read before: printing one takes OpenSSL longer than a whole exchange needs otherwise."""
    fingerprint = hashlib.sha256(found.public_bytes(_DER)).hexdigest()
    if fingerprint not in _read_before:
        if len(_read_before) >= _REMEMBERED:
            del _read_before[next(iter(_read_before))]
        _read_before[fingerprint] = _printed(found.get_info(), fingerprint)
    return _read_before[fingerprint]


def _printed(info: dict[str, Any], fingerprint: str) -> _Certificate:
    return _Certificate(
        expiry=float(ssl.cert_time_to_seconds(info["notAfter"])),
        subject=_name(info["subject"]),
        issuer=_name(info["issuer"]),
        serial=info["serialNumber"].lower(),
        fingerprint_sha256=fingerprint,
        names=tuple(_hosts(value for kind, value in info.get("subjectAltName", ()) if kind in ("DNS", "IP Address"))),
    )


def _name(name: Sequence[Sequence[tuple[str, str]]]) -> str:
    """A distinguished name on one line: "CN=portal.example, O=Example"."""
    return plain(", ".join(f"{_SHORT.get(kind, kind)}={value}" for part in name for kind, value in part))


def _hosts(names: Iterable[str]) -> Iterator[str]:
    room = _MOST_NAMES
    for name in map(plain, names):
        room -= len(name)
        if room < 0:
            return
        yield name
