"""The hostile web server's table: a behaviour, and what a probe of the collector `service` should make of it."""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from collectors.core import Reason
from tests.servers.certificates import Certificates
from tests.servers.tcp import Behaviour

Context = Callable[[Certificates], ssl.SSLContext]


@dataclass(frozen=True, slots=True)
class Wrong:
    """One behaviour; the probe's result; the phase in which its exchange failed, "" where it did not fail.

    `scheme`: what the probe takes the server for; `tls`: the server's certificate, None = it speaks no TLS.
    """

    behave: Behaviour
    reason: Reason
    phase: str = ""
    scheme: str = "http"
    tls: Context | None = None


Table = Mapping[str, Wrong]


def rows(phase: str, reason: Reason, **behaviours: Behaviour) -> Table:
    """Behaviours over plain TCP with the same outcome."""
    return {_name(name): Wrong(behave, reason, phase) for name, behave in behaviours.items()}


def rows_of_tls(
    phase: str, reason: Reason, context: Context | None, kind: str = "TLS", /, **behaviours: Behaviour
) -> Table:
    """The same where the probe expects TLS."""
    return {
        f"{kind}: {_name(name)}": Wrong(behave, reason, phase, "https", context) for name, behave in behaviours.items()
    }


def _name(identifier: str) -> str:
    return identifier.replace("_", " ")
