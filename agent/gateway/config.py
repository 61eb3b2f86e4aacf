"""gateway.yml: where offices come in, who they are, what they may, and which store stands behind."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from agent.gateway.catchup import CATCHING_UP
from collectors.core.lastword import Receiver
from collectors.core.values import Duration, HostPort

_MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files, read again when they change.

    certificate, key  of this gateway, for the name by which the offices call it
    authority         the certificates of those who sign offices' certificates
    revoked           a revocation list of theirs (CRL): single certificates that are void
    revoked_offices   revoked.yml of `communewatch inventory ca revoke`: all that an office had until then is void
    """

    certificate: Path
    key: Path
    authority: Path
    revoked: Path | None = None
    revoked_offices: Path | None = None


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs the next certificates of offices, and for how long. Without one the gateway renews none."""

    certificate: Path
    key: Path
    lifetime: Duration = Duration(90 * 86400)

    def check(self) -> Iterable[tuple[str, str]]:
        if not 86400 <= self.lifetime <= 825 * 86400:
            yield "lifetime", "should be between 1d and 825d"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What may stand in one request. Times are distances from now; sizes are bytes, samples are counted.

    behind  no older than the store takes: a little less than its out-of-order window
    """

    ahead: Duration = Duration(60)
    behind: Duration = Duration(72 * 3600)
    body: int = _MEBIBYTE
    message: int = 8 * _MEBIBYTE
    samples: int = 50_000

    def check(self) -> Iterable[tuple[str, str]]:
        if not 5 <= self.ahead <= 3600:
            yield "ahead", "should be between 5s and 1h"
        if self.behind <= CATCHING_UP:
            yield "behind", "should be more than 15m"
        for name, size in (("body", self.body), ("message", self.message)):
            if not 65_536 <= size <= 64 * _MEBIBYTE:
                yield name, "should be between 65536 and 67108864 bytes"
        if self.samples < 1000:
            yield "samples", "should be at least 1000"


@dataclass(frozen=True, slots=True)
class Allowed:
    """series, samples_per_second and burst are of one office; the others of all together.

    catching_up  offices that send what is older than 15 minutes at the same time
    in_flight    requests that are read or handed on at the same time
    connections  open ones; and as many again that have not shown a certificate yet
    """

    series: int = 2000
    samples_per_second: float = 20_000
    burst: float = 200_000
    catching_up: int = 50
    in_flight: int = 128
    connections: int = 8192

    def check(self) -> Iterable[tuple[str, str]]:
        for name in ("series", "samples_per_second", "burst", "catching_up", "in_flight", "connections"):
            if getattr(self, name) < 1:
                yield name, "should be at least 1"


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """The whole file.

    identities  identities.yml of `communewatch inventory render`
    store       any receiver of remote write: its url, and how the gateway logs in there
    metrics     where /metrics and /healthz are served
    """

    version: Literal["1"]
    tls: Tls
    identities: Path
    store: Receiver
    listen: HostPort = HostPort("0.0.0.0", 9443)
    metrics: HostPort = HostPort("127.0.0.1", 9822)
    issuer: Issuer | None = None
    accepted: Accepted = field(default_factory=Accepted)
    allowed: Allowed = field(default_factory=Allowed)

    def check(self) -> Iterable[tuple[str, str]]:
        for name, address in (("listen", self.listen), ("metrics", self.metrics)):
            if address.port is None:
                yield name, "needs a port"
        if self.allowed.burst < self.accepted.samples:
            yield "allowed.burst", "should be no less than accepted.samples: such a request would never be taken"
