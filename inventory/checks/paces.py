"""How often services are asked: no more than their owners can bear, each by itself and all on one host together."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from collectors.core.problem import Problem
from inventory import budgets, resolve, targets
from inventory.catalogue import CatalogueEntry, CatalogueFile, Pace
from inventory.files import ProvinceFiles
from inventory.register import Register
from inventory.schema import ServiceEntry
from inventory.values import Fields


@dataclass(frozen=True, slots=True)
class _Asked:
    """A service as a province asks it: so many offices every so many seconds; share: probes a second that are its."""

    key: str
    offices: int
    every: float
    share: float

    @property
    def rate(self) -> float:
        """Probes a second of the whole province."""
        return self.offices / self.every


def of_service(
    files: ProvinceFiles, key: str, entry: CatalogueEntry, choice: ServiceEntry, pace: Pace, register: Register
) -> Iterator[Problem]:
    """An interval that the collector cannot keep, or that is shorter than the province's share allows."""
    path, document = f"services.{key}", files.services
    asked = _asked(files, key, entry, choice, pace, register)
    yield from targets.schedule_problems(entry.collector, asked.every, choice.timeout or pace.timeout, document, path)
    if choice.enabled and asked.rate > asked.share > 0:
        message = (
            f"{asked.offices} offices every {asked.every:g} s would send {asked.rate:.2g} probes a second; "
            f"this province's share is {asked.share:.2g} of {pace.budget_per_second:g}"
        )
        yield document.problem(f"{path}.every", message, f"every: {math.ceil(asked.offices / asked.share)}s or longer")


def of_hosts(files: ProvinceFiles, catalogue: CatalogueFile, register: Register) -> Iterator[Problem]:
    """Several services on one host, each within its share, that are too much for it together."""
    found: dict[str, list[_Asked]] = {}
    for key, choice in files.services.value.services.items():
        entry = catalogue.services.get(key)
        pace = entry and catalogue.pace(entry)
        if entry and pace and choice.enabled:
            target = resolve.service_target(key, entry, choice, files.settings.value.web_name)
            found.setdefault(_host(target), []).append(_asked(files, key, entry, choice, pace, register))
    for host, services in found.items():
        rate, share = sum(one.rate for one in services), max(one.share for one in services)
        if host and len(services) > 1 and rate > share > 0:
            names = ", ".join(one.key for one in services)
            message = f"{names} together would send {rate:.2g} probes a second to {host}; the share is {share:.2g}"
            yield files.services.problem(
                f"services.{services[-1].key}", message, "write a longer `every` for some of them"
            )


def _asked(
    files: ProvinceFiles, key: str, entry: CatalogueEntry, choice: ServiceEntry, pace: Pace, register: Register
) -> _Asked:
    every = choice.every or resolve.affordable(pace, entry, files, register).every
    offices = budgets.askers(entry.collector, len(files.offices.value.offices))
    share = budgets.share(pace.budget_per_second, entry.scope, files.settings.value.province, register)
    return _Asked(key, offices, every, share)


def _host(target: Fields) -> str:
    """The host that a probe asks, "" for a file."""
    return urlsplit(str(target.get("url", ""))).hostname or str(target.get("host", ""))
