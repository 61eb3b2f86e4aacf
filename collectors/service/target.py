"""What a service probe is pointed at: the schema of `target:` for the collector `service`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from collectors.core.ports import Family, HttpVersion
from collectors.core.values import Duration, HostPort, Url

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a header's name (RFC 9110, section 5.6.2)
_VALUE = re.compile(r"[ -~\t]*")
_MOST_BODY = 10_485_760
_MOST_ECHOES = 20


class Kind(StrEnum):
    """How to ask a service whether it works."""

    HTTP = "http"
    TCP = "tcp"
    TLS = "tls"
    DNS = "dns"
    ICMP = "icmp"


@dataclass(frozen=True, slots=True)
class Regexp:
    """A regular expression that is known to compile. `.` also matches line ends."""

    pattern: re.Pattern[str]

    @classmethod
    def parse(cls, text: str) -> "Regexp":
        try:
            return cls(re.compile(text, re.DOTALL))
        except (re.error, OverflowError, RecursionError) as error:
            raise ValueError(f"{text!r} is not a regular expression: {error}") from None

    def __str__(self) -> str:
        return self.pattern.pattern


@dataclass(frozen=True, slots=True)
class Statuses:
    """HTTP status codes: 401, 2xx or 200-204."""

    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> "Statuses":
        if match := re.fullmatch(r"([1-5])xx", text):
            return cls(int(match[1]) * 100, int(match[1]) * 100 + 99)
        match = re.fullmatch(r"(\d{3})(?:-(\d{3}))?", text)
        if match and 100 <= int(match[1]) <= int(match[2] or match[1]) <= 599:
            return cls(int(match[1]), int(match[2] or match[1]))
        raise ValueError(f"{text!r} is not an HTTP status; write 401, 2xx or 200-204")

    def __contains__(self, status: int) -> bool:
        return self.first <= status <= self.last


@dataclass(frozen=True, slots=True)
class Target:
    """One service.

    every kind  kind, family, budget (a right answer that takes longer is `slow`), second_opinion (ask once more before
                a bad verdict)
    http        url and what the answer should be: status (default 2xx), body_matches (all), body_must_not_match (none);
                stall (so long without a byte is `frozen`; default: half the timeout, or the budget if that is longer)
                http (the version: auto, 1.1 or 2)
    tcp, tls    host, port (tls: 443), server_name (when the certificate is for another name than host)
    icmp        host, count (echoes per run; one reply is enough)
    dns         name, record, server (default: the system's first), answers (each must be among those given)
    """

    kind: Kind = Kind.HTTP
    family: Family = "any"
    budget: Duration | None = None
    second_opinion: bool = True

    url: Url | None = None
    method: Literal["GET", "HEAD", "OPTIONS"] = "GET"
    http: HttpVersion = "auto"
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    status: tuple[Statuses, ...] = ()
    follow_redirects: bool = True
    body_matches: tuple[Regexp, ...] = ()
    body_must_not_match: tuple[Regexp, ...] = ()
    max_body: int = 262_144
    connect_to: HostPort | None = None
    verify: bool = True
    stall: Duration | None = None

    ca_file: str = ""
    host: str = ""
    port: int | None = None
    server_name: str = ""
    count: int = 3

    name: str = ""
    record: Literal["A", "AAAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"] = "A"
    server: HostPort | None = None
    answers: tuple[str, ...] = ()

    def check(self) -> Iterable[tuple[str, str]]:
        """Findings across fields: (field, message)."""
        for name in sorted(_NEEDED[self.kind]):
            if getattr(self, name) in ("", None):
                yield name, f"is needed for kind {self.kind}"
        for name in sorted(self._written() - _NEEDED[self.kind] - _ALLOWED[self.kind] - _ALWAYS):
            yield name, f"means nothing for kind {self.kind}"
        yield from self._bounds()
        yield from self._headers()

    def _written(self) -> set[str]:
        """The fields that differ from their defaults."""
        plain = Target()
        return {field.name for field in fields(self) if getattr(self, field.name) != getattr(plain, field.name)}

    def _bounds(self) -> Iterator[tuple[str, str]]:
        if self.port is not None and not 0 < self.port < 65536:
            yield "port", "should be between 1 and 65535"
        if not 0 < self.max_body <= _MOST_BODY:
            yield "max_body", f"should be between 1 and {_MOST_BODY} bytes"
        if not 0 < self.count <= _MOST_ECHOES:
            yield "count", f"should be between 1 and {_MOST_ECHOES}"
        if self.http == "2" and not (self.url or "").startswith("https:"):
            yield "http", "2 is spoken over TLS only; write an https address"
        if self.method == "HEAD" and (self.body_matches or self.body_must_not_match):
            yield "method", "HEAD brings no body that patterns could be held against"

    def _headers(self) -> Iterator[tuple[str, str]]:
        for name, value in self.headers.items():
            if not _TOKEN.fullmatch(name):
                yield "headers", f"{name!r} is not the name of a header"
            if not _VALUE.fullmatch(value):
                yield "headers", f"{name} has a value with letters that a header cannot carry (ASCII only)"


_ALWAYS = {"kind", "family", "budget", "second_opinion"}
_NEEDED: Mapping[Kind, set[str]] = {
    Kind.HTTP: {"url"},
    Kind.TCP: {"host", "port"},
    Kind.TLS: {"host"},
    Kind.DNS: {"name"},
    Kind.ICMP: {"host"},
}
_ALLOWED: Mapping[Kind, set[str]] = {
    Kind.HTTP: {
        "body_matches",
        "body_must_not_match",
        "ca_file",
        "connect_to",
        "follow_redirects",
        "headers",
        "http",
        "max_body",
        "method",
        "stall",
        "status",
        "verify",
    },
    Kind.TCP: set(),
    Kind.TLS: {"ca_file", "port", "server_name"},
    Kind.DNS: {"answers", "record", "server"},
    Kind.ICMP: {"count"},
}


def argument(text: str) -> dict[str, str]:
    """What one argument on the command line means: https://..., tcp://host:port, tls://host, icmp://host, dns://name."""
    scheme, separator, rest = text.partition("://")
    if scheme in ("http", "https") and separator:
        return {"url": text}
    if scheme in (Kind.TCP, Kind.TLS, Kind.ICMP) and rest:
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
