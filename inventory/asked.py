"""Whom a probe asks, and with how many requests at one run: what the budget of a host is counted in. Pure.

A host is one host however it is written: in capitals, with a dot at its end, or as the address to connect to instead.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from unicodedata import normalize
from urllib.parse import urlsplit

from collectors.core.decode import DecodeError
from collectors.core.values import HostPort
from collectors.journey.target import Target as Journey
from inventory.catalogue import CatalogueFile
from inventory.model import FRESHNESS
from inventory.values import Fields, Scope

_USUAL_ECHOES = 3
_MOST_ECHOES = 20  # more the collector refuses


def requests_of(collector: str, target: Fields) -> int:
    """Requests that one probe of a service sends each of its hosts at most.

    A second opinion counts, each version of IP, each echo, and the connection that looks for a stapled answer.
    """
    if collector == FRESHNESS:
        return 1
    opinions = 1 if target.get("second_opinion") == "false" else 2
    staple = 2 if target.get("staple") == "true" else 1  # a connection of its own
    return opinions * staple * (2 if target.get("family") == "both" else 1) * _echoes(target)


def _echoes(target: Fields) -> int:
    if target.get("kind") != "icmp":
        return 1
    written = str(target.get("count", _USUAL_ECHOES))
    return min(int(written), _MOST_ECHOES) if written.isascii() and written.isdecimal() else _USUAL_ECHOES


def hosts_of(target: Fields) -> frozenset[str]:
    """The hosts that a probe of a service asks, none for a file and for the system's own name server."""
    if target.get("kind") == "dns":
        servers = target.get("servers", ())
        named = servers if isinstance(servers, tuple) else (str(servers),)
        found = {_of_place(str(place)) for place in (*named, target.get("server", ""))}
    elif "connect_to" in target:
        found = {_of_place(str(target["connect_to"]))}
    else:
        found = {_of_url(str(target["url"])) if "url" in target else _same(str(target.get("host", "")))}
    return frozenset(found - {""})


def of_journey(journey: Journey) -> Mapping[str, int]:
    """Requests by host. Taken addresses, and redirects, are on hosts that nobody knows yet."""
    steps = (*journey.steps.values(), *journey.clean_up.values())
    return Counter(_of_url(step.url.text) for step in steps if not step.url.whole)


def national_budgets(catalogue: CatalogueFile) -> Mapping[str, float]:
    """Requests a second that a host of the whole country's can bear, whoever asks it and under whatever name."""
    found: dict[str, float] = {}
    for host, budget in (*_of_services(catalogue), *_of_journeys(catalogue)):
        found[host] = max(budget, found.get(host, 0.0))
    return found


def _of_services(catalogue: CatalogueFile) -> Iterator[tuple[str, float]]:
    for entry in catalogue.services.values():
        pace = catalogue.pace(entry)
        if pace and entry.scope is Scope.NATIONAL:
            yield from ((host, pace.budget_per_second) for host in hosts_of(entry.target))


def _of_journeys(catalogue: CatalogueFile) -> Iterator[tuple[str, float]]:
    for entry in catalogue.journeys.values():
        try:
            journey = entry.target.decode(Journey)
        except DecodeError:  # told with the catalogue
            continue
        yield from ((host, entry.pace.budget_per_second) for host in of_journey(journey))


def _of_url(url: str) -> str:
    try:
        return _same(urlsplit(url).hostname or "")
    except ValueError:  # told with the target
        return ""


def _of_place(place: str) -> str:
    try:
        return _same(HostPort.parse(place).host)
    except ValueError:
        return ""


def _same(host: str) -> str:
    """As a resolver is asked for it: a wide letter is the usual one (RFC 3491), a wide full stop a dot (RFC 3490)."""
    return normalize("NFKC", host).replace("\u3002", ".").casefold().rstrip(".")
