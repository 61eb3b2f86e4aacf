"""The country's catalogue of services."""

from collections.abc import Iterator

from collectors.core.problem import Problem
from inventory import targets
from inventory.checks import errands
from inventory.checks.names import unknown
from inventory.files import National
from inventory.resolve import has_address, service_target
from inventory.schema import ServiceEntry

_ANY_PROVINCE = "province"
_ANY_ADDRESS = "https://province.example/"  # where each province writes its own


def problems(country: National) -> Iterator[Problem]:
    """Owners exist; targets are such as the collector can measure."""
    catalogue, owners = country.catalogue, country.organisations.value.owners
    for key, entry in catalogue.value.services.items():
        path = f"services.{key}"
        if entry.owner not in owners:
            yield unknown(catalogue, f"{path}.owner", "owner", entry.owner, owners)
        if catalogue.value.pace(entry) is None:
            yield unknown(catalogue, f"{path}.tier", "tier", entry.tier, catalogue.value.tiers)
        if target := service_target(key, entry, ServiceEntry(), _ANY_PROVINCE):
            whole = target if has_address(target) else {"url": _ANY_ADDRESS, **target}
            yield from targets.problems(entry.collector, whole, catalogue, f"{path}.target")
    yield from errands.of_country(country)
