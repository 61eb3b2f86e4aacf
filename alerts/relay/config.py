"""relay.yml: the channels, who gets what nobody was named for, and how patiently it is tried again."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from collectors.core.values import Duration, HostPort, Secret


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach people.

    url            as apprise writes it (zalo://, mailtos://, tgram://, json://, ...); `log:` only writes the log line
    form           full, or short: one SMS without diacritics
    only_critical  leave this one in peace for anything less
    per_minute     messages, at most
    fallback       the channel that takes over after some attempts, "" = none
    """

    url: Secret
    form: Literal["full", "short"] = "full"
    only_critical: bool = False
    per_minute: int = 20
    fallback: str = ""

    def check(self) -> Iterable[tuple[str, str]]:
        """A channel that may never send is a slip."""
        if self.per_minute < 1:
            yield "per_minute", "should be at least 1"


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

    def wait(self, failures: int) -> float:
        """Seconds until the next attempt after so many failures (at least one)."""
        return float(min(self.first * 2 ** min(failures - 1, 30), self.longest))


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """The whole file. `default` hears of what no channel was named for, or only channels that do not exist."""

    version: Literal["1"]
    queue: Path
    channels: Mapping[str, Channel]
    default: tuple[str, ...]
    listen: HostPort = HostPort("127.0.0.1", 9819)
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
        if channel.fallback and channel.fallback not in self.channels:
            yield "channels", f"{name}: its fallback {channel.fallback} is not one of the channels"
        seen = {name}
        while (successor := channel.fallback) and successor in self.channels:
            if successor in seen:
                yield "channels", f"{name}: its fallbacks lead in a circle"
                break
            seen.add(successor)
            channel = self.channels[successor]
