"""TLS over a plain stream, with the trust stores and the reasons why a handshake fails."""

import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from agent.io.attempt import Attempt
from agent.io.certificates import facts
from agent.io.hosts import WatchedFile
from agent.io.stream import PlainStream
from collectors.core import ProbeError, Reason
from collectors.messages.said import Said

T = TypeVar("T")

_RECORD = 16_384  # bytes of one TLS record
_ALERT = bytes([21])  # the kind of a record (RFC 8446, section 5.1)
_NO_PROTOCOL = bytes([120])  # an alert that CPython's ssl has no name for (RFC 7301, section 3.2)
_NOT_VERIFIED = "not verified, as the configuration asks"

# X509_V_ERR_* of OpenSSL (x509_vfy.h).
_REJECTED = {
    9: "certificate.early",
    10: "certificate.expired",
    18: "certificate.self_signed",
    19: "certificate.root",
    20: "certificate.issuer",
    21: "certificate.issuer",
    62: "certificate.other_host",
    64: "certificate.other_address",
}
_OTHER_NAME = (62, 64)
_BROKEN = {
    "WRONG_VERSION_NUMBER": "tls.none",
    "UNEXPECTED_MESSAGE": "tls.none",
    "HTTP_REQUEST": "tls.none",
    "UNSUPPORTED_PROTOCOL": "tls.version",
    "TLSV1_ALERT_PROTOCOL_VERSION": "tls.version",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "tls.cipher",
    "TLSV1_UNRECOGNIZED_NAME": "tls.name",
}


Pair = tuple[str, str]  # files of a certificate and its key


class TrustStores:
    """TLS contexts, one per store: reading a store takes long, so it is kept until its file changes."""

    def __init__(self) -> None:
        self._contexts: dict[tuple[str, bool, tuple[str, ...], Pair | None], ssl.SSLContext] = {}
        self._files: dict[str, WatchedFile] = {}

    def context(
        self, ca_file: str, *, verify: bool, alpn: tuple[str, ...] = (), own: Pair | None = None
    ) -> ssl.SSLContext:
        """The context that trusts `ca_file`, "" = the system's store. Raises ProbeError when the file is no use.

        `alpn`: the protocols on offer, the preferred one first. `own`: the certificate that tells who we are.
        """
        key = (ca_file if verify else "", verify, alpn, own)
        changed = {path for path in (key[0], *(own or ())) if self._changed(path)}
        if changed:
            self._contexts = {
                known: context
                for known, context in self._contexts.items()
                if changed.isdisjoint((known[0], *(known[3] or ())))
            }
        if key not in self._contexts:
            self._contexts[key] = self._build(*key)
        return self._contexts[key]

    def _changed(self, path: str) -> bool:
        return bool(path) and self._files.setdefault(path, WatchedFile(Path(path))).changed()

    def _build(self, ca_file: str, verify: bool, alpn: tuple[str, ...], own: Pair | None) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if own:
            _show(context, own)
        if alpn:
            context.set_alpn_protocols(alpn)
        context.hostname_checks_common_name = False  # RFC 9110, section 4.3.4: a subject is no host name any more
        if not verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        elif ca_file:
            _trust_file(context, ca_file)
        else:
            _trust_system(context)
        return context


def _show(context: ssl.SSLContext, own: Pair) -> None:
    try:
        context.load_cert_chain(*own)
    except ssl.SSLError:
        raise ProbeError(Reason.PERMISSION, f"{own[0]} and {own[1]} are no certificate and its key") from None
    except OSError as error:
        raise ProbeError(Reason.PERMISSION, f"cannot read {own[0]} or {own[1]}: {error.strerror}") from None


def _trust_file(context: ssl.SSLContext, ca_file: str) -> None:
    try:
        context.load_verify_locations(cafile=ca_file)
    except ssl.SSLError:
        raise ProbeError(Reason.PERMISSION, f"{ca_file} holds no certificate in PEM form") from None
    except OSError as error:
        raise ProbeError(Reason.PERMISSION, f"cannot read {ca_file}: {error.strerror}") from None


def _trust_system(context: ssl.SSLContext) -> None:
    """The folder, where there is one: OpenSSL then reads only what a handshake needs (25 ms and 1.3 MB saved)."""
    paths = ssl.get_default_verify_paths()
    if paths.capath and any(Path(paths.capath).glob("*.0")):
        context.load_verify_locations(capath=paths.capath)
    else:
        context.load_default_certs()


