"""Reason and Reading: what one run of one probe found out.

ProbeError            raised by ports and collectors; carries a Reason and a text for a person
 `-- everything else  is a defect: the runner turns it into Reason.INTERNAL and logs the traceback
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from collectors.core.metric import Sample


class Reason(StrEnum):
    """Why a probe ended as it did: a closed list, exported as the label `reason` of `probe_result`."""

    OK = "ok"
    SLOW = "slow"  # right answer, over the budget
    FROZEN = "frozen"  # connected, then silence: no first byte, or no progress in mid body
    ERROR = "error"  # the far end answered with a failure of its own (HTTP 5xx, SERVFAIL, SNMP genErr)
    BLOCKED = "blocked"  # refused on purpose: 403, 429, a challenge page
    MAINTENANCE = "maintenance"  # a right answer that says "under maintenance"
    DNS = "dns"  # the name does not resolve
    REFUSED = "refused"  # TCP reset or port closed
    UNREACHABLE = "unreachable"  # no route, no answer to the connection attempt
    TIMEOUT = "timeout"  # the whole budget ran out in no particular phase
    TLS = "tls"  # handshake or certificate
    CONTENT = "content"  # answered, but not with what was expected
    REDIRECT = "redirect"  # sent somewhere unexpected
    UNSUPPORTED = "unsupported"  # the far end does not speak what was asked for
    NO_ANSWER = "no_answer"  # datagram protocols: silence (SNMP: nobody there, or a wrong community)
    DENIED = "denied"  # our credentials were rejected
    BAD_ANSWER = "bad_answer"  # garbage, wrong types, truncated
    BUSY = "busy"  # the far end has no slot for us now
    BUDGET = "budget"  # not measured: the link's bytes of the month, or of the day, are used
    INVALID = "invalid"  # measured, but the figure would not be honest, so none is published
    PERMISSION = "permission"  # this machine lacks a right or a tool that the probe needs
    INTERNAL = "internal"  # a defect in communewatch itself

    @property
    def success(self) -> bool:
        """Whether `probe_success` is 1."""
        return self in (Reason.OK, Reason.SLOW)


class NameFailure(StrEnum):
    """How a name failed to resolve, where the reason is DNS: a closed list."""

    NXDOMAIN = "nxdomain"  # it does not exist
    NO_ADDRESS = "no_address"  # it exists, without an address of the wanted kind
    SERVFAIL = "servfail"  # every name server answered with a failure
    TIMEOUT = "timeout"  # no name server answered in time
    NO_SERVER = "no_server"  # this machine has no name server
    BAD_NAME = "bad_name"  # it cannot be a name


class ProbeError(Exception):
    """A probe could not be completed: `reason` for the machine, `message` for a person.

    name_failure  what became of the name where the reason is DNS and that is known
    again         seconds after which the far end wants to be asked again, where it said so
    """

    def __init__(
        self, reason: Reason, message: str, name_failure: NameFailure | None = None, again: float | None = None
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.name_failure = name_failure
        self.again = again


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole result of one run.

    samples     what /metrics shows, in base units, without identity labels
    phases      seconds per phase, in the order in which they happened ("resolve", "connect", ...)
    evidence    lines for a person: what was seen, in plain English (a verdict in Vietnamese too), free of secrets
    seen        what the collector wants to see again when it compares runs; never shown
    again       seconds after which the probe should run again, where its next turn would be too late
    used_bytes  what it took of the link, at the IP layer and both ways; None = it did not say
    """

    result: Reason
    samples: tuple[Sample, ...] = ()
    phases: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    evidence: tuple[str, ...] = ()
    seen: object = None
    again: float | None = None
    used_bytes: int | None = None

    @property
    def success(self) -> bool:
        return self.result.success
