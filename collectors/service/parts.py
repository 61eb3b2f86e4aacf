"""What a target may say, one dataclass per subject; `target.py` puts them behind one flat mapping.

Not slotted: several slotted classes cannot be the bases of one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from collectors.core.ports import Family, HttpVersion
from collectors.core.values import Duration, HostPort, Secret, Url
from collectors.service.patterns import Regexp
from collectors.service.words import Kind, Pem, Statuses

_NONE: Mapping[str, Regexp] = MappingProxyType({})


@dataclass(frozen=True)
class Every:
    """What every kind may say."""

    kind: Kind = Kind.HTTP
    family: Literal["any", "ip4", "ip6", "both"] = "any"
    budget: Duration | None = None
    second_opinion: bool = True

    @property
    def one_family(self) -> Family:
        """For a port, which speaks one family at a time."""
        return "any" if self.family == "both" else self.family


@dataclass(frozen=True)
class Request:
    """How an HTTP request goes out."""

    url: Url | None = None
    method: Literal["GET", "HEAD", "OPTIONS"] = "GET"
    http: HttpVersion = "auto"
    headers: Mapping[str, Secret] = field(default_factory=lambda: MappingProxyType({}))  # some are keys
    connect_to: HostPort | None = None
    stall: Duration | None = None
    conditional: bool = False


@dataclass(frozen=True)
class Page:
    """What the answer to it should be."""

    status: tuple[Statuses, ...] = ()
    follow_redirects: bool = True
    final_host: str = ""
    header_matches: Mapping[str, Regexp] = field(default_factory=lambda: _NONE)
    body_matches: tuple[Regexp, ...] = ()
    body_must_not_match: tuple[Regexp, ...] = ()
    json_matches: Mapping[str, Regexp] = field(default_factory=lambda: _NONE)
    min_body: int = 0
    max_body: int = 262_144


@dataclass(frozen=True)
class Secure:
    """What is asked of TLS."""

    ca_file: str = ""
    verify: bool = True
    server_name: str = ""
    days_left: int | None = None
    tls_version: Literal["1.2", "1.3"] | None = None
    strong_cipher: bool = False
    starttls: bool = False
    staple: bool = False


@dataclass(frozen=True)
class Place:
    """Where something listens."""

    host: str = ""
    port: int | None = None
    banner_matches: Regexp | None = None
    max_offset: Duration | None = None
    count: int = 3


@dataclass(frozen=True)
class Names:
    """A question to name servers."""

    name: str = ""
    record: Literal["A", "AAAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"] = "A"
    server: HostPort | None = None
    servers: tuple[HostPort, ...] = ()
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signatures:
    """The certificates that an authority's services are asked about and held against."""

    certificate: Pem | None = None
    issuer: Pem | None = None
