"""The OCSP answer that a TLS server sends along with its certificate (RFC 6066, section 8).

Python's ssl lets a client neither ask for it nor see it. Up to TLS 1.2 it comes in clear: so one greeting in TLS 1.2 is
enough, on a connection of its own that ends before anything is agreed on. The answer is signed by the certificate's
issuer; who could change it on the way could not make a better one.
"""

import secrets
import struct

from agent.io.attempt import Attempt
from agent.io.dial import Destination, Dialer
from collectors.core import ProbeError, Reason
from collectors.core.ports import Staple
from collectors.messages.said import Said

_HANDSHAKE, _ALERT = 22, 21  # kinds of records (RFC 5246, section 6.2.1)
_CLIENT_HELLO, _CERTIFICATE, _DONE, _STATUS = 1, 11, 14, 22  # kinds of messages (section 7.4; RFC 6066)
_VERSION = b"\x03\x03"
_OCSP = 1
_MOST = 65_536  # bytes of a flight; chains of certificates take a few thousand
_SUITES = bytes.fromhex("c02bc02fc02cc030cca9cca8c023c027c00ac009c014c013009c009d002f0035")
_CURVES = bytes.fromhex("001d00170018")
_SIGNATURES = bytes.fromhex("04030503060308040805080604010501060102030201")


async def staple(dialer: Dialer, to: Destination, server_name: str, timeout: float) -> Staple:
    """Ask, read as far as the answer, and leave. Raises ProbeError; UNSUPPORTED when only TLS 1.3 is spoken."""
    attempt, flight = Attempt(), Flight()

    async def look() -> None:
        async with dialer.open(to, attempt, timeout) as stream:
            attempt.enter("tls")
            await stream.send(client_hello(server_name.rstrip(".")))
            while not flight.over:
                data = await stream.receive(_MOST)
                if not data:
                    raise ProbeError(Reason.TLS, Said("tls.closed"))
                attempt.heard()
                flight.feed(data)

    if failure := await attempt.run(look(), timeout):
        raise ProbeError(failure.reason, failure.message, failure.name_failure)
    return Staple(flight.certificates, flight.answer)


def client_hello(server_name: str) -> bytes:
    """A greeting in TLS 1.2 that asks for the certificate's status."""
    extensions = [
        _extension(5, bytes((_OCSP, 0, 0, 0, 0))),
        _extension(10, _sized(_CURVES)),
        _extension(11, b"\x01\x00"),
        _extension(13, _sized(_SIGNATURES)),
        _extension(23, b""),
        _extension(0xFF01, b"\x00"),
    ]
    if not server_name.replace(".", "").isdigit() and ":" not in server_name:  # an address is no name
        extensions.append(_extension(0, _sized(b"\x00" + _sized(server_name.encode("idna")))))
    hello = _VERSION + secrets.token_bytes(32) + b"\x00" + _sized(_SUITES) + b"\x01\x00" + _sized(b"".join(extensions))
    message = struct.pack("!I", _CLIENT_HELLO << 24 | len(hello)) + hello
    return struct.pack("!BHH", _HANDSHAKE, 0x0301, len(message)) + message


class Flight:
    """What the server says first, put together from its records."""

    def __init__(self) -> None:
        self.certificates: tuple[bytes, ...] = ()
        self.answer: bytes | None = None
        self.over = False
        self._records = b""
        self._messages = b""

    def feed(self, data: bytes) -> None:
        """Raises ProbeError for what is no such flight."""
        self._records += data
        if len(self._records) + len(self._messages) > _MOST:
            raise ProbeError(Reason.TLS, Said("authority.staple.endless", most=_MOST))
        while not self.over and len(self._records) >= 5:
            kind, _, size = struct.unpack_from("!BHH", self._records)
            if kind == _ALERT:
                raise ProbeError(Reason.UNSUPPORTED, Said("authority.staple.new"))
            if kind != _HANDSHAKE:
                raise ProbeError(Reason.TLS, Said("tls.none"))
            if len(self._records) < 5 + size:
                return
            self._messages += self._records[5 : 5 + size]
            self._records = self._records[5 + size :]
            self._read()

    def _read(self) -> None:
        while not self.over and len(self._messages) >= 4:
            head = struct.unpack_from("!I", self._messages)[0]
            kind, end = head >> 24, 4 + (head & 0xFFFFFF)
            if len(self._messages) < end:
                return
            body, self._messages = self._messages[4:end], self._messages[end:]
            if kind == _CERTIFICATE:
                self.certificates = _chain(body)
            elif kind == _STATUS:
                self.answer = body[4:] if body[:1] == bytes((_OCSP,)) else None
            self.over = kind in (_STATUS, _DONE)


def _chain(body: bytes) -> tuple[bytes, ...]:
    found, rest = [], body[3:]
    while len(rest) >= 3:
        size = int.from_bytes(rest[:3])
        found.append(rest[3 : 3 + size])
        rest = rest[3 + size :]
    return tuple(found)


def _sized(data: bytes) -> bytes:
    return struct.pack("!H", len(data)) + data


def _extension(number: int, data: bytes) -> bytes:
    return struct.pack("!H", number) + _sized(data)
