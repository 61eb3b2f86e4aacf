"""What a service probe is pointed at: the schema of `target:` for the collector `service`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from collectors.core.credentials import in_query, is_credential
from collectors.core.values import HostPort
from collectors.service.parts import Every, Names, Page, Place, Request, Secure, Signatures
from collectors.service.patterns import Regexp
from collectors.service.words import JsonPath, Kind, Statuses

__all__ = ["Kind", "Regexp", "Statuses", "Target", "argument"]

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a header's name (RFC 9110, section 5.6.2)
_VALUE = re.compile(r"[ -~\t]*")
_MOST_BODY = 10_485_760
_MOST_ECHOES = 20
_MOST_SERVERS = 8
_DNS_PORT = 53


@dataclass(frozen=True, repr=False)
class Target(Signatures, Names, Place, Secure, Page, Request, Every):
    """One service.

    every kind  kind, family (both: each apart, and both have to work), budget (a right answer that takes longer is
                `slow`), second_opinion (ask once more before a bad verdict)
    http        url and what the answer should be: status (default 2xx), body_matches (all), body_must_not_match (none),
                header_matches and json_matches (header or JSON path: pattern; `.` = there at all), min_body and
                max_body (bytes; more is not read), final_host (where redirects have to end); stall (so long without a
                byte is `frozen` at once; default: no byte by the end of the timeout, or in an answer none in its last
                quarter); http (the version: auto, 1.1 or 2); conditional (ask only whether the page has changed since
                it was right, at most for an hour; not with checks of its body or headers)
    https, tls  days_left (of the certificates, at least), tls_version (at least), strong_cipher (forward secrecy and
                authenticated encryption), staple (the server sends a good OCSP answer along, seen in TLS 1.2)
    tcp, tls    host, port (tls: 443), server_name (when the certificate is for another name than host)
    icmp        host, count (echoes per run; one reply is enough)
    dns         name, record, server (default: the system's first) or servers (all are asked and have to agree),
                answers (each must be among those given)
    smtp, imap, ssh  host, port (25, 143, 22), banner_matches; smtp and imap with starttls: true also what tls has
    ntp         host, port (123), max_offset (between this machine's clock and the server's)
    ocsp        url of the responder, certificate and its issuer (PEM): signature, validity and status of the answer
    crl         url, issuer (PEM, optional): not past its nextUpdate, signed by the issuer
    timestamp   url, issuer (PEM, optional) of the authority: an RFC 3161 token for a fresh digest, verified
    """

    def check(self) -> Iterable[tuple[str, str]]:
        """Findings across fields: (field, message)."""
        for name in sorted(_NEEDED[self.kind]):
            if getattr(self, name) in ("", None):
                yield name, f"is needed for kind {self.kind}"
        for name in sorted(self._written() - _NEEDED[self.kind] - _ALLOWED[self.kind] - _ALWAYS):
            yield name, f"means nothing for kind {self.kind}"
        yield from self._bounds()
        yield from self._contradictions()
        yield from self._conditions()
        yield from self._headers()

    def __repr__(self) -> str:
        """Only what was written: a person reads it on /debug/probes."""
        written = self._written()
        return f"Target({', '.join(f'{name}={getattr(self, name)!r}' for name in _ORDER if name in written)})"

    def _written(self) -> set[str]:
        """The fields that differ from their defaults."""
        plain = Target()
        return {field.name for field in fields(self) if getattr(self, field.name) != getattr(plain, field.name)}

    def _bounds(self) -> Iterator[tuple[str, str]]:
        if self.port is not None and not 0 < self.port < 65536:
            yield "port", "should be between 1 and 65535"
        if not 0 < self.max_body <= _MOST_BODY:
            yield "max_body", f"should be between 1 and {_MOST_BODY} bytes"
        if not 0 <= self.min_body <= self.max_body:
            yield "min_body", "should be between 0 and max_body"
        if not 0 < self.count <= _MOST_ECHOES:
            yield "count", f"should be between 1 and {_MOST_ECHOES}"
        if len(self.servers) > _MOST_SERVERS:
            yield "servers", f"should be at most {_MOST_SERVERS}"
        if len({(server.host.lower(), server.port or _DNS_PORT) for server in self.servers}) < len(self.servers):
            yield "servers", "names the same name server twice"
        if self.days_left is not None and self.days_left < 0:
            yield "days_left", "should be 0 or more"

    def _contradictions(self) -> Iterator[tuple[str, str]]:
        if self.http == "2" and not (self.url or "").startswith("https:"):
            yield "http", "2 is spoken over TLS only; write an https address"
        if self.method == "HEAD" and (self.body_matches or self.body_must_not_match or self.json_matches):
            yield "method", "HEAD brings no body that patterns could be held against"
        if self.server and self.servers:
            yield "servers", "says the same as server; write one of them"
        if self.family == "both" and self.kind is Kind.DNS:
            yield "family", "is that of the name server's address here; write its addresses under servers"
        for path in self.json_matches:
            try:
                JsonPath.parse(path)
            except ValueError as error:
                yield "json_matches", str(error)

    def _conditions(self) -> Iterator[tuple[str, str]]:
        """What means something only beside something else, or cannot stand beside it."""
        if self.conditional and self.method == "OPTIONS":
            yield "conditional", "means nothing for OPTIONS"
        for name in _UNSEEN if self.conditional else ():
            if getattr(self, name):
                yield name, "cannot be checked with conditional: true: what has not changed is not sent again"
        if self.staple and self.url and not self.url.startswith("https:"):
            yield "staple", "is sent over TLS only; write an https address"
        if self.kind in (Kind.SMTP, Kind.IMAP) and not self.starttls:
            for name in sorted(self._written() & _SECURED):
                yield name, "means nothing without starttls: true"

    def _headers(self) -> Iterator[tuple[str, str]]:
        for name, value in self.headers.items():
            if not _TOKEN.fullmatch(name):
                yield "headers", f"{name!r} is not the name of a header"
            if not _VALUE.fullmatch(value.reveal()):
                yield "headers", f"{name} has a value with letters that a header cannot carry (ASCII only)"
            if value.written_out and value and is_credential(name):
                yield "headers", f"{name} is a secret, which does not belong in this file; write {name}: {{file: NAME}}"
        for name, _ in in_query(self.url or ""):
            yield "url", f"{name!r} in its query is a secret; where a header can carry it, write {{file: NAME}} there"


def _names(*parts: type) -> set[str]:
    return {field.name for part in parts for field in fields(part)}


_ORDER = tuple(field.name for field in fields(Target))
_ALWAYS = _names(Every)
_DOWNLOAD = _names(Request) - {"method", "conditional"} | {"ca_file", "verify", "max_body"}
_UNSEEN = ("body_matches", "body_must_not_match", "header_matches", "json_matches", "min_body")  # of a 304
_SECURED = _names(Secure) - {"verify", "starttls", "staple"}
_NEEDED: Mapping[Kind, set[str]] = {
    Kind.HTTP: {"url"},
    Kind.TCP: {"host", "port"},
    Kind.TLS: {"host"},
    Kind.DNS: {"name"},
    Kind.ICMP: {"host"},
    Kind.NTP: {"host"},
    Kind.SMTP: {"host"},
    Kind.IMAP: {"host"},
    Kind.SSH: {"host"},
    Kind.OCSP: {"url", "certificate", "issuer"},
    Kind.CRL: {"url"},
    Kind.TIMESTAMP: {"url"},
}
_ALLOWED: Mapping[Kind, set[str]] = {
    Kind.HTTP: _names(Request, Page, Secure) - {"server_name", "starttls"},
    Kind.TCP: set(),
    Kind.TLS: _SECURED | {"port", "staple"},
    Kind.DNS: _names(Names),
    Kind.ICMP: {"count"},
    Kind.NTP: {"port", "max_offset"},
    Kind.SMTP: _SECURED | {"port", "banner_matches", "starttls"},
    Kind.IMAP: _SECURED | {"port", "banner_matches", "starttls"},
    Kind.SSH: {"port", "banner_matches"},
    Kind.OCSP: _DOWNLOAD,
    Kind.CRL: _DOWNLOAD | {"issuer"},
    Kind.TIMESTAMP: _DOWNLOAD | {"issuer"},
}
_AT_A_PLACE = (Kind.TCP, Kind.TLS, Kind.ICMP, Kind.NTP, Kind.SMTP, Kind.IMAP, Kind.SSH)


def argument(text: str) -> dict[str, str]:
    """What one argument on the command line means: https://..., tcp://host:port, tls://host, icmp://host, dns://name.

    ntp, smtp, imap and ssh are written as tcp is; their port may be left out.
    """
    scheme, separator, rest = text.partition("://")
    if scheme in ("http", "https") and separator:
        return {"url": text}
    if scheme in _AT_A_PLACE and rest:
        place = HostPort.parse(rest.rstrip("/"))
        port = {} if place.port is None else {"port": str(place.port)}
        return {"kind": scheme, "host": place.host, **port}
    if scheme == Kind.DNS and rest:
        name, _, server = rest.partition("@")
        return {"kind": scheme, "name": name, **({"server": server} if server else {})}
    raise ValueError(
        f"{text!r} is not a service; write https://host/path, tcp://host:port, tls://host, icmp://host or "
        "dns://name@server"
    )
