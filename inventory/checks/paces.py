"""How often services are asked: no more than their owners can bear, each by itself and all on one host together."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from collectors.core.decode import DecodeError
from collectors.core.problem import Problem
from collectors.journey.target import Target as Journey
from inventory import budgets, resolve, targets
from inventory.asked import hosts_of, national_budgets, requests_of
from inventory.asked import of_journey as hosts_of_journey
from inventory.catalogue import CatalogueEntry, CatalogueFile, JourneyEntry, Pace
from inventory.files import ProvinceFiles
from inventory.register import Register
from inventory.schema import JourneyChoice, ServiceEntry
from inventory.values import Scope


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a province sends one host: every so many seconds so many requests; share: requests a second that are its.

    where  the place in services.yml, without `every`
    """

    where: str
    requests: int
    every: float
    share: float

    @property
    def rate(self) -> float:
        """Requests a second of the whole province, at most."""
        return self.requests / self.every

    @property
    def name(self) -> str:
        return self.where.partition(".")[2]


def of_service(
    files: ProvinceFiles,
    key: str,
    entry: CatalogueEntry,
    choice: ServiceEntry,
    pace: Pace,
    register: Register,
    national: Mapping[str, float],
) -> Iterator[Problem]:
    """An interval that the collector cannot keep, or that is shorter than the province's share allows."""
    asked = _service(files, key, entry, choice, pace, register, national)
    timeout = choice.timeout or pace.timeout
    yield from targets.schedule_problems(entry.collector, asked.every, timeout, files.services, asked.where)
    if choice.enabled:
        yield from _over_its_share(files, asked, pace.budget_per_second)


def of_journey(
    files: ProvinceFiles, key: str, entry: JourneyEntry, choice: JourneyChoice, register: Register
) -> Iterator[Problem]:
    """The same of a journey, at the host that most of its steps ask."""
    every = choice.every or entry.pace.every
    yield from targets.schedule_problems("journey", every, entry.pace.timeout, files.services, f"journeys.{key}")
    asked = _journey(files, key, entry, choice, register).values()
    if choice.enabled and asked:
        yield from _over_its_share(files, max(asked, key=lambda one: one.rate), entry.pace.budget_per_second)


def _over_its_share(files: ProvinceFiles, asked: _Asked, budget: float) -> Iterator[Problem]:
    if asked.rate > asked.share > 0:
        message = (
            f"{asked.requests} requests every {asked.every:g} s would be {asked.rate:.2g} a second, second attempts "
            f"and steps counted; this province's share is {asked.share:.2g} of {budget:g}"
        )
        hint = f"every: {math.ceil(asked.requests / asked.share)}s or longer"
        yield files.services.problem(f"{asked.where}.every", message, hint)


def of_hosts(files: ProvinceFiles, catalogue: CatalogueFile, register: Register) -> Iterator[Problem]:
    """Several services and journeys on one host, each within its share, that are too much for it together.

    A national host's budget holds for all of them, also for those that a province thinks its own.
    """
    found: dict[str, list[_Asked]] = {}
    national, province = national_budgets(catalogue), files.settings.value.province
    for host, asked in (*_services(files, catalogue, register, national), *_journeys(files, catalogue, register)):
        found.setdefault(host, []).append(asked)
    for host, all_asked in found.items():
        rate, share = sum(one.rate for one in all_asked), max(one.share for one in all_asked)
        if host in national:
            share = budgets.share(national[host], Scope.NATIONAL, province, register)
        if host and len(all_asked) > 1 and rate > share > 0:
            names = ", ".join(one.name for one in all_asked)
            message = f"{names} together would send {rate:.2g} requests a second to {host}; the share is {share:.2g}"
            yield files.services.problem(all_asked[-1].where, message, "write a longer `every` for some of them")


def _services(
    files: ProvinceFiles, catalogue: CatalogueFile, register: Register, national: Mapping[str, float]
) -> Iterator[tuple[str, _Asked]]:
    for key, choice in files.services.value.services.items():
        entry = catalogue.services.get(key)
        pace = entry and catalogue.pace(entry)
        if entry and pace and choice.enabled:
            target = resolve.service_target(key, entry, choice, files.settings.value.web_name)
            asked = _service(files, key, entry, choice, pace, register, national)
            yield from ((host, asked) for host in hosts_of(target))


def _journeys(files: ProvinceFiles, catalogue: CatalogueFile, register: Register) -> Iterator[tuple[str, _Asked]]:
    for key, choice in files.services.value.journeys.items():
        entry = catalogue.journeys.get(key)
        if entry and choice.enabled:
            yield from _journey(files, key, entry, choice, register).items()


def _service(
    files: ProvinceFiles,
    key: str,
    entry: CatalogueEntry,
    choice: ServiceEntry,
    pace: Pace,
    register: Register,
    national: Mapping[str, float],
) -> _Asked:
    target, province = {**entry.target, **choice.target}, files.settings.value.province
    every = choice.every or resolve.affordable(pace, entry, choice, files, register, national).every
    offices = budgets.askers(entry.collector, len(files.offices.value.offices))
    requests = offices * requests_of(entry.collector, target)
    share = resolve.allowance(pace, entry.scope, target, province, register, national)
    return _Asked(f"services.{key}", requests, every, share)


def _journey(
    files: ProvinceFiles, key: str, entry: JourneyEntry, choice: JourneyChoice, register: Register
) -> Mapping[str, _Asked]:
    """By host. A step whose address is taken from an earlier one, and redirects, are on hosts that nobody knows yet."""
    every, offices = choice.every or entry.pace.every, len(files.offices.value.offices)
    share = budgets.share(entry.pace.budget_per_second, Scope.NATIONAL, files.settings.value.province, register)
    try:
        journey = entry.target.decode(Journey)
    except DecodeError:  # told with the catalogue
        return {}
    hosts = hosts_of_journey(journey)
    return {host: _Asked(f"journeys.{key}", count * offices, every, share) for host, count in hosts.items()}
