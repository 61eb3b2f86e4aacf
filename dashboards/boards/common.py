"""Panels and scales that several boards share. Every limit on a screen is one of the alerts'."""

from alerts.rule import ALERT_NAME, Severity
from alerts.rules import groups
from alerts.settings import PRODUCTION
from alerts.verdicts import EVIDENCE, Evidence, Verdict
from dashboards.model import GOOD_IS_ZERO, Colour, Column, Panel, Query, Step, Unit, View, Word
from dashboards.queries import fleet, incidents
from dashboards.queries.now import VERDICTS
from inventory.planned.schema import Kind

_LIMITS = PRODUCTION.thresholds
FAILING_SHARE = (Step(None, Colour.GOOD), Step(_LIMITS.quorum_ratio, Colour.BAD))
CONTRACT_SHARE = (Step(None, Colour.BAD), Step(_LIMITS.contract_ratio, Colour.GOOD))

_COLOURS = {Verdict.OK: Colour.GOOD, Verdict.AGENT: Colour.WARNING, Verdict.UNKNOWN: Colour.WARNING}
VERDICT_WORDS = tuple(
    Word(code, f"boards.verdicts.{verdict}", _COLOURS.get(verdict, Colour.BAD))
    for code, verdict in enumerate(VERDICTS, 1)
)
_HEALTHY = (Evidence.HEARD,)
EVIDENCE_WORDS = tuple(
    Word(code, f"evidence.{word}", Colour.GOOD if word in _HEALTHY else Colour.PLAIN)
    for code, word in enumerate(EVIDENCE, 1)
)
_SEVERITY_WORDS = (
    Word(Severity.CRITICAL.value, "boards.words.critical", Colour.BAD),
    Word(Severity.WARNING.value, "boards.words.warning", Colour.WARNING),
    Word(Severity.INFO.value, "boards.words.info", Colour.PLAIN),
)


def state(key: str, expression: str) -> Panel:
    """One number that should be 0."""
    return Panel(key, View.NUMBER, (Query(expression),), width=4, height=4, steps=GOOD_IS_ZERO)


def count_column(column: str, expression: str) -> Query:
    """A number in a table that should be 0."""
    return Query(expression, name=f"boards.columns.{column}", steps=GOOD_IS_ZERO)


def verdicts_over_time(**scope: str) -> Panel:
    """How many offices had each verdict."""
    return Panel(
        "fleet.verdicts",
        View.LINES,
        tuple(Query(fleet.with_verdict(verdict, **scope), name=f"boards.verdicts.{verdict}") for verdict in VERDICTS),
        lowest=0,
    )


_KINDS = tuple(Word(str(kind), f"planned.kind.{kind}", Colour.PLAIN) for kind in Kind)


def coming_work(expression: str) -> Panel:
    """What others have planned for the week, the next first."""
    return Panel(
        "planned.coming",
        View.TABLE,
        (Query(expression, name="boards.planned.begins_in", unit=Unit.SECONDS),),
        width=24,
        height=6,
        columns=(
            Column("period", "boards.planned.period"),
            Column("kind", "boards.planned.kind", _KINDS),
            Column("title", "boards.planned.what"),
            Column("work", "boards.columns.code"),
        ),
        may_be_empty=True,
    )


def open_alerts(**scope: str) -> Panel:
    """What the alerts say, in the words of the alerts. No row is good news."""
    return Panel(
        "incidents",
        View.TABLE,
        (Query(incidents.firing(**scope), name="boards.columns.firing"),),
        width=24,
        height=6,
        columns=(
            Column(ALERT_NAME, "boards.columns.alert", _alert_words()),
            Column("severity", "boards.columns.severity", _SEVERITY_WORDS),
            Column("office_name", "boards.columns.office"),
        ),
        may_be_empty=True,
    )


def _alert_words() -> tuple[Word, ...]:
    found = (alert for group in groups(PRODUCTION) for alert in group.alerts)
    return tuple(Word(alert.name, f"alerts.{alert.key}.title", Colour.PLAIN) for alert in found)
