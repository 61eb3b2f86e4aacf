"""Who is told: Alertmanager's routes, and who stands behind each receiver, from the inventory's contacts.

Alertmanager only says which receiver hears of what; the relay reads from receivers.yml who that is, by day and by
night. Mute times of Alertmanager would keep the end of an alert from those who heard of its beginning (ADR 36).

Watchdog          the dead man's switch, outside
centre            what nobody was named for: the relay's default channels, at any hour
country           a national outage: every province, and whoever answers for the service (or several), or the operator
province-NN       everything else of a province; beside it the power company for power, an operator for its links,
                  an owner for its services
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from alerts.inhibition import inhibit_rules
from alerts.lifeline import WATCHDOG
from alerts.promql import duration
from alerts.relay.payload import CHANNEL, WEBHOOK
from alerts.relay.people import Party
from alerts.rule import ALERT_NAME, INCIDENT, Cause, Scope, Severity
from alerts.settings import Settings
from inventory.labels import OPERATOR, OWNER, PROVINCE, SERVICE
from inventory.model import Inventory, Province
from inventory.schema import Contact, Level

_MOST_ALERTS = 100  # of one group in one call of the webhook; the rest is counted
_WATCHDOG = "watchdog"
_CENTRE = "centre"
_NOT_THEIRS = (Cause.POWER, Cause.SERVICE, Cause.OFFICE, Cause.AGENT, Cause.UNKNOWN)
_LINES = f'cause!~"{"|".join(_NOT_THEIRS)}"'  # what an operator answers for
_COUNTRY = f'scope="{Scope.COUNTRY}"'
_UNPLANNED = f'{ALERT_NAME}!="PlannedWork"'  # who plans work need not be told of it: only the province is


@dataclass(frozen=True, slots=True)
class Route:
    """`matchers` send to a receiver, behind whom these stand; `beside` = and go on looking for others."""

    receiver: str
    matchers: tuple[str, ...]
    parties: tuple[Party, ...]
    beside: bool = False
    info: bool = False


_INFO = f'severity="{Severity.INFO}"'
_CENTRE_INFO = Route(_CENTRE, (_INFO,), (), info=True)  # what is nobody else's, and can wait


def alertmanager(settings: Settings, inventory: Inventory, relay: str, watchdog: str = "") -> Mapping[str, Any]:
    """The whole configuration. `relay` and `watchdog` are base URLs; without the latter nobody hears the Watchdog."""
    routes = _routes(inventory)
    told = {_CENTRE: (), **{route.receiver: route.parties for route in routes}}
    return {
        "route": {
            "receiver": _CENTRE,
            "group_by": [INCIDENT],
            **_timing(settings),
            "routes": [_watchdog_route(settings), *(_route(route, settings) for route in (*routes, _CENTRE_INFO))],
        },
        "inhibit_rules": inhibit_rules(),
        "receivers": [_watchdog_receiver(watchdog), *(_receiver(name, relay, of) for name, of in told.items())],
    }


def receivers(inventory: Inventory) -> Mapping[str, tuple[Party, ...]]:
    """Who stands behind each receiver; nobody behind the centre: the relay's default channels."""
    return {route.receiver: route.parties for route in _routes(inventory)}


def receivers_file(inventory: Inventory) -> Mapping[str, Any]:
    """The same as receivers.yml has it."""
    found = {name: [_plain(party) for party in parties] for name, parties in receivers(inventory).items()}
    return {"version": 1, "receivers": found}


def _routes(inventory: Inventory) -> Sequence[Route]:
    return (*_country(inventory), *(route for one in inventory.provinces.values() for route in _province(one)))


def _country(inventory: Inventory) -> Iterator[Route]:
    """One notification for a national outage, however many provinces hear of it."""
    provinces = inventory.provinces.values()
    for owner in sorted({owner for province in provinces for owner in province.contacts.owners}):
        parties = [_party(one, one.contacts.owners[owner]) for one in provinces if owner in one.contacts.owners]
        services = {service for province in provinces for service in _services(province, owner)}
        if services:
            for told in ((_any(SERVICE, services),), (f'{OWNER}="{owner}"', f'{SERVICE}=""')):
                yield Route(f"country-owner-{owner}", (_COUNTRY, *told), _once(parties), beside=True)
    for operator in sorted({operator for province in provinces for operator in province.contacts.operators}):
        parties = [
            _party(one, one.contacts.operators[operator]) for one in provinces if operator in one.contacts.operators
        ]
        links = (_COUNTRY, f'{OPERATOR}="{operator}"', _LINES)
        yield Route(f"country-operator-{operator}", links, _once(parties), beside=True)
    yield Route("country", (_COUNTRY,), _once(_party(province, province.contacts.province) for province in provinces))


