"""Following redirects: where to next, with which headers, and when to stop. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import SplitResult, urljoin, urlsplit

from collectors.core.ports import HttpExchange, HttpRequest
from collectors.core.values import HostPort, Url
from collectors.messages.said import Said

_REDIRECTS = (301, 302, 303, 307, 308)
_PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int]  # scheme, host and port (RFC 6454, section 4)
Cookies = Mapping[tuple[Origin, str], str]  # (origin, name): value


class RedirectError(Exception):
    """The answer sends us somewhere that cannot be followed; `why` is for a person."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def next_request(request: HttpRequest, exchange: HttpExchange, cookies: Cookies) -> HttpRequest | None:
    """The request that the redirect asks for, None when the answer is not one. Raises RedirectError.

    The target's own headers, which may be keys, and cookies go to the same origin only: never to another host, to
    another server on the same one, or from https to http, where everybody on the way could read them.
    """
    if exchange.failure or exchange.status not in _REDIRECTS:
        return None
    location = header(exchange, "location")
    if not location:
        raise RedirectError(Said("redirect.nowhere", status=exchange.status))
    try:
        url = Url.parse(urljoin(request.url, location.strip().replace(" ", "%20")).partition("#")[0])
    except ValueError:
        raise RedirectError(Said("redirect.odd")) from None
    before, after = urlsplit(request.url), urlsplit(url)
    own = tuple((name, value) for name, value in request.headers if name.lower() != "cookie")
    headers = own if _origin(before) == _origin(after) else ()
    sent = "; ".join(f"{name}={value}" for (origin, name), value in cookies.items() if origin == _origin(after))
    headers += (("Cookie", sent),) if sent else ()
    return replace(request, url=url, headers=headers, connect_to=_connect_to(request.connect_to, before, after))


def keep_cookies(cookies: Cookies, request: HttpRequest, exchange: HttpExchange) -> Cookies:
    """Cookies of this run, each for the origin that set it: many portals redirect to themselves to see one back."""
    origin = _origin(urlsplit(request.url))
    found = dict(cookies)
    for name, value in exchange.headers:
        if name.lower() == "set-cookie":
            pair = value.partition(";")[0]
            key, _, content = pair.partition("=")
            if key.strip() and pair.isascii() and pair.isprintable():
                found[origin, key.strip()] = content.strip()
    return found


def followed(request: HttpRequest, exchange: HttpExchange) -> tuple[HttpRequest, HttpExchange]:
    """A redirect once it was followed: its page is held no longer, for a chain of them would be megabytes."""
    return request, replace(exchange, body=b"")


def header(exchange: HttpExchange, name: str) -> str:
    """The first header of that name, "" when there is none."""
    return next((value for given, value in exchange.headers if given.lower() == name), "")


def _connect_to(instead: str, before: SplitResult, after: SplitResult) -> str:
    """The replaced address holds for the same host; one with a port only for the same port, too."""
    if not instead or before.hostname != after.hostname:
        return ""
    return instead if _port(before) == _port(after) or HostPort.parse(instead).port is None else ""


def _origin(url: SplitResult) -> Origin:
    return url.scheme, url.hostname or "", _port(url)


def _port(url: SplitResult) -> int:
    return url.port or _PORTS[url.scheme]
