"""HTTP, one exchange at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from collectors.core.ports.connection import Failure, Family, TlsFacts

HttpVersion = Literal["auto", "1.1", "2"]


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One exchange on a connection of its own; redirects are the caller's business.

    connect_to replaces name resolution (address or address:port, as `curl --connect-to`); max_body bounds what is read
    of the body, max_kept what of that is kept; ca_file None = the system's trust store; verify False still reports the
    certificate. Once connected, `stall` seconds without a byte are FROZEN (None: only the whole timeout counts).
    version "auto" = HTTP/2 where a TLS server chooses it (ALPN), else HTTP/1.1; "2" = nothing less, else UNSUPPORTED.
    conditional: where a right answer of before is remembered, ask only whether it has changed.
    """

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    family: Family = "any"
    connect_to: str = ""
    ca_file: str = ""
    verify: bool = True
    max_body: int = 1_048_576
    max_kept: int = 1 << 40
    stall: float | None = None
    version: HttpVersion = "auto"
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class HttpExchange:
    """What happened, also when it failed half way.

    phases: resolve, connect, tls (https only), processing (request written to first byte of the answer), transfer
    (first to last byte). A phase that was never reached is absent; the phase that hung holds the time that it hung.
    body_size counts what arrived, body holds at most max_body and max_kept of it; complete is False when it was cut at
    max_body.
    unchanged: asked only for what has changed since a right answer, the server says that nothing has (304).
    """

    phases: Mapping[str, float]
    address: str = ""
    status: int | None = None
    version: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    body_size: int = 0
    complete: bool = False
    tls: TlsFacts | None = None
    failure: Failure | None = None
    unchanged: bool = False


class HttpPort(Protocol):
    """HTTP over TCP and TLS."""

    async def exchange(self, request: HttpRequest, timeout: float) -> HttpExchange:
        """Never raises for what the network or the server does: failures are part of the exchange."""
        ...

    def remember(self, request: HttpRequest, exchange: HttpExchange) -> None:
        """The answer was right: a conditional request for the same address may stand on it for an hour."""
        ...
