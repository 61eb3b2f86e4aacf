"""The cases of all alerts; a file for each subject."""

from collections.abc import Mapping

from tests.rules import (
    cases_of_centre,
    cases_of_feeders,
    cases_of_gateways,
    cases_of_lines,
    cases_of_objectives,
    cases_of_offices,
    cases_of_operators,
    cases_of_owners,
    cases_of_plans,
    cases_of_pushing,
    cases_of_services,
    cases_of_versions,
    cases_of_views,
    cases_of_ways,
)
from tests.rules.case import Case

_SUBJECTS = (
    cases_of_centre,
    cases_of_feeders,
    cases_of_gateways,
    cases_of_lines,
    cases_of_objectives,
    cases_of_offices,
    cases_of_operators,
    cases_of_owners,
    cases_of_plans,
    cases_of_pushing,
    cases_of_services,
    cases_of_versions,
    cases_of_views,
    cases_of_ways,
)
CASES: Mapping[str, Case] = {name: case for subject in _SUBJECTS for name, case in subject.CASES.items()}
