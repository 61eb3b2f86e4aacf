"""What is asked for in agent.yml."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from collectors.core.values import HostPort
from collectors.path.networks import Network, Networks


@dataclass(frozen=True, slots=True)
class Target:
    """The way to which host, and what is known beforehand."""

    host: str
    """A name or an IPv4 address; best one of a service that the office lives on."""
    port: int = 443
    """Of TCP, where the host answers its users."""
    resolvers: tuple[HostPort, ...] = ()
    """Name servers to compare the machine's own with."""
    expected: tuple[Network, ...] = ()
    """Networks in which the host's addresses lie; any other answer of a name server is a lie."""
    networks: Networks = field(default_factory=Networks)
    """Whose routers have which addresses."""
    most_hops: int = 30
    """Distances that are asked at most."""

    def check(self) -> Iterable[tuple[str, str]]:
        """The labels stay few, and a port is a port."""
        if not 1 <= self.most_hops <= 30:
            yield "most_hops", "should be between 1 and 30"
        if not 0 < self.port < 65536:
            yield "port", "should be between 1 and 65535"
        if len(self.resolvers) > 8:
            yield "resolvers", "should be 8 at most"
