"""SNMP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from collectors.core.values import Secret

Oid = str  # dotted numbers without a leading dot: "1.3.6.1.2.1.33.1.2.1.0"
# INTEGER, Gauge, Counter, TimeTicks: int; OCTET STRING: bytes; OBJECT IDENTIFIER: Oid
SnmpValue = int | bytes | Oid
SnmpVersion = Literal["1", "2c", "3"]


@dataclass(frozen=True, slots=True)
class SnmpAgent:
    """Where an SNMP agent listens and how to speak with it: v1 and v2c by community, v3 by user (RFC 3414).

    version "auto" = 2c, and 1 with an agent that only answers that. Version 3 never gives way to another one: a
    community is sent for everybody to read.
    """

    host: str
    port: int = 161
    version: Literal["auto"] | SnmpVersion = "2c"
    community: Secret = field(default_factory=lambda: Secret("public"))
    user: str = ""
    auth: Literal["none", "md5", "sha", "sha224", "sha256", "sha384", "sha512"] = "none"
    auth_key: Secret = field(default_factory=lambda: Secret(""))
    privacy: Literal["none", "des", "3des", "aes128", "aes192", "aes256", "aes192c", "aes256c"] = "none"
    privacy_key: Secret = field(default_factory=lambda: Secret(""))


class SnmpPort(Protocol):
    """SNMP v1, v2c and v3."""

    async def get(self, agent: SnmpAgent, oids: Sequence[Oid], timeout: float) -> Mapping[Oid, SnmpValue]:
        """Plain GETs. Objects that the agent lacks (noSuchObject, noSuchInstance, NULL, v1 noSuchName) are absent.

        Raises ProbeError: NO_ANSWER (silence, or a wrong community), DENIED (v3 user or key), BAD_ANSWER; the real one
        also REFUSED (port closed), UNREACHABLE, DNS, TIMEOUT (too many agents kept waiting).
        """
        ...

    async def find(self, agent: SnmpAgent, marks: Sequence[Oid], timeout: float) -> frozenset[Oid]:
        """Which of these objects the agent has, to recognise it by them; the most telling ones first.

        The answer is remembered: an agent that is known is asked for its other marks in turn and seldom, and for all of
        them after it restarted, was replaced or lost one. A slow agent may not have been asked for all of them yet when
        half of the time was over. Raises as `get` does.
        """
        ...

    async def walk(self, agent: SnmpAgent, root: Oid, most: int, timeout: float) -> Mapping[Oid, SnmpValue]:
        """The objects below root in order, at most this many, by GETNEXT. Raises as `get` does."""
        ...
