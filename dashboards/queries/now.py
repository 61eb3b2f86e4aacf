"""One office at this moment. Where it is not known, there is no number: silence is not health."""

from alerts import recorded
from alerts.verdicts import EVIDENCE, Verdict
from dashboards.promql import coded, most, number, or_else, or_nought, select
from dashboards.queries.scope import OFFICE

VERDICTS = tuple(Verdict)


def verdict() -> str:
    """The place of the office's verdict in VERDICTS, from 1."""
    return coded(recorded.OFFICE_VERDICT, "verdict", VERDICTS, (), **OFFICE)


def evidence() -> str:
    """The place in EVIDENCE of what the verdict stands on, from 1."""
    return coded(recorded.OFFICE_VERDICT, "evidence", EVIDENCE, (), **OFFICE)


def heard() -> str:
    """1 or 0."""
    return or_nought(most((), select(recorded.OFFICE_HEARD, **OFFICE)))


def on_mains() -> str:
    """1 on mains, 0 without, nothing where no UPS has said."""
    lost = most((), select(recorded.OFFICE_POWER_LOST, **OFFICE))
    return or_else(most((), select(recorded.OFFICE_ON_MAINS, **OFFICE)), f"0 * {lost}")


def links_down() -> str:
    """How many, nothing while the office is silent."""
    heard_of = most((), select(recorded.OFFICE_HEARD, **OFFICE))
    return or_else(number((), select(recorded.LINK_DOWN, **OFFICE)), f"0 * {heard_of}")


def services_failing() -> str:
    """How many, nothing while the office is not able to judge."""
    judge = most((), select(recorded.OFFICE_JUDGE, **OFFICE))
    return or_else(number((), select(recorded.OFFICE_SERVICE_FAILING, **OFFICE)), f"0 * {judge}")
