"""Where is it bad? One line for each province, and the national services."""

from alerts import recorded
from alerts.planned import OFFICE_PLANNED_OUTAGE
from alerts.rules.votes import FEW, OPERATORS, PROVINCES
from dashboards.boards import uids
from dashboards.boards.common import FAILING_SHARE, count_column, state, verdicts_over_time
from dashboards.model import Board, Colour, Column, Jump, Panel, Query, Row, Step, Unit, View, both
from dashboards.queries import fleet

_NOW = Row(
    "now",
    (
        Panel("expected", View.NUMBER, (Query(fleet.expected()),), width=4, height=4),
        state("fleet.silent", fleet.how_many(recorded.OFFICE_SILENT)),
        state("fleet.power", fleet.how_many(recorded.OFFICE_POWER_LOST)),
        state("fleet.links", fleet.how_many(recorded.LINK_DOWN)),
        state("fleet.contract", fleet.short_of_contract()),
        state("services", fleet.how_many(recorded.SERVICE_FAILING)),
    ),
)


_PROVINCES = Panel(
    "provinces",
    View.TABLE,
    (
        Query(fleet.offices_by_province(), name="boards.columns.offices"),
        count_column("silent", fleet.by_province(recorded.OFFICE_SILENT)),
        count_column("power", fleet.by_province(recorded.OFFICE_POWER_LOST)),
        Query(fleet.by_province(OFFICE_PLANNED_OUTAGE), name="boards.planned.column"),
        count_column("links", fleet.by_province(recorded.LINK_DOWN)),
        count_column("services", fleet.by_province(recorded.PROVINCE_SERVICE_FAILING)),
        count_column("contract", fleet.short_by_province()),
    ),
    width=24,
    height=16,
    columns=(Column("province_name", "boards.columns.province"), Column("province", "boards.columns.code")),
    jump=Jump(uids.PROVINCE, (("province", "province"),)),
)

_SERVICES = Panel(
    "judged",
    View.TABLE,
    (
        Query(fleet.services_failing(), name="boards.columns.failing", unit=Unit.RATIO, steps=FAILING_SHARE),
        Query(fleet.voters_by_service(), name="boards.columns.voters"),
        count_column("provinces_broken", fleet.provinces_with(scope=PROVINCES)),
        count_column("operators_broken", fleet.provinces_with(scope=OPERATORS)),
        Query(fleet.provinces_with(verdict=FEW), name="boards.columns.provinces_open"),
    ),
    width=24,
    height=10,
    columns=(Column("service_name", "boards.columns.service"),),
)

_BUDGET_LEFT = (Step(None, Colour.BAD), Step(0, Colour.GOOD))
_TIME = Row(
    "time",
    (
        verdicts_over_time(),
        Panel(
            "fleet.services_over_time",
            View.LINES,
            (Query(fleet.services_failing(), legend="{{service_name}}"),),
            unit=Unit.RATIO,
            steps=FAILING_SHARE,
            lowest=0,
            highest=1,
        ),
        Panel(
            "budgets_left",
            View.LINES,
            (Query(fleet.budgets_left(), legend="{{service_name}}: {{objective}}"),),
            unit=Unit.RATIO,
            width=24,
            steps=_BUDGET_LEFT,
            highest=1,
        ),
        Panel(
            "errands_over_time",
            View.LINES,
            (
                Query(fleet.errands_failing(), f"{{{{joint_name}}}}: {both('boards.legend.fails')}"),
                Query(fleet.errands_one_down(), f"{{{{joint_name}}}}: {both('boards.legend.one_down')}"),
            ),
            unit=Unit.RATIO,
            width=24,
            steps=FAILING_SHARE,
            lowest=0,
            highest=1,
            may_be_empty=True,
        ),
        Panel(
            "journeys_over_time",
            View.LINES,
            (
                Query(fleet.journeys_failing(), f"{{{{service_name}}}}: {both('boards.legend.fails')}"),
                Query(fleet.journeys_against_budget(), f"{{{{service_name}}}}: {both('boards.legend.of_plan')}"),
            ),
            unit=Unit.RATIO,
            width=24,
            steps=FAILING_SHARE,
            lowest=0,
            may_be_empty=True,
        ),
        Panel(
            "silent_over_time",
            View.LINES,
            (Query(fleet.by_province_named(recorded.OFFICE_SILENT), legend="{{province_name}}"),),
            lowest=0,
        ),
        Panel(
            "power_over_time",
            View.LINES,
            (Query(fleet.by_province_named(recorded.OFFICE_POWER_LOST), legend="{{province_name}}"),),
            lowest=0,
        ),
    ),
)

BOARD = Board(uids.COUNTRY, "country", (_NOW, Row("provinces", (_PROVINCES, _SERVICES)), _TIME))
