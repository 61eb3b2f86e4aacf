"""Cookies of one run, by RFC 6265: who gets one back, under which path, for how long. Pure; forgotten afterwards."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

_MOST = 50  # cookies of a run
_LONGEST = 4096  # characters of a name and its value
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Under a country's domain these words are no owner's name. A full list of public suffixes would be a dependency, and a
# journey only ever talks to the few hosts that it names.
_SHARED = frozenset(
    ("ac", "biz", "com", "edu", "gov", "health", "id", "info", "int", "io", "mil", "name", "net", "org")
)


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie. `expires` is Unix time, None until the end of the run."""

    name: str
    value: str
    domain: str
    path: str
    host_only: bool
    secure: bool
    expires: float | None

    @property
    def key(self) -> tuple[str, str, str]:
        """A cookie of the same key is replaced (RFC 6265, section 5.3, step 11)."""
        return self.name, self.domain, self.path

    def fits(self, url: SplitResult, now: float) -> bool:
        """RFC 6265, section 5.4, step 1."""
        host, path = url.hostname or "", url.path or "/"
        at_home = host == self.domain if self.host_only else _domain_matches(host, self.domain)
        below = path == self.path or path.startswith(self.path if self.path.endswith("/") else self.path + "/")
        return at_home and below and (url.scheme == "https" or not self.secure) and not self.is_over(now)

    def is_over(self, now: float) -> bool:
        return self.expires is not None and self.expires <= now


Jar = tuple[Cookie, ...]  # in the order in which they were first set


def keep(jar: Jar, url: str, headers: Iterable[tuple[str, str]], now: float) -> Jar:
    """The jar after an answer from `url`; what cannot be kept is dropped without a word, as browsers do."""
    for name, value in headers:
        if name.lower() == "set-cookie" and (cookie := _read(value, urlsplit(url), now)):
            jar = _with(jar, cookie)
    return tuple(cookie for cookie in jar if not cookie.is_over(now))[-_MOST:]


def sent(jar: Jar, url: str, now: float) -> str:
    """The Cookie header for a request, "" without any: longer paths first, then the older ones."""
    fitting = sorted(_fitting(jar, url, now), key=lambda cookie: -len(cookie.path))
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in fitting)


def value_of(jar: Jar, url: str, name: str, now: float) -> str:
    """The value that a request to `url` would carry under this name, "" for none."""
    fitting = sorted(_fitting(jar, url, now), key=lambda cookie: -len(cookie.path))
    return next((cookie.value for cookie in fitting if cookie.name == name), "")


def _fitting(jar: Jar, url: str, now: float) -> list[Cookie]:
    parts = urlsplit(url)
    return [cookie for cookie in jar if cookie.fits(parts, now)]


def _with(jar: Jar, cookie: Cookie) -> Jar:
    if any(cookie.key == other.key for other in jar):
        return tuple(cookie if cookie.key == other.key else other for other in jar)
    return (*jar, cookie)


def _read(text: str, url: SplitResult, now: float) -> Cookie | None:
    pair, *rest = text.split(";")
    name, equals, value = (part.strip() for part in pair.partition("="))
    if not (name and equals) or len(pair) > _LONGEST or not pair.isascii() or not pair.isprintable():
        return None
    attributes = {key.strip().lower(): word.strip() for key, _, word in (part.partition("=") for part in rest)}
    host, domain = url.hostname or "", attributes.get("domain", "").lower().removeprefix(".")
    if domain and domain != host and (not _domain_matches(host, domain) or _is_shared(domain)):
        return None
    return Cookie(
        name=name,
        value=value,
        domain=domain or host,
        path=_path(attributes.get("path", ""), url),
        host_only=not domain or _is_shared(domain),
        secure="secure" in attributes or url.scheme == "https",  # what came in secret never goes out in clear
        expires=_expires(attributes, now),
    )


def _domain_matches(host: str, domain: str) -> bool:
    """RFC 6265, section 5.1.3: the same, or a host below it; addresses have nothing below them."""
    return host == domain or (host.endswith("." + domain) and not _is_address(host))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_shared(domain: str) -> bool:
    """Whether hosts of different owners live right below it: vn, gov.vn."""
    labels = domain.split(".")
    return len(labels) == 1 or (len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _SHARED)


def _path(given: str, url: SplitResult) -> str:
    """RFC 6265, section 5.1.4: by default the folder of the page that set it."""
    if given.startswith("/"):
        return given
    return url.path.rpartition("/")[0] or "/"


def _expires(attributes: dict[str, str], now: float) -> float | None:
    """Max-Age goes before Expires; what cannot be read does not count."""
    if re.fullmatch(r"-?\d{1,12}", age := attributes.get("max-age", "")):
        return now + int(age) if int(age) > 0 else now
    return cookie_date(attributes.get("expires", ""))


def cookie_date(text: str) -> float | None:
    """RFC 6265, section 5.1.1: the parts of a date in any order, as servers have written them for thirty years."""
    clock = re.search(r"(?<!\d)(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)", text)
    words = re.findall(r"[^\s,;:/-]+", text.replace(clock[0], " ") if clock else text)
    month = next((number for number, name in enumerate(_MONTHS, 1) for word in words if word[:3].lower() == name), 0)
    days = [word for word in words if re.fullmatch(r"\d{1,2}", word)]
    years = [word for word in words if re.fullmatch(r"\d{4}", word)] or days[1:2]
    if not (clock and month and days and years):
        return None
    year = int(years[0]) + (0 if len(years[0]) == 4 else 2000 if int(years[0]) < 70 else 1900)
    hour, minute, second = (int(part) for part in clock.groups())
    try:
        return datetime(year, month, int(days[0]), hour, minute, second, tzinfo=UTC).timestamp()
    except ValueError:
        return None
