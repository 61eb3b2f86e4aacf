"""The form of a request: protobuf, packed as the receiver takes it, with the headers that it asks for."""

import base64

from agent.uplink.answer import Headers
from agent.uplink.series import Look, Series, by_series, encode
from agent.uplink.snappy import compress, zstd
from collectors.core.push import Compression, Destination

_FEW = 8  # looks; of so few zstd makes more if series with like labels stand together, as they come


class Packing:
    """For one receiver. zstd halves the bytes: it is used where that is configured, or where the receiver offers it."""

    def __init__(self, to: Destination) -> None:
        self._fixed = tuple(_headers(to))
        self._may_zstd = to.compression is not Compression.SNAPPY
        self._zstd = to.compression is Compression.ZSTD

    def pack(self, looks: tuple[Look, ...]) -> tuple[Headers, bytes]:
        """Headers and body. Without looks it asks for nothing but an answer."""
        found = by_series(looks)
        data = encode(found if self._zstd and len(looks) <= _FEW else sorted(found, key=_height))
        body = zstd(data) if self._zstd else None
        if body is None:
            self._zstd, body = False, compress(data)
        return (*self._fixed, ("Content-Encoding", "zstd" if self._zstd else "snappy")), body

    def offered(self, headers: Headers) -> None:
        """The receiver may name what it takes (RFC 9110, section 12.5.3: Accept-Encoding in an answer)."""
        for name, value in headers:
            if name.lower() == "accept-encoding" and self._may_zstd:
                self._zstd = "zstd" in [one.partition(";")[0].strip() for one in value.lower().split(",")]

    def refused(self) -> bool:
        """The receiver does not know this form (415): whether there is another one to try."""
        before, self._zstd, self._may_zstd = self._zstd, False, False
        return before


def _height(one: Series) -> float:
    """Series of like values stand together: that saves snappy, which remembers only 64 KiB, an eighth."""
    return one.values[0]


def _headers(to: Destination) -> Headers:
    yield "Content-Type", "application/x-protobuf"
    yield "X-Prometheus-Remote-Write-Version", "0.1.0"
    if to.token:
        yield "Authorization", f"Bearer {to.token.reveal()}"
    if to.user:
        pair = f"{to.user}:{to.password.reveal()}".encode()
        yield "Authorization", f"Basic {base64.b64encode(pair).decode('ascii')}"
    if to.tenant:
        yield "X-Scope-OrgID", to.tenant
