"""The office's router, where SNMP tells of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from collectors.core.ports import SnmpAgent
from collectors.core.values import Secret

if TYPE_CHECKING:
    from collectors.ups.target import Target as Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Router:
    """How to speak with it.

    router   host name or address; "" = no router is asked
    version  2c uses the community; 3 uses user, auth, auth_key, privacy, privacy_key; 1 knows small counters only
    """

    router: str = ""
    port: int = 161
    version: Literal["1", "2c", "3"] = "2c"
    community: Secret = field(default_factory=lambda: Secret("public"))
    user: str = ""
    auth: Literal["none", "md5", "sha", "sha224", "sha256", "sha384", "sha512"] = "none"
    auth_key: Secret = field(default_factory=lambda: Secret(""))
    privacy: Literal["none", "des", "3des", "aes128", "aes192", "aes256", "aes192c", "aes256c"] = "none"
    privacy_key: Secret = field(default_factory=lambda: Secret(""))

    def check(self) -> Iterator[tuple[str, str]]:
        """The rules of every SNMP agent, where there is a router."""
        if self.router:
            yield from ((name.replace("host", "router"), why) for name, why in self._card().check())

    @property
    def needs(self) -> frozenset[str]:
        """Ports."""
        return frozenset(("snmp" if self.router else "host",))

    @property
    def agent(self) -> SnmpAgent:
        return self._card().agent

    def _card(self) -> "Card":
        from collectors.ups.target import Target as Card  # noqa: PLC0415 - brings the families of all UPSes along

        return Card(
            self.router, self.port, self.version, self.community, self.user, self.auth, self.auth_key, self.privacy,
            self.privacy_key,
        )  # fmt: skip
