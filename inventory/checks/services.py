"""services.yml and contacts.yml of a province."""

from collections.abc import Iterator, Mapping

from collectors.core.problem import Problem
from inventory import asked, resolve, targets
from inventory.catalogue import CatalogueEntry, OrganisationEntry
from inventory.checks import errands, paces
from inventory.checks.names import unknown
from inventory.files import National, ProvinceFiles
from inventory.model import FRESHNESS
from inventory.register import Register
from inventory.schema import Contact, ServiceEntry


def problems(files: ProvinceFiles, country: National, register: Register) -> Iterator[Problem]:
    """Services are in the catalogue, can be measured, and are asked no more often than their owners can bear."""
    catalogue = country.catalogue.value
    national = asked.national_budgets(catalogue)
    for key, choice in files.services.value.services.items():
        entry = catalogue.services.get(key)
        if entry is None:
            yield unknown(files.services, f"services.{key}", "service", key, catalogue.services)
        elif pace := catalogue.pace(entry):
            yield from _target(files, key, entry, choice)
            yield from _verified(files, key, entry, choice)
            yield from paces.of_service(files, key, entry, choice, pace, register, national)
            yield from _feed(files, key, entry, choice)
    yield from paces.of_hosts(files, catalogue, register)
    yield from errands.of_province(files, country, register)
    yield from _contacts(files, country)


def _target(files: ProvinceFiles, key: str, entry: CatalogueEntry, choice: ServiceEntry) -> Iterator[Problem]:
    target = resolve.service_target(key, entry, choice, files.settings.value.web_name)
    if choice.target or choice.enabled:  # the catalogue's is checked there
        yield from targets.problems(entry.collector, target, files.services, f"services.{key}.target")


def _verified(files: ProvinceFiles, key: str, entry: CatalogueEntry, choice: ServiceEntry) -> Iterator[Problem]:
    """Addresses in the catalogue come from public files: nobody asks one that was never seen to be the service's."""
    if choice.enabled and entry.collector != FRESHNESS and not resolve.is_verified(entry, choice):
        message = "is measured, and nobody has verified its address"
        hint = "see it answer from an office (`communewatch probe`), then write verified: and the day, 2026-11-20"
        yield files.services.problem(f"services.{key}", message, hint)


def _feed(files: ProvinceFiles, key: str, entry: CatalogueEntry, choice: ServiceEntry) -> Iterator[Problem]:
    if entry.collector == FRESHNESS and choice.enabled and not files.settings.value.feeds:
        message = "needs a machine on which its owner leaves reports"
        yield files.services.problem(f"services.{key}", message, "name an office under `feeds:` in province.yml")


def _contacts(files: ProvinceFiles, country: National) -> Iterator[Problem]:
    organisations = country.organisations.value
    yield from _known(files, "operators", files.contacts.value.operators, "operator", organisations.operators)
    yield from _known(files, "owners", files.contacts.value.owners, "owner", organisations.owners)


def _known(
    files: ProvinceFiles,
    section: str,
    contacts: Mapping[str, Contact],
    kind: str,
    known: Mapping[str, OrganisationEntry],
) -> Iterator[Problem]:
    for key in contacts:
        if key not in known:
            yield unknown(files.contacts, f"{section}.{key}", kind, key, known)
