"""Asking the gateway for the office's next certificate. Loads `cryptography`: only in a process of its own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from agent.certificate.due import is_due
from agent.certificate.files import Pair, write
from agent.uplink.line import Line
from collectors.core.pki import ask, belongs, key_pem, new_key, read_key
from collectors.core.push import Destination
from collectors.core.uplink import CERTIFICATE_PATH, OFFICE_URI
from collectors.core.values import Url

_HEADERS = (("Content-Type", "application/pkcs10"),)


class RenewalError(Exception):
    """There is no certificate to go on with; the message is for a person."""


@dataclass(frozen=True, slots=True)
class State:
    """How a certificate stands. begins, ends: Unix seconds."""

    begins: float
    ends: float
    renewed: bool = False


def pair(to: Destination) -> Pair:
    """The files of this receiver."""
    return Pair(Path(to.certificate), Path(to.key))


def request(to: Destination, office: str) -> bytes:
    """A request for the first certificate, as PEM; its key is made if there is none yet. RenewalError, OSError."""
    key = pair(to).key
    if not key.exists():
        write(key, key_pem(new_key()))
    try:
        return ask(office, read_key(key.read_bytes()))
    except ValueError as error:
        raise RenewalError(f"{key}: {error}") from None


async def renew(
    to: Destination, office: str, line_to: Callable[[Destination], Line], now: float, *, early: bool = False
) -> State:
    """Ask for the next certificate where that is due, or `early`. RenewalError, OSError: the one in use stays."""
    files = pair(to)
    files.settle()
    state = _state(files.certificate)
    if not early and not is_due(state.begins, state.ends, now):
        return state
    key = new_key()
    files.write_next_key(key_pem(key))
    line = line_to(replace(to, url=_place(to.url)))
    try:
        posted = await line.post(_HEADERS, ask(office, key))
    finally:
        line.close()
    if posted.status != 200:
        said = posted.text or (str(posted.reason) if posted.reason else "")
        raise RenewalError(f"the gateway gave no certificate: {posted.status or ''} {said}".rstrip())
    made = _checked(posted.text.encode(), office)
    if not belongs(made, key):
        raise RenewalError("the gateway gave a certificate of another key")
    files.install(posted.text.encode() + b"\n")
    return State(made.not_valid_before_utc.timestamp(), made.not_valid_after_utc.timestamp(), renewed=True)


def _place(url: str) -> Url:
    parts = urlsplit(url)
    return Url(parts._replace(path=CERTIFICATE_PATH, query="", fragment="").geturl())


def _state(path: Path) -> State:
    found = _read(path.read_bytes(), str(path))
    return State(found.not_valid_before_utc.timestamp(), found.not_valid_after_utc.timestamp())


def _checked(pem: bytes, office: str) -> x509.Certificate:
    """One that names this office: with another's the office would be shut out."""
    found = _read(pem, "the gateway's answer")
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        raise RenewalError("the gateway gave a certificate without a name") from None
    if names.get_values_for_type(x509.UniformResourceIdentifier) != [OFFICE_URI + office]:
        raise RenewalError("the gateway gave a certificate of another office")
    return found


def _read(pem: bytes, what: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError:
        raise RenewalError(f"{what} holds no certificate in PEM") from None
