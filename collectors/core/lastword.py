"""The last word of an office: what its agent tells the province by itself, and what it says of its absence afterwards.

Closed lists that the agent fills, and that rules, boards and the officers' page speak of.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from collectors.core.values import Duration, Secret, Url


class Word(StrEnum):
    """What the agent says, in the moment in which it becomes true."""

    MAINS = "mains"
    SUSPECT = "suspect"  # a UPS says battery, not confirmed yet: should the router die now, nothing else gets out
    OUTAGE = "outage"
    LOW_BATTERY = "low_battery"
    DYING = "dying"  # all that was held is on disk, and nothing more is written until mains is back
    STOPPING = "stopping"  # the agent is told to end: a machine that is shut down, or an update
    UNKNOWN = "unknown"  # the agent speaks, and nothing tells it of the power

    @property
    def on_battery(self) -> bool:
        """Whether a silence that follows is one of power."""
        return self in (Word.SUSPECT, Word.OUTAGE, Word.LOW_BATTERY, Word.DYING)

    @property
    def nearly_empty(self) -> bool:
        return self in (Word.LOW_BATTERY, Word.DYING)


class Away(StrEnum):
    """Why an office's agent was away."""

    POWER = "power"
    SHUTDOWN = "shutdown"  # the machine was shut down in order
    AGENT = "agent"  # the machine ran on: the agent was restarted, updated or killed
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """What the cause of an absence rests on."""

    UPS = "ups"  # the last word of a UPS was: on battery
    INFERRED = "inferred"  # the machine lost its power without a word, and stayed dark
    JOURNAL = "journal"  # the agent's own marks: a clean end, or the same boot of the machine
    NONE = "none"


Why = tuple[Away, Evidence]
WHYS: tuple[Why, ...] = (
    (Away.POWER, Evidence.UPS),
    (Away.POWER, Evidence.INFERRED),
    (Away.SHUTDOWN, Evidence.JOURNAL),
    (Away.AGENT, Evidence.JOURNAL),
    (Away.UNKNOWN, Evidence.NONE),
)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where the last word goes: any receiver of Prometheus remote write 1.0.

    url      for example https://prometheus.example.vn/api/v1/write
    ca_file  the authority that signed the receiver's certificate, "" = those of the machine
    token    sent as a bearer token; instead of it user and password for HTTP basic authentication
    tenant   sent as X-Scope-OrgID, for stores that ask for it
    timeout  of one attempt
    """

    url: Url
    ca_file: str = ""
    token: Secret = field(default_factory=lambda: Secret(""))
    user: str = ""
    password: Secret = field(default_factory=lambda: Secret(""))
    tenant: str = ""
    timeout: Duration = Duration(5)

    def check(self) -> Iterable[tuple[str, str]]:
        """What the types cannot say."""
        if self.token and self.user:
            yield "token", "and user exclude each other: choose one way to log in"
        if bool(self.user) != bool(self.password):
            yield "password" if self.user else "user", "is missing: basic authentication needs both"
        if (self.token or self.password) and self.url.startswith("http:") and not _is_loopback(self.url):
            yield "url", "should be https://, else the token or password crosses the network in the clear"
        if not 0.5 <= self.timeout <= 30:
            yield "timeout", "should be between 500ms and 30s"
        texts = {"tenant": self.tenant, "token": self.token.reveal(), "user": self.user}
        for name, text in texts.items():
            if text != text.strip() or not all(" " <= letter <= "~" for letter in text):
                yield name, "should be ASCII in one line, without blanks around it: it goes into a header"
        if ":" in self.user:
            yield "user", "should not hold a colon (RFC 7617)"


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
