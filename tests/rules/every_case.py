"""The cases of all alerts; a file for each subject."""

from collections.abc import Mapping

from tests.rules import (
    cases,
    cases_of_gateways,
    cases_of_operators,
    cases_of_plans,
    cases_of_pushing,
    cases_of_ways,
)
from tests.rules.cases import Case

_FILES = (cases, cases_of_ways, cases_of_gateways, cases_of_plans, cases_of_pushing, cases_of_operators)
CASES: Mapping[str, Case] = {name: case for each in _FILES for name, case in each.CASES.items()}
