"""Small value types that targets are made of. Each knows how to read itself from the text of a scalar.

A type that the decoder should read from a scalar has a classmethod `parse(text) -> value` which raises ValueError with
a message for a person.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from collectors.core.credentials import shown

# A fixed offset: UTC+7 without summer time since 1975, and a machine may lack the time zone database.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+")
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that never shows itself: not in logs, pages, tracebacks or `repr`. `reveal()` at the last moment.

    written_out  it stands in the file itself, instead of in one that only the agent may read
    """

    _text: str
    written_out: bool = field(default=False, compare=False)

    def reveal(self) -> str:
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__


# Stands for a {file:} or {env:} that was not read; long enough for rules about the length of keys.
UNREAD = Secret("a secret that was not read here")


class Duration(float):
    """Seconds, written as Prometheus writes them: 500ms, 10s, 1m30s, 6h, 7d."""

    @classmethod
    def parse(cls, text: str) -> "Duration":
        if not _DURATION.fullmatch(text):
            raise ValueError(f"{text!r} is not a duration; write 500ms, 10s, 1m30s, 6h or 7d")
        return cls(sum(float(number) * _UNITS[unit] for number, unit in _DURATION_PART.findall(text)))


class Url(str):
    """An absolute http or https URL with a host. Its `repr`, which pages show, leaves out the query."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(shown(self))

    @classmethod
    def parse(cls, text: str) -> "Url":
        told = text.partition("?")[0]  # what follows may be a secret
        try:
            parts = urlsplit(text)
            port_is_fine = parts.port is None or parts.port > 0
        except ValueError as error:
            raise ValueError(f"{told!r} is not a URL: {error}") from None
        if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_fine or re.search(r"\s", text):
            raise ValueError(f"{told!r} is not an http:// or https:// URL")
        if parts.username is not None or parts.password is not None:
            raise ValueError("a URL may not carry a user name or password")
        return cls(text)


def _require_ipv4(text: str) -> None:
    """A host of digits and dots is meant as an address: 10.4.1.999 is a slip, not a name."""
    try:
        IPv4Address(text)
    except ValueError:
        raise ValueError(f"{text!r} is not an IPv4 address") from None


@dataclass(frozen=True, slots=True)
class HostPort:
    """host, host:port, [v6] or [v6]:port; `port` None = the protocol's own."""

    host: str
    port: int | None = None

    @classmethod
    def parse(cls, text: str) -> "HostPort":
        match = re.fullmatch(r"(?:\[([0-9a-fA-F:.%\w]+)\]|([^\s\[\]:/]+))(?::(\d{1,5}))?", text)
        if match:
            host, port = match[1] or match[2], int(match[3]) if match[3] else None
            if re.fullmatch(r"[\d.]+", host):
                _require_ipv4(host)
            if port is None or 0 < port < 65536:
                return cls(host, port)
        elif re.fullmatch(r"[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*", text):
            return cls(text)
        raise ValueError(f"{text!r} is not host, host:port or [address]:port")

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Listen:
    """An address of this machine, or all of them, and a port: 127.0.0.1:1162, 0.0.0.0:1162, [::]:1162."""

    address: IPv4Address | IPv6Address
    port: int

    @classmethod
    def parse(cls, text: str) -> "Listen":
        try:
            place = HostPort.parse(text)
            if place.port:
                return cls(ip_address(place.host), place.port)
        except ValueError:
            pass
        raise ValueError(f"{text!r} is not an address of this machine and a port, such as 0.0.0.0:1162")

    def __str__(self) -> str:
        return str(HostPort(str(self.address), self.port))
