"""relay.yml: the channels, who gets what nobody was named for, and how patiently it is tried again."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from alerts.relay.pages import Pages
from alerts.relay.template import HttpTemplate
from alerts.relay.tokens import ZaloApp
from alerts.relay.zns import Zns
from collectors.core.values import Duration, HostPort, Secret, Url

Doubt = Literal["later", "again", "skip"]


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach people: `url`, `http` or `zns`.

    url            as apprise writes it (zalo://, mailtos://, tgram://, json://, ...); `log:` only writes the log line
    http           any service over HTTP: an SMS gateway, a webhook
    zns            Zalo's notification service for official accounts
    form           full, or short: one SMS without diacritics
    only_critical  leave this one in peace for anything less
    per_minute     messages, at most
    fallback       the channel that takes over after some attempts, "" = none
    doubt          where it cannot be known whether a message was taken: send it again after the time of `idempotency`
                   (later), at once since the service knows a message by its id (again), or never (skip)
    """

    url: Secret | None = None
    http: HttpTemplate | None = None
    zns: Zns | None = None
    form: Literal["full", "short"] = "full"
    only_critical: bool = False
    per_minute: int = 20
    fallback: str = ""
    doubt: Doubt = "later"

    def check(self) -> Iterable[tuple[str, str]]:
        """A channel that may never send, or in two ways, is a slip."""
        if self.per_minute < 1:
            yield "per_minute", "should be at least 1"
        if sum(map(bool, (self.url, self.http, self.zns))) != 1:
            yield "url", "a channel has exactly one of url, http and zns"


@dataclass(frozen=True, slots=True)
class Retry:
    """Waits double from `first` to `longest`; after `attempts` a fallback takes over; after `give_up` nobody tries."""

    first: Duration = Duration(5)
    longest: Duration = Duration(300)
    attempts: int = 4
    give_up: Duration = Duration(86400)

    def check(self) -> Iterable[tuple[str, str]]:
        """Without a wait between attempts nothing else would be done."""
        if self.first <= 0:
            yield "first", "should be more than 0"
        if self.longest < self.first:
            yield "longest", "should be at least `first`"
        if self.attempts < 1:
            yield "attempts", "should be at least 1"

    @property
    def patience(self) -> float:
        """Seconds after which a fallback takes over at the latest."""
        return sum(self.wait(failures) for failures in range(1, min(self.attempts, 1000)))

    def wait(self, failures: int) -> float:
        """Seconds until the next attempt after so many failures (at least one)."""
        return float(min(self.first * 2 ** min(failures - 1, 30), self.longest))


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """The page on which somebody says that he sees to it.

    listen  a port for this page alone, behind a proxy that people's phones reach
    url     what they reach it by, such as https://canhbao.example.vn
    """

    url: Url
    listen: HostPort = HostPort("127.0.0.1", 9824)

    def check(self) -> Iterable[tuple[str, str]]:
        """It needs a port to listen on."""
        if self.listen.port is None:
            yield "listen", "needs a port, for example 127.0.0.1:9824"


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """The whole file. `default` hears of what no channel was named for, or only channels that do not exist.

    receivers     receivers.yml as `communewatch alerts build` writes it: who stands behind each receiver, day and night
    zalo          the application of the official account, for channels with `zns`
    alertmanager  asked each minute about incidents that are open: silenced or inhibited ones count as acknowledged,
                  and the end of those that it kept back is told
    pages         where the links of messages lead
    idempotency   the same message is not sent twice to the same channel within this time
    """

    version: Literal["1"]
    queue: Path
    channels: Mapping[str, Channel]
    default: tuple[str, ...]
    listen: HostPort = HostPort("127.0.0.1", 9819)
    receivers: Path | None = None
    zalo: ZaloApp | None = None
    acknowledge: Acknowledge | None = None
    alertmanager: Url | None = None
    pages: Pages = field(default_factory=Pages)
    queue_limit: int = 10_000
    idempotency: Duration = Duration(600)
    retry: Retry = field(default_factory=Retry)

    def check(self) -> Iterable[tuple[str, str]]:
        """Names that lead nowhere, and fallbacks that lead in a circle."""
        if self.listen.port is None:
            yield "listen", "needs a port, for example 127.0.0.1:9819"
        if self.queue_limit < 1:
            yield "queue_limit", "should be at least 1"
        if not self.default:
            yield "default", "is empty: somebody should hear of what nobody was named for"
        for name in self.default:
            if name not in self.channels:
                yield "default", f"{name} is not one of the channels"
        for name, channel in self.channels.items():
            yield from self._check_channel(name, channel)

    def _check_channel(self, name: str, channel: Channel) -> Iterator[tuple[str, str]]:
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,62}", name):
            yield "channels", f"{name!r}: a name is made of small letters, digits, - and _"
        if channel.zns and not self.zalo:
            yield "channels", f"{name}: zns needs the application of the official account, `zalo:`"
        if channel.fallback and channel.fallback not in self.channels:
            yield "channels", f"{name}: its fallback {channel.fallback} is not one of the channels"
        seen = {name}
        while (successor := channel.fallback) and successor in self.channels:
            if successor in seen:
                yield "channels", f"{name}: its fallbacks lead in a circle"
                break
            seen.add(successor)
            channel = self.channels[successor]
