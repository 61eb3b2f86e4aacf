"""Target: what agent.yml says of one UPS behind a NUT server."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from collectors.core.values import HostPort, Secret


@dataclass(frozen=True, slots=True)
class Target:
    """A UPS that a NUT server (upsd) reads.

    ups         its name there, "" = the only one that the server has
    user        for servers that want one; upsd wants none for reading. It needs the role `upsmon secondary` there
    """

    host: str
    port: int = 3493
    ups: str = ""
    user: str = ""
    password: Secret = field(default_factory=lambda: Secret(""))

    def check(self) -> Iterator[tuple[str, str]]:
        """What the types cannot say."""
        if not self.host or any(letter.isspace() for letter in self.host):
            yield "host", f"{self.host!r} is not an address or a host name"
        if not 0 < self.port < 65536:
            yield "port", f"{self.port} is not a TCP port"
        for name, text in (("ups", self.ups), ("user", self.user), ("password", self.password.reveal())):
            if not text.isprintable():
                yield name, "has a character in it that cannot be sent"
        if bool(self.user) is not bool(self.password):
            yield "user" if self.password else "password", "is missing: a NUT server wants both or none"


def argument(text: str) -> dict[str, str]:
    """HOST, HOST:PORT or, as NUT's own tools have it, UPS@HOST:PORT. Raises ValueError."""
    ups, _, where = text.rpartition("@")
    place = HostPort.parse(where)
    return {
        "host": place.host,
        **({"port": str(place.port)} if place.port else {}),
        **({"ups": ups} if ups else {}),
    }
