"""Names of telecom operators for the page: the store knows their ids only."""

from collections.abc import Mapping
from functools import cache

from collectors.core.decode import decode_file
from inventory.catalogue import OrganisationsFile
from inventory.files import SHIPPED


def operator_name(identifier: str) -> str:
    """The name in the list that the product ships; the id itself where a province has added an operator."""
    return _names().get(identifier, identifier)


@cache
def _names() -> Mapping[str, str]:
    listed = decode_file(SHIPPED / "organisations.yml", OrganisationsFile).value.operators
    return {identifier: operator.name.vi for identifier, operator in listed.items()}