def _province(province: Province) -> Iterator[Route]:
    """Those who are told beside the province, then the province itself."""
    here, name, contacts = f'{PROVINCE}="{province.code}"', f"province-{province.code}", province.contacts
    if contacts.power:
        power = (_party(province, contacts.power),)
        yield Route(f"{name}-power", (here, _UNPLANNED, f'cause="{Cause.POWER}"'), power, beside=True)
    for operator, contact in sorted(contacts.operators.items()):
        links = (here, _UNPLANNED, f'{OPERATOR}="{operator}"', _LINES)
        yield Route(f"{name}-operator-{operator}", links, (_party(province, contact),), beside=True)
    for owner, contact in sorted(contacts.owners.items()):
        if services := _services(province, owner):
            whole = (here, _UNPLANNED, f'scope="{Scope.PROVINCE}"', _any(SERVICE, services))
            yield Route(f"{name}-owner-{owner}", whole, (_party(province, contact),), beside=True)
    own = (_party(province, contacts.province),)
    yield Route(name, (here, _INFO), own, info=True)
    yield Route(name, (here,), own)


def _party(province: Province, contact: Contact) -> Party:
    night, digest = province.contacts.night, province.contacts.digest
    return Party(contact.channels, contact.urgent, contact.quiet, contact.escalation, night, digest)


def _once(parties: Iterable[Party]) -> tuple[Party, ...]:
    return tuple(dict.fromkeys(parties))


def _plain(party: Party) -> Mapping[str, Any]:
    """Only what is said; durations and hours as the relay reads them."""
    found: dict[str, Any] = {name: list(getattr(party, name)) for name in ("channels", "urgent", "quiet")}
    found["escalation"] = [_plain_level(level) for level in party.escalation]
    found |= {name: str(getattr(party, name) or "") for name in ("night", "digest")}
    return {name: value for name, value in found.items() if value}


def _plain_level(level: Level) -> Mapping[str, Any]:
    after = {"critical": level.critical, "warning": level.warning}
    times = {name: duration(seconds) for name, seconds in after.items() if seconds is not None}
    return {"channels": list(level.channels), **times}


def _services(province: Province, owner: str) -> Iterable[str]:
    return [service.id for service in province.enabled_services if service.owner.id == owner]


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
    if _COUNTRY in route.matchers:
        found["group_wait"] = duration(settings.windows.country_wait_seconds)
    if route.info:
        found["repeat_interval"] = duration(settings.windows.info_repeat_seconds)
    return found


def _receiver(name: str, relay: str, parties: Iterable[Party]) -> Mapping[str, Any]:
    """The channels stand in the address for a relay without receivers.yml: it tells them at any hour."""
    channels = dict.fromkeys(channel for party in parties for channel in party.channels)
    query = urlencode([(CHANNEL, channel) for channel in channels])
    url = f"{relay.rstrip('/')}{WEBHOOK}" + (f"?{query}" if query else "")
    return {"name": name, "webhook_configs": [{"url": url, "send_resolved": True, "max_alerts": _MOST_ALERTS}]}


def _watchdog_route(settings: Settings) -> Mapping[str, Any]:
    """Alertmanager looks once in each group_interval whether repeat_interval has gone by since it told: with the two
    alike it just has not, and tells at each second look only.
    """
    pressed = settings.windows.watchdog_seconds
    matchers = [f'{ALERT_NAME}="{WATCHDOG}"']
    return {
        "receiver": _WATCHDOG, "matchers": matchers,
        "group_wait": "0s", "group_interval": duration(pressed), "repeat_interval": duration(pressed / 2),
    }  # fmt: skip


def _watchdog_receiver(url: str) -> Mapping[str, Any]:
    webhooks = [{"url": url, "send_resolved": False}] if url else []
    return {"name": _WATCHDOG} | ({"webhook_configs": webhooks} if webhooks else {})
