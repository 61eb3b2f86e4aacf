"""Following redirects: where to next, with which headers, and when to stop. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import SplitResult, urljoin, urlsplit

from collectors.core.ports import HttpExchange, HttpRequest
from collectors.core.values import HostPort, Url

_REDIRECTS = (301, 302, 303, 307, 308)
_PORTS = {"http": 80, "https": 443}

Cookies = Mapping[tuple[str, str], str]  # (host, name): value


class RedirectError(Exception):
    """The answer sends us somewhere that cannot be followed; the text says why."""


def next_request(request: HttpRequest, exchange: HttpExchange, cookies: Cookies) -> HttpRequest | None:
    """The request that the redirect asks for, None when the answer is not one. Raises RedirectError.

    The target's own headers, which may be keys, go to the first host only.
    """
    if exchange.failure or exchange.status not in _REDIRECTS:
        return None
    location = header(exchange, "location")
    if not location:
        raise RedirectError(f"status {exchange.status} without a Location")
    try:
        url = Url.parse(urljoin(request.url, location.strip().replace(" ", "%20")).partition("#")[0])
    except ValueError:
        raise RedirectError("redirect to something that is not an http or https address") from None
    before, after = urlsplit(request.url), urlsplit(url)
    own = tuple((name, value) for name, value in request.headers if name.lower() != "cookie")
    headers = own if before.hostname == after.hostname else ()
    sent = "; ".join(f"{name}={value}" for (host, name), value in cookies.items() if host == after.hostname)
    headers += (("Cookie", sent),) if sent else ()
    return replace(request, url=url, headers=headers, connect_to=_connect_to(request.connect_to, before, after))


def keep_cookies(cookies: Cookies, request: HttpRequest, exchange: HttpExchange) -> Cookies:
    """Cookies of this run only, each for the host that set it: many portals redirect to themselves to see one back."""
    host = urlsplit(request.url).hostname or ""
    found = dict(cookies)
    for name, value in exchange.headers:
        if name.lower() == "set-cookie":
            pair = value.partition(";")[0]
            key, _, content = pair.partition("=")
            if key.strip() and pair.isascii() and pair.isprintable():
                found[host, key.strip()] = content.strip()
    return found


def header(exchange: HttpExchange, name: str) -> str:
    """The first header of that name, "" when there is none."""
    return next((value for given, value in exchange.headers if given.lower() == name), "")


def _connect_to(instead: str, before: SplitResult, after: SplitResult) -> str:
    """The replaced address holds for the same host; one with a port only for the same port, too."""
    if not instead or before.hostname != after.hostname:
        return ""
    same_port = (before.port or _PORTS[before.scheme]) == (after.port or _PORTS[after.scheme])
    return instead if same_port or HostPort.parse(instead).port is None else ""
