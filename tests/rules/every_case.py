"""The cases of all alerts; a file for each subject."""

from collections.abc import Mapping

from tests.rules import cases, cases_of_gateways, cases_of_plans, cases_of_pushing, cases_of_ways
from tests.rules.cases import Case

CASES: Mapping[str, Case] = {**cases.CASES, **cases_of_ways.CASES, **cases_of_gateways.CASES, **cases_of_plans.CASES,
                              **cases_of_pushing.CASES}  # fmt: skip
