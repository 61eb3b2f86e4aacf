"""The small values that a service's target is made of; each reads itself from a scalar."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

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
