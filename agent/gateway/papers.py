"""The files that a gateway stands on, read again when they change: who the offices are, who vouches, who is out.

A file that cannot be read leaves what was good before in use, and says so: nobody is let in or shut out by a slip.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from agent.gateway.config import GatewaySettings, Tls
from agent.gateway.offices import Identities
from collectors.core import Sample
from collectors.core.decode import DecodeError, decode_file
from collectors.core.gateway import GATEWAY_EXPIRY, GATEWAY_FILES_GOOD, GATEWAY_OFFICES
from collectors.core.logline import logline
from collectors.core.pki import Signer
from collectors.core.uplink import Revoked

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Papers:
    """One consistent reading of all of them.

    revoked   serial numbers of void certificates
    void      office -> Unix time: whatever was made for it until then is void
    expiries  file and Unix time
    """

    identities: Identities
    revoked: frozenset[int]
    void: Mapping[str, float]
    signer: Signer | None
    expiries: tuple[tuple[str, float], ...]


def read(settings: GatewaySettings) -> Papers:
    """DecodeError, OSError, ValueError with what is wrong."""
    tls = settings.tls
    context(settings)
    authorities = _certificates(tls.authority)
    revoked, until = _revoked(tls.revoked, authorities) if tls.revoked else (frozenset[int](), None)
    signer = _signer(settings)
    expiries = [("server", _ends(_certificates(tls.certificate)[0])), ("authority", min(map(_ends, authorities)))]
    if signer:
        expiries.append(("issuer", _ends(signer.certificate)))
    if until is not None:
        expiries.append(("revoked", until))
    return Papers(decode_file(settings.identities, Identities).value, revoked, _void(tls), signer, tuple(expiries))


def context(settings: GatewaySettings) -> ssl.SSLContext:
    """TLS 1.3 that talks to nobody without a certificate of the offices' authority. OSError, ValueError."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    made.verify_mode = ssl.CERT_REQUIRED
    made.num_tickets = 0  # two kilobytes at each handshake, for whoever comes back; agents never use them
    made.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    tls = settings.tls
    _readable(tls.authority, tls.certificate, tls.key)
    try:
        made.load_verify_locations(tls.authority)
    except ssl.SSLError:
        raise ValueError(f"{tls.authority} holds no certificate in PEM") from None
    try:
        made.load_cert_chain(tls.certificate, tls.key, password="")
    except ssl.SSLError as error:
        raise ValueError(f"{tls.certificate}, {tls.key}: no pair in PEM ({error.reason})") from None
    return made


def _readable(*paths: Path) -> None:
    """OSError with the name of the first that is not; the ssl module's own has none."""
    for path in paths:
        path.open("rb").close()


class Keeper:
    """The papers in use. `look` every few seconds; `changed` is told of each new reading.

    Files are read once they are the same at two looks: one that is being written may look whole and be the half.
    """

    def __init__(self, settings: GatewaySettings, papers: Papers, changed: Callable[[Papers], None]) -> None:
        self._settings, self.papers, self._changed = settings, papers, changed
        self._seen = self._read = _fingerprints(settings)
        self._good = True

    async def look(self) -> None:
        """Read anew what has changed."""
        before, self._seen = self._seen, await asyncio.to_thread(_fingerprints, self._settings)
        if self._seen != before or self._seen == self._read:
            return
        self._read = self._seen
        try:
            self.papers = await asyncio.to_thread(read, self._settings)
            self._changed(self.papers)
        except (DecodeError, OSError, ValueError) as error:
            self._good = False
            _log.error(logline("files_rejected", problem=str(error)))
            return
        self._good = True
        _log.info(logline("files_read", offices=len(self.papers.identities.offices), revoked=len(self.papers.revoked)))

    def samples(self) -> Iterator[Sample]:
        """What /metrics shows of them."""
        yield GATEWAY_FILES_GOOD(self._good)
        yield GATEWAY_OFFICES(len(self.papers.identities.offices))
        for file, ends in self.papers.expiries:
            yield GATEWAY_EXPIRY(ends, file=file)


def _fingerprints(settings: GatewaySettings) -> tuple[tuple[int, int, int] | None, ...]:
    tls, issuer = settings.tls, settings.issuer
    paths = [tls.certificate, tls.key, tls.authority, tls.revoked, tls.revoked_offices, settings.identities]
    paths += [issuer.certificate, issuer.key] if issuer else []
    return tuple(_fingerprint(path) for path in paths if path)


def _fingerprint(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _certificates(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except ValueError:
        raise ValueError(f"{path} holds no certificate in PEM") from None


def _revoked(path: Path, authorities: list[x509.Certificate]) -> tuple[frozenset[int], float | None]:
    """The serial numbers of a list that one of the authorities has signed, and when the next one is due."""
    try:
        found = x509.load_pem_x509_crl(path.read_bytes())
    except ValueError:
        raise ValueError(f"{path} holds no revocation list in PEM") from None
    if not any(_is_signed(found, authority) for authority in authorities):
        raise ValueError(f"{path} was not signed by the authority of the offices")
    until = found.next_update_utc
    return frozenset(entry.serial_number for entry in found), until.timestamp() if until else None


def _void(tls: Tls) -> Mapping[str, float]:
    if tls.revoked_offices is None:
        return {}
    found = decode_file(tls.revoked_offices, Revoked).value
    return {office: when.timestamp() for office, when in found.offices.items()}


def _is_signed(found: x509.CertificateRevocationList, authority: x509.Certificate) -> bool:
    try:
        return found.is_signature_valid(authority.public_key())  # type: ignore[arg-type]
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        return False


def _signer(settings: GatewaySettings) -> Signer | None:
    issuer = settings.issuer
    if issuer is None:
        return None
    try:
        return Signer.read(issuer.certificate.read_bytes(), issuer.key.read_bytes())
    except ValueError as error:
        raise ValueError(f"{issuer.key}: {error}") from None


def _ends(certificate: x509.Certificate) -> float:
    return certificate.not_valid_after_utc.timestamp()
