"""Where an office's samples are sent: settings that the agent runs with and the inventory checks."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from collectors.core.lastword import Receiver
from collectors.core.values import Duration, HostPort, Secret

LEAST_QUOTA = 1 << 20
_NAME = re.compile(r"[a-z0-9_-]{1,64}")


class Compression(StrEnum):
    """auto = snappy, which every receiver takes, until this one offers zstd."""

    AUTO = "auto"
    SNAPPY = "snappy"
    ZSTD = "zstd"


class Order(StrEnum):
    """auto = live data first where much waits; fifo = in order, for receivers that take nothing late."""

    AUTO = "auto"
    FIFO = "fifo"


@dataclass(frozen=True, slots=True)
class Destination(Receiver):
    """A receiver of everything that is measured: the fields of one of last words, and these.

    certificate, key   PEM files that tell who the office is (TLS client authentication), "" = without
    proxy              host:port of an HTTP proxy that knows CONNECT; proxy_user, proxy_password where it asks for them
    order              auto = live data first where much waits; fifo = in order, for who takes nothing late
    compression        auto = snappy, until the receiver offers zstd (VictoriaMetrics from 1.88 on takes it unasked)
    share              of the time in which what piled up may use the line, 0.05 to 1
    """

    timeout: Duration = Duration(30)
    certificate: str = ""
    key: str = ""
    proxy: HostPort | None = None
    proxy_user: str = ""
    proxy_password: Secret = field(default_factory=lambda: Secret(""))
    order: Order = Order.AUTO
    compression: Compression = Compression.AUTO
    share: float = 0.5

    def check(self) -> Iterable[tuple[str, str]]:
        """What the types cannot say."""
        yield from Receiver.check(self)
        if bool(self.certificate) != bool(self.key):
            yield "key" if self.certificate else "certificate", "is missing: a certificate and its key go together"
        if self.certificate and not self.url.startswith("https:"):
            yield "url", "should be https://, where a certificate is shown"
        if not 0.05 <= self.share <= 1:
            yield "share", "should be between 0.05 and 1"
        if self.proxy and self.proxy.port is None:
            yield "proxy", "needs a port, for example 10.4.0.1:3128"
        if bool(self.proxy_user) != bool(self.proxy_password) or (self.proxy_user and not self.proxy):
            yield "proxy_user", "needs a proxy and a password beside it"
        if ":" in self.proxy_user:
            yield "proxy_user", "should not hold a colon (RFC 7617)"


@dataclass(frozen=True, slots=True)
class Push:
    """What is sent, and where to.

    receivers        by a name that the agent keeps its place by; the first one's clock is believed most
    scrape_interval  between two looks at all that is measured; send_interval: between two live requests
    keep             for so long what every receiver has taken stays on the disk, so that it can be sent again
    quota_bytes      the most that the buffer may take on the disk; a day of 150 series takes 3 MB
    """

    receivers: Mapping[str, Destination]
    scrape_interval: Duration = Duration(15)
    send_interval: Duration = Duration(60)
    keep: Duration = Duration(7 * 86400)
    quota_bytes: int = 64 << 20

    def check(self) -> Iterable[tuple[str, str]]:
        """What the types cannot say."""
        if not self.receivers:
            yield "receivers", "is empty: nothing would be sent"
        for name in self.receivers:
            if not _NAME.fullmatch(name):
                yield f"receivers.{name}", "is not a name (small letters, digits, _ and -, at most 64)"
        if not 1 <= self.scrape_interval <= 60:
            yield "scrape_interval", "should be between 1s and 60s"
        if not self.scrape_interval <= self.send_interval <= 60:
            yield "send_interval", "should be between scrape_interval and 60s, else the office seems silent"
        if self.quota_bytes < LEAST_QUOTA:
            yield "quota_bytes", f"should be at least {LEAST_QUOTA}: less holds no outage of some hours"
