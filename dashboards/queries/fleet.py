"""Many offices at once: a country, or one province (`province="$province"` as scope).

A recorded state has a series only while it holds, so counting series counts offices; what must show 0 rather than
nothing is filled up from the expected offices.
"""

from alerts import budgets, contracts, recorded, votes
from alerts.promql import named_joint, named_journey, named_office, named_province, named_service
from alerts.rule import Recorded
from alerts.rules import votes as rules_of_votes
from alerts.settings import PRODUCTION
from alerts.verdicts import EVIDENCE, Verdict
from collectors.core.observed import SCRAPE_NUMBER
from dashboards.promql import coded, least, most, number, or_else, or_nought, select, total
from inventory.labels import OFFICE_IDENTITY, PROVINCE, SERVICE

_LIMIT = PRODUCTION.thresholds.contract_ratio


def expected(**scope: str) -> str:
    """Offices that should be there."""
    return or_nought(total((), select(recorded.OFFICE_EXPECTED, **scope)))


def how_many(state: Recorded, **scope: str) -> str:
    """How many things are in a state."""
    return or_nought(number((), select(state, **scope)))


def short_of_contract(**scope: str) -> str:
    """Directions of links whose median is below what the alerts allow."""
    return or_nought(number((), f"{select(contracts.LINK_CONTRACT_RATIO, **scope)} < {_LIMIT}"))


def with_verdict(verdict: str, **scope: str) -> str:
    """How many offices have this verdict."""
    return or_nought(number((), select(recorded.OFFICE_VERDICT, verdict=verdict, **scope)))


def verdict_by_office(**scope: str) -> str:
    """The place of each office's verdict in VERDICTS, from 1."""
    return coded(recorded.OFFICE_VERDICT, "verdict", tuple(Verdict), OFFICE_IDENTITY, **scope)


def evidence_by_office(**scope: str) -> str:
    """The place in EVIDENCE of what it stands on, from 1."""
    return coded(recorded.OFFICE_VERDICT, "evidence", EVIDENCE, OFFICE_IDENTITY, **scope)


def verdict_by_service(**scope: str) -> str:
    """The place of the verdict on each service in votes.VERDICTS, from 1, with its name."""
    return named_service(coded(votes.SERVICE_VERDICT, "verdict", rules_of_votes.VERDICTS, (SERVICE,), **scope))


def scope_by_service(**scope: str) -> str:
    """How far that reaches: the place in votes.SCOPES, from 1; the place after them where nothing is broken."""
    reaches = (*rules_of_votes.SCOPES, rules_of_votes.NOWHERE)
    return coded(votes.SERVICE_VERDICT, "scope", reaches, (SERVICE,), **scope)


def voters_by_service(**scope: str) -> str:
    """How many offices judge each service."""
    series = recorded.PROVINCE_SERVICE_VOTERS if scope else votes.SERVICE_VOTERS
    return total((SERVICE,), select(series, **scope))


def failing_by_service(**scope: str) -> str:
    """The share of them for which it fails."""
    series = recorded.PROVINCE_SERVICE_RATIO if scope else recorded.SERVICE_RATIO
    return total((SERVICE,), select(series, **scope))


def provinces_with(**verdict: str) -> str:
    """In how many provinces each service has this verdict, 0 included."""
    everywhere = number((SERVICE,), select(votes.SERVICE_VERDICT))
    return or_else(number((SERVICE,), select(votes.SERVICE_VERDICT, **verdict)), f"0 * {everywhere}")


def budgets_left() -> str:
    """What is left of each service's error budget of 30 days, by its objective and its name; below 0, too much used."""
    return named_service(select(budgets.SERVICE_BUDGET_LEFT))


def services_failing(**scope: str) -> str:
    """The share of the voters for which each service fails, by its name."""
    series = recorded.PROVINCE_SERVICE_RATIO if scope else recorded.SERVICE_RATIO
    return named_service(total((SERVICE,), select(series, **scope)))


def errands_failing() -> str:
    """The share of the voters for which each errand fails that needs several services."""
    return named_joint(str(recorded.JOINT_RATIO))


def errands_one_down() -> str:
    """The share for which exactly one of its services is down."""
    return named_joint(str(recorded.JOINT_ONE_DOWN_RATIO))


def journeys_failing() -> str:
    """The share of the voters that cannot walk each journey to its end."""
    return named_journey(str(recorded.JOURNEY_RATIO))


def journeys_against_budget() -> str:
    """How much of the plan's time each journey takes at the median office."""
    return named_journey(str(recorded.JOURNEY_BUDGET_RATIO))


# --- by province ----------------------------------------------------------------------------------------------------


def offices_by_province() -> str:
    """Expected offices of each province, with its name."""
    return named_province(select(recorded.PROVINCE_OFFICES))


def by_province(state: Recorded) -> str:
    """How many things are in a state in each province, 0 included."""
    return _every_province(number((PROVINCE,), select(state)))


def by_province_named(state: Recorded) -> str:
    """The same with the province's name, for a legend."""
    return named_province(by_province(state))


def short_by_province() -> str:
    """Directions of links below contract in each province, 0 included."""
    return _every_province(number((PROVINCE,), f"{select(contracts.LINK_CONTRACT_RATIO)} < {_LIMIT}"))


def _every_province(counted: str) -> str:
    return or_else(counted, f"0 * {select(recorded.PROVINCE_OFFICES)}")


# --- by office ------------------------------------------------------------------------------------------------------


def heard_by_office(**scope: str) -> str:
    """1 for every office that is heard, 0 for the others, with names."""
    return named_office(by_office(recorded.OFFICE_HEARD, recorded.OFFICE_EXPECTED, **scope))


def by_office(state: Recorded, known: Recorded, **scope: str) -> str:
    """How many things are in a state in each office: 0 only where it is known that there are none."""
    counted = number(OFFICE_IDENTITY, select(state, **scope))
    return or_else(counted, f"0 * {most(OFFICE_IDENTITY, select(known, **scope))}")


def completeness_by_office(**scope: str) -> str:
    """Share of the looks of the last hour that are in the store, of each office that pushes them, with its name."""
    number = f"{select(SCRAPE_NUMBER, **scope)}[1h]"
    measured = f"max_over_time({number}) - min_over_time({number}) + 1"
    return named_office(most(OFFICE_IDENTITY, f"count_over_time({number}) / ({measured})"))


def services_failing_by_office(**scope: str) -> str:
    """How many services fail in each office that is able to judge."""
    return by_office(recorded.OFFICE_SERVICE_FAILING, recorded.OFFICE_JUDGE, **scope)


def contract_ratio_by_office(direction: str, **scope: str) -> str:
    """The worst link of each office: median throughput over contracted throughput."""
    return least(OFFICE_IDENTITY, select(contracts.LINK_CONTRACT_RATIO, direction=direction, **scope))


def worst_contract_ratios(**scope: str) -> str:
    """The ten offices furthest below contract, by name and direction."""
    ratios = least((*OFFICE_IDENTITY, "direction"), select(contracts.LINK_CONTRACT_RATIO, **scope))
    return f"bottomk(10, {named_office(ratios)})"
