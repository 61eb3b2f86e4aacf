"""Who is told: Alertmanager's routes, from the inventory's contacts. A receiver is a list of channels of the relay.

Watchdog          the dead man's switch, outside
centre            what nobody was named for: the relay's default channels
country           a national outage: every province, and whoever answers for the service
province-NN       everything else of a province; beside it the power company for power, an operator for its links,
                  an owner for its services
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from alerts.inhibition import inhibit_rules
from alerts.promql import duration
from alerts.relay.payload import CHANNEL, WEBHOOK
from alerts.render import INCIDENT
from alerts.rule import ALERT_NAME, Cause, Scope, Severity
from alerts.settings import Settings
from inventory.labels import OPERATOR, PROVINCE, SERVICE
from inventory.model import Inventory, Province
from inventory.schema import Contact

_MOST_ALERTS = 100  # of one group in one call of the webhook; the rest is counted
_WATCHDOG = "watchdog"
_CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class Route:
    """`matchers` send to a receiver with these channels; `beside` = and go on looking for others."""

    receiver: str
    matchers: tuple[str, ...]
    channels: tuple[str, ...]
    beside: bool = False
    info: bool = False


def alertmanager(settings: Settings, inventory: Inventory, relay: str, watchdog: str = "") -> Mapping[str, Any]:
    """The whole configuration. `relay` and `watchdog` are base URLs; without the latter nobody hears the Watchdog."""
    routes = (*_country(inventory), *(route for one in inventory.provinces.values() for route in _province(one)))
    channels = {_CENTRE: (), **{route.receiver: route.channels for route in routes}}
    return {
        "route": {
            "receiver": _CENTRE,
            "group_by": [INCIDENT],
            **_timing(settings),
            "routes": [_watchdog_route(settings), *(_route(route, settings) for route in routes)],
        },
        "inhibit_rules": inhibit_rules(),
        "receivers": [_watchdog_receiver(watchdog), *(_receiver(name, relay, of) for name, of in channels.items())],
    }


def _country(inventory: Inventory) -> Iterator[Route]:
    """One notification for a national outage, however many provinces hear of it."""
    scope = f'scope="{Scope.COUNTRY}"'
    provinces = inventory.provinces.values()
    for owner in sorted({owner for province in provinces for owner in province.contacts.owners}):
        contacts = [province.contacts.owners[owner] for province in provinces if owner in province.contacts.owners]
        services = {service for province in provinces for service in _services(province, owner)}
        if services:
            yield Route(f"country-owner-{owner}", (scope, _any(SERVICE, services)), _channels(contacts), beside=True)
    yield Route("country", (scope,), _channels(province.contacts.province for province in provinces))


def _province(province: Province) -> Iterator[Route]:
    """Those who are told beside the province, then the province itself."""
    here, name, contacts = f'{PROVINCE}="{province.code}"', f"province-{province.code}", province.contacts
    if contacts.power:
        yield Route(f"{name}-power", (here, f'cause="{Cause.POWER}"'), _channels([contacts.power]), beside=True)
    for operator, contact in sorted(contacts.operators.items()):
        links = (here, f'{OPERATOR}="{operator}"')
        yield Route(f"{name}-operator-{operator}", links, _channels([contact]), beside=True)
    for owner, contact in sorted(contacts.owners.items()):
        if services := _services(province, owner):
            whole = (here, f'scope="{Scope.PROVINCE}"', _any(SERVICE, services))
            yield Route(f"{name}-owner-{owner}", whole, _channels([contact]), beside=True)
    channels = _channels([contacts.province])
    yield Route(name, (here, f'severity="{Severity.INFO}"'), channels, info=True)
    yield Route(name, (here,), channels)


def _services(province: Province, owner: str) -> Iterable[str]:
    return [service.id for service in province.enabled_services if service.owner.id == owner]


def _channels(contacts: Iterable[Contact]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(channel for contact in contacts for channel in contact.channels))


def _any(label: str, values: Iterable[str]) -> str:
    return f'{label}=~"{"|".join(sorted(values))}"'


def _timing(settings: Settings) -> Mapping[str, str]:
    windows = settings.windows
    return {
        "group_wait": duration(windows.group_wait_seconds),
        "group_interval": duration(windows.group_interval_seconds),
        "repeat_interval": duration(windows.repeat_seconds),
    }


def _route(route: Route, settings: Settings) -> Mapping[str, Any]:
    found: dict[str, Any] = {"receiver": route.receiver, "matchers": list(route.matchers)}
    if route.beside:
        found["continue"] = True
    if route.info:
        found["repeat_interval"] = duration(settings.windows.info_repeat_seconds)
    return found


def _receiver(name: str, relay: str, channels: Iterable[str]) -> Mapping[str, Any]:
    query = urlencode([(CHANNEL, channel) for channel in channels])
    url = f"{relay.rstrip('/')}{WEBHOOK}" + (f"?{query}" if query else "")
    return {"name": name, "webhook_configs": [{"url": url, "send_resolved": True, "max_alerts": _MOST_ALERTS}]}


def _watchdog_route(settings: Settings) -> Mapping[str, Any]:
    pressed = duration(settings.windows.watchdog_seconds)
    matchers = [f'{ALERT_NAME}="Watchdog"']
    return {
        "receiver": _WATCHDOG, "matchers": matchers,
        "group_wait": "0s", "group_interval": pressed, "repeat_interval": pressed,
    }  # fmt: skip


def _watchdog_receiver(url: str) -> Mapping[str, Any]:
    webhooks = [{"url": url, "send_resolved": False}] if url else []
    return {"name": _WATCHDOG} | ({"webhook_configs": webhooks} if webhooks else {})