class TlsStream:
    """TLS as a client, with the handshake as a step of its own so that it can be timed."""

    def __init__(self, below: PlainStream, context: ssl.SSLContext, server_name: str) -> None:
        """Raises ProbeError when no certificate could be for such a name."""
        self._below = below
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._first_bytes = b""
        self._unsent = b""  # for what there was no room
        self._heard: Callable[[], None] | None = None  # is told when bytes of a handshake come
        self._verifies = context.verify_mode is not ssl.CERT_NONE
        self._server_name = server_name
        self.protocol = ""
        try:
            self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_name)
        except ValueError:
            raise ProbeError(Reason.TLS, Said("certificate.no_name", name=repr(server_name))) from None

    async def handshake(self, attempt: Attempt) -> None:
        """Raises ProbeError with the reason; what was seen of the certificates is left in `attempt` all the same."""
        self._heard = attempt.heard
        try:
            await self._drive(self._tls.do_handshake)
        except ssl.SSLCertVerificationError as error:
            problem: str = self._rejection(error)
            seen = facts(self._tls, problem)
            if seen and not seen.names and error.verify_code in _OTHER_NAME:
                seen = replace(seen, problem=Said("certificate.nameless"))
            attempt.tls, problem = seen, seen.problem if seen else problem
            raise ProbeError(Reason.TLS, problem) from None
        except ssl.SSLEOFError:
            raise ProbeError(Reason.TLS, Said("tls.closed")) from None
        except ssl.SSLError as error:
            if self._first_bytes[:1] == _ALERT and self._first_bytes[6:7] == _NO_PROTOCOL:
                raise ProbeError(Reason.UNSUPPORTED, Said("tls.protocol")) from None
            raise ProbeError(Reason.TLS, self._explain(error)) from None
        finally:
            self._heard = None
        attempt.tls = facts(self._tls, "" if self._verifies else _NOT_VERIFIED)
        self.protocol = self._tls.selected_alpn_protocol() or ""

    async def send(self, data: bytes) -> None:
        try:
            await self._drive(partial(self._tls.write, data))
        except ssl.SSLError as error:
            raise ProbeError(Reason.TLS, self._explain(error)) from None

    async def receive(self, limit: int) -> bytes:
        try:
            return await self._drive(partial(self._tls.read, limit))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""
        except ssl.SSLError as error:
            raise ProbeError(Reason.TLS, self._explain(error)) from None

    async def _drive(self, step: Callable[[], T]) -> T:
        """Repeat a step of OpenSSL's, moving its bytes to and fro, until it has what it wants."""
        outcome = self._try(step)
        while self._unsent or not outcome:
            if self._unsent:
                unsent, self._unsent = self._unsent, b""
                await self._below.send(unsent)
            if not outcome:
                outcome = await self._below.listen(partial(self._feed, step), _RECORD)
        return outcome[0]

    def _feed(self, step: Callable[[], T], data: bytes) -> tuple[T, ...] | None:
        """What a step came to with these bytes; () = something has to be sent first, None = it wants more."""
        if data:
            if self._heard:
                self._heard()
            self._first_bytes = self._first_bytes or data[:7]
            self._incoming.write(data)
        else:
            self._incoming.write_eof()
        return self._try(step) or (() if self._unsent else None)

    def _try(self, step: Callable[[], T]) -> tuple[T, ...]:
        """The result of a step, () when it wants more bytes."""
        try:
            result = step()
        except ssl.SSLWantReadError:
            self._flush()
            return ()
        except ssl.SSLError:
            with suppress(ProbeError):
                self._flush()  # the alert that tells the far end why
            raise
        self._flush()
        return (result,)

    def _flush(self) -> None:
        if self._outgoing.pending:
            self._unsent += self._below.send_some(self._outgoing.read())

    def _rejection(self, error: ssl.SSLCertVerificationError) -> Said:
        if known := _REJECTED.get(error.verify_code):
            return Said(known, name=self._server_name)
        return Said("certificate.rejected", why=error.verify_message)

    def _explain(self, error: ssl.SSLError) -> Said:
        if self._first_bytes.startswith(b"HTTP/"):
            return Said("tls.plain")
        reason = error.reason or "no reason given"
        return Said(_BROKEN[reason]) if reason in _BROKEN else Said("tls.failed", why=reason.replace("_", " ").lower())
