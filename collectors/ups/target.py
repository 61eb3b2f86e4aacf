"""Target: what agent.yml says of one UPS."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from collectors.core.ports import SnmpAgent
from collectors.core.values import HostPort, Secret
from collectors.ups.profile import PROFILES

AUTO = "auto"
SHORTEST_KEY = 8  # characters, RFC 3414, section 11.2
LONGEST_USER = 32  # bytes, RFC 3414, section 2.1


@dataclass(frozen=True, slots=True)
class Target:
    """A network card in or at a UPS.

    version            1 and 2c use the community; 3 uses user, auth, auth_key, privacy, privacy_key; auto = 2c, and 1
                       with a card that only answers that
    mib                auto = find out at each poll, or the name of one profile
    """

    host: str
    port: int = 161
    version: Literal["auto", "1", "2c", "3"] = "auto"
    community: Secret = field(default_factory=lambda: Secret("public"))
    user: str = ""
    auth: Literal["none", "md5", "sha", "sha224", "sha256", "sha384", "sha512"] = "none"
    auth_key: Secret = field(default_factory=lambda: Secret(""))
    privacy: Literal["none", "des", "3des", "aes128", "aes192", "aes256", "aes192c", "aes256c"] = "none"
    privacy_key: Secret = field(default_factory=lambda: Secret(""))
    mib: str = AUTO

    def check(self) -> Iterator[tuple[str, str]]:
        """What the types cannot say."""
        if not self.host or any(letter.isspace() for letter in self.host):
            yield "host", f"{self.host!r} is not an address or a host name"
        if not 0 < self.port < 65536:
            yield "port", f"{self.port} is not a UDP port"
        known = (AUTO, *dict.fromkeys(profile.name for profile in PROFILES))
        if self.mib not in known:
            yield "mib", f"{self.mib!r} is not one of {', '.join(known)}"
        if self.version == "3":
            yield from self._check_user()
        elif self.user:
            yield "user", f"is for SNMP version 3, but the version is {self.version}"

    def _check_user(self) -> Iterator[tuple[str, str]]:
        if not self.user:
            yield "user", "is missing: SNMP version 3 needs one"
        if len(self.user.encode()) > LONGEST_USER:
            yield "user", f"is longer than the {LONGEST_USER} bytes that SNMP allows"
        if self.privacy != "none" and self.auth == "none":
            yield "privacy", "needs authentication too: set auth and auth_key"
        for field_name, protocol, key in (
            ("auth_key", self.auth, self.auth_key),
            ("privacy_key", self.privacy, self.privacy_key),
        ):
            if protocol != "none" and len(key.reveal()) < SHORTEST_KEY:
                yield field_name, f"has fewer than {SHORTEST_KEY} characters, which SNMP does not allow"

    @property
    def agent(self) -> SnmpAgent:
        return SnmpAgent(
            self.host, self.port, self.version, self.community, self.user, self.auth, self.auth_key, self.privacy,
            self.privacy_key,
        )  # fmt: skip


def argument(text: str) -> dict[str, str]:
    """HOST or HOST:PORT, as a person writes it on the command line. Raises ValueError."""
    place = HostPort.parse(text)
    return {"host": place.host} | ({"port": str(place.port)} if place.port else {})
