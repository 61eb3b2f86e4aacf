"""Which office? One line for each office of a province."""

from alerts import recorded
from alerts.rules.votes import BROKEN, FEW, OK, PLANNED, VERDICTS
from dashboards.boards import uids
from dashboards.boards.common import (
    CONTRACT_SHARE,
    EVIDENCE_WORDS,
    FAILING_SHARE,
    VERDICT_WORDS,
    coming_work,
    count_column,
    open_alerts,
    state,
    verdicts_over_time,
)
from dashboards.boards.variables import PROVINCE
from dashboards.model import GOOD_IS_ONE, Board, Colour, Column, Jump, Panel, Query, Row, Unit, View, Word
from dashboards.queries import fleet, planned
from dashboards.queries.scope import PROVINCE as _SCOPE

_HEARD = (
    Word(1, "boards.words.heard", Colour.GOOD),
    Word(0, "boards.words.silent", Colour.BAD),
)


def _share(column: str, expression: str) -> Query:
    return Query(expression, name=f"boards.columns.{column}", unit=Unit.RATIO, steps=CONTRACT_SHARE)


_NOW = Row(
    "now",
    (
        Panel("expected", View.NUMBER, (Query(fleet.expected(**_SCOPE)),), width=4, height=4),
        state("fleet.silent", fleet.how_many(recorded.OFFICE_SILENT, **_SCOPE)),
        state("fleet.power", fleet.how_many(recorded.OFFICE_POWER_LOST, **_SCOPE)),
        state("fleet.links", fleet.how_many(recorded.LINK_DOWN, **_SCOPE)),
        state("fleet.contract", fleet.short_of_contract(**_SCOPE)),
        state("services", fleet.how_many(recorded.PROVINCE_SERVICE_FAILING, **_SCOPE)),
        open_alerts(**_SCOPE),
    ),
)

_OFFICES = Panel(
    "offices",
    View.TABLE,
    (
        Query(fleet.heard_by_office(**_SCOPE), name="boards.columns.heard", steps=GOOD_IS_ONE, words=_HEARD),
        Query(fleet.verdict_by_office(**_SCOPE), name="boards.columns.verdict", words=VERDICT_WORDS),
        Query(fleet.evidence_by_office(**_SCOPE), name="boards.columns.evidence", words=EVIDENCE_WORDS),
        count_column("power", fleet.by_office(recorded.OFFICE_POWER_LOST, recorded.OFFICE_ON_MAINS, **_SCOPE)),
        count_column("links", fleet.by_office(recorded.LINK_DOWN, recorded.OFFICE_HEARD, **_SCOPE)),
        count_column("services", fleet.services_failing_by_office(**_SCOPE)),
        _share("contract_down", fleet.contract_ratio_by_office("down", **_SCOPE)),
        _share("contract_up", fleet.contract_ratio_by_office("up", **_SCOPE)),
    ),
    width=24,
    height=18,
    columns=(
        Column("commune_name", "boards.columns.commune"),
        Column("office_name", "boards.columns.office"),
        Column("office", "boards.columns.code"),
    ),
    jump=Jump(uids.OFFICE, (("office", "office"),), keep=("province",)),
)

_VERDICTS = (
    Word(1 + VERDICTS.index(BROKEN), "boards.words.broken", Colour.BAD),
    Word(1 + VERDICTS.index(OK), "boards.words.well", Colour.GOOD),
    Word(1 + VERDICTS.index(FEW), "boards.words.too_few", Colour.WARNING),
    Word(1 + VERDICTS.index(PLANNED), "boards.words.planned", Colour.PLAIN),
)
_REACH = ("of_office", "of_operator", "of_province", "of_country", "nowhere")  # in the order of SCOPES
_SCOPES = tuple(Word(code, f"boards.words.{word}", Colour.PLAIN) for code, word in enumerate(_REACH, 1))
_SERVICES = Panel(
    "judged",
    View.TABLE,
    (
        Query(fleet.verdict_by_service(**_SCOPE), name="boards.columns.verdict", words=_VERDICTS),
        Query(fleet.scope_by_service(**_SCOPE), name="boards.columns.scope", words=_SCOPES),
        Query(fleet.failing_by_service(**_SCOPE), name="boards.columns.failing", unit=Unit.RATIO, steps=FAILING_SHARE),
        Query(fleet.voters_by_service(**_SCOPE), name="boards.columns.voters"),
    ),
    width=24,
    height=10,
    columns=(Column("service_name", "boards.columns.service"),),
)

_TIME = Row(
    "time",
    (
        verdicts_over_time(**_SCOPE),
        Panel(
            "fleet.services_over_time",
            View.LINES,
            (Query(fleet.services_failing(**_SCOPE), legend="{{service_name}}"),),
            unit=Unit.RATIO,
            steps=FAILING_SHARE,
            lowest=0,
            highest=1,
        ),
        Panel(
            "contract_over_time",
            View.LINES,
            (Query(fleet.worst_contract_ratios(**_SCOPE), legend="{{office_name}} {{direction}}"),),
            unit=Unit.RATIO,
            steps=CONTRACT_SHARE,
            width=24,
            lowest=0,
        ),
        Panel(
            "completeness",
            View.LINES,
            (Query(fleet.completeness_by_office(**_SCOPE), legend="{{office_name}}"),),
            unit=Unit.RATIO,
            width=24,
            lowest=0,
            highest=1,
            may_be_empty=True,  # where no office pushes
        ),
    ),
)

_PLANNED = Row(
    "planned",
    (
        coming_work(planned.coming(**_SCOPE)),
        state("planned.out", planned.out(**_SCOPE)),
        Panel(
            "planned.share",
            View.NUMBER,
            tuple(Query(planned.share_out(word, **_SCOPE), name=f"boards.planned.{word}") for word in ("yes", "no")),
            unit=Unit.RATIO,
            width=8,
            height=7,
        ),
        Panel(
            "planned.over_time",
            View.LINES,
            tuple(
                Query(planned.out_over_time(planned=word, **_SCOPE), name=f"boards.planned.{word}")
                for word in ("yes", "no")
            ),
            unit=Unit.RATIO,
            lowest=0,
        ),
    ),
)

BOARD = Board(uids.PROVINCE, "province", (_NOW, Row("offices", (_OFFICES, _SERVICES)), _TIME, _PLANNED), (PROVINCE,))
