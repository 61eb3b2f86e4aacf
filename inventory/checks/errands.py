"""Errands: services that are needed together, and journeys through public pages."""

from collections.abc import Iterator

from collectors.core.decode import DecodeError
from collectors.core.problem import Problem
from collectors.journey.target import Target
from inventory.checks import paces
from inventory.checks.names import bad_id, unknown
from inventory.files import National, ProvinceFiles
from inventory.register import Register


def of_country(country: National) -> Iterator[Problem]:
    """A joint names services that can fail while an office looks; a journey is one that the collector can walk."""
    catalogue = country.catalogue
    services, owners = catalogue.value.services, country.organisations.value.owners
    measured = [key for key, entry in services.items() if entry.collector == "service"]
    for key, joint in catalogue.value.joint.items():
        yield from bad_id(catalogue, f"joint.{key}", key)
        if len(set(joint.services)) < max(2, len(joint.services)):
            yield catalogue.problem(f"joint.{key}.services", "should be two or more different services")
        for index, service in enumerate(joint.services):
            if service not in measured:
                yield unknown(catalogue, f"joint.{key}.services[{index}]", "service", service, measured)
    for key, journey in catalogue.value.journeys.items():
        yield from bad_id(catalogue, f"journeys.{key}", key)
        if key in services:
            yield catalogue.problem(f"journeys.{key}", "is also the id of a service; both are the label `service`")
        if journey.owner not in owners:
            yield unknown(catalogue, f"journeys.{key}.owner", "owner", journey.owner, owners)
        try:
            journey.target.decode(Target)
        except DecodeError as error:
            yield from error.problems


def of_province(files: ProvinceFiles, country: National, register: Register) -> Iterator[Problem]:
    """Journeys are in the catalogue, and walked no more often than the owners can bear."""
    journeys, document = country.catalogue.value.journeys, files.services
    for key, choice in document.value.journeys.items():
        path, entry = f"journeys.{key}", journeys.get(key)
        if entry is None:
            yield unknown(document, path, "journey", key, journeys)
            continue
        yield from paces.of_journey(files, key, entry, choice, register)
