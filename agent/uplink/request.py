"""A remote write request to one receiver, and what its answer means. Pure."""

import base64
from collections.abc import Iterable
from enum import Enum

from agent.uplink.series import Series, encode
from agent.uplink.snappy import compress
from collectors.core.lastword import Receiver
from collectors.core.ports import HttpExchange, HttpRequest

_ANSWER = 4096  # bytes of it that are looked at
_PUT_RIGHT = (401, 403, 404, 405, 407, 408, 415, 429)


class Fate(Enum):
    """What becomes of what was sent."""

    TAKEN = "taken"
    REFUSED = "refused"  # for good: the specification forbids to send it again
    LATER = "later"


def request(to: Receiver, found: Iterable[Series]) -> HttpRequest:
    """Without series it asks for nothing but an answer."""
    headers = [
        ("Content-Encoding", "snappy"),
        ("Content-Type", "application/x-protobuf"),
        ("X-Prometheus-Remote-Write-Version", "0.1.0"),
    ]
    if to.token:
        headers.append(("Authorization", f"Bearer {to.token.reveal()}"))
    if to.user:
        pair = f"{to.user}:{to.password.reveal()}".encode()
        headers.append(("Authorization", f"Basic {base64.b64encode(pair).decode('ascii')}"))
    if to.tenant:
        headers.append(("X-Scope-OrgID", to.tenant))
    body = compress(encode(found))
    return HttpRequest(
        str(to.url), "POST", tuple(headers), body, ca_file=to.ca_file, max_body=_ANSWER, stall=to.timeout, version="1.1"
    )


def fate(exchange: HttpExchange) -> Fate:
    """Only a refusal of what was sent is one: logins, addresses and proxies can be put right while we wait."""
    status = exchange.status
    if exchange.failure or status is None:
        return Fate.LATER
    if 200 <= status < 300:
        return Fate.TAKEN
    return Fate.REFUSED if 400 <= status < 500 and status not in _PUT_RIGHT else Fate.LATER


def reason(exchange: HttpExchange) -> str:
    """A short word for the counter: the port's own reason, or the status."""
    if exchange.failure:
        return str(exchange.failure.reason)
    return f"http_{exchange.status}"
