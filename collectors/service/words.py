"""The small values that a service's target is made of; each reads itself from a scalar."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from re import _parser as sre  # type: ignore[attr-defined]  # the only reader of patterns that Python has
from typing import Any

_STEP = re.compile(r"\.([^.\[\]'\s]+)|\[(\d{1,6})\]|\['([^']*)'\]")


class Kind(StrEnum):
    """How to ask a service whether it works."""

    HTTP = "http"
    TCP = "tcp"
    TLS = "tls"
    DNS = "dns"
    ICMP = "icmp"
    NTP = "ntp"
    SMTP = "smtp"
    IMAP = "imap"
    SSH = "ssh"
    OCSP = "ocsp"
    CRL = "crl"
    TIMESTAMP = "timestamp"


def _repeats_repeats(node: Any, *, inside: bool = False) -> bool:
    """Whether something unbounded stands inside something unbounded: what makes a search take exponential time."""
    if isinstance(node, sre.SubPattern):
        return any(_repeats_repeats(part, inside=inside) for part in node.data)
    if isinstance(node, list):
        return any(_repeats_repeats(part, inside=inside) for part in node)
    if not isinstance(node, tuple):
        return False
    if len(node) == 2 and node[0] in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        _, most, repeated = node[1]
        unbounded = most == sre.MAXREPEAT
        return (inside and unbounded) or _repeats_repeats(repeated, inside=inside or unbounded)
    return any(_repeats_repeats(part, inside=inside) for part in node)


@dataclass(frozen=True, slots=True)
class Regexp:
    """A regular expression that is known to compile. `.` also matches line ends."""

    pattern: re.Pattern[str]

    @classmethod
    def parse(cls, text: str) -> "Regexp":
        try:
            pattern = re.compile(text, re.DOTALL)
            endless = _repeats_repeats(sre.parse(text, re.DOTALL))
        except (re.error, OverflowError, RecursionError) as error:
            raise ValueError(f"{text!r} is not a regular expression: {error}") from None
        if endless:
            raise ValueError(f"{text!r} repeats a repeat, as in (a+)+: on some pages it would search for ever")
        return cls(pattern)

    def __str__(self) -> str:
        return self.pattern.pattern


@dataclass(frozen=True, slots=True)
class Statuses:
    """HTTP status codes: 401, 2xx or 200-204."""

    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> "Statuses":
        if match := re.fullmatch(r"([1-5])xx", text):
            return cls(int(match[1]) * 100, int(match[1]) * 100 + 99)
        match = re.fullmatch(r"(\d{3})(?:-(\d{3}))?", text)
        if match and 100 <= int(match[1]) <= int(match[2] or match[1]) <= 599:
            return cls(int(match[1]), int(match[2] or match[1]))
        raise ValueError(f"{text!r} is not an HTTP status; write 401, 2xx or 200-204")

    @property
    def exact(self) -> bool:
        """Whether it is one status, neither a class nor a range."""
        return self.first == self.last

    def __contains__(self, status: int) -> bool:
        return self.first <= status <= self.last


@dataclass(frozen=True, slots=True)
class JsonPath:
    """The part of RFC 9535 that names one place: $.data.items[0].state, $['a name'].state."""

    steps: tuple[str | int, ...]

    @classmethod
    def parse(cls, text: str) -> "JsonPath":
        if not text.startswith("$") or _STEP.sub("", text[1:]):
            raise ValueError(f"{text!r} is not a JSON path; write $.name, $.list[0].name or $['a name']")
        return cls(tuple(_steps(text)))

    def find(self, document: object) -> object:
        """What is there. LookupError when nothing is."""
        for step in self.steps:
            if isinstance(step, str):
                document = document[step] if isinstance(document, dict) else _nothing(step)
            else:
                document = document[step] if isinstance(document, list) else _nothing(step)
        return document


def _nothing(step: str | int) -> object:
    raise LookupError(step)


def _steps(text: str) -> Iterator[str | int]:
    for name, number, quoted in _STEP.findall(text[1:]):
        yield int(number) if number else name or quoted


@dataclass(frozen=True, slots=True)
class Pem:
    """A certificate as text between BEGIN and END lines; several may follow each other."""

    text: str

    @classmethod
    def parse(cls, text: str) -> "Pem":
        if "-----BEGIN CERTIFICATE-----" not in text or "-----END CERTIFICATE-----" not in text:
            raise ValueError(
                "should be a certificate in PEM form, from its BEGIN to its END line (YAML: `|` before it)"
            )
        return cls(text)

    def __repr__(self) -> str:
        return f"Pem({len(self.text)} characters)"
