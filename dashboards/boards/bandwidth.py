"""Does the line deliver its contract? Capacity first, dips with their cause, and what all that stands on."""

from alerts.methods import Method
from alerts.rules.dips import Blame
from dashboards.boards import uids, variables
from dashboards.boards.common import CONTRACT_SHARE, state
from dashboards.model import Board, Colour, Column, Jump, Panel, Query, Row, Step, Unit, View, Word, both
from dashboards.queries import contracts, fleet, link
from dashboards.queries.scope import PROVINCE

_OFTEN = (Step(None, Colour.GOOD), Step(0.05, Colour.WARNING), Step(0.2, Colour.BAD))
_SPENT = (Step(None, Colour.GOOD), Step(0.9, Colour.WARNING), Step(1, Colour.BAD))
_COLOURS = {Blame.LINE: Colour.BAD, Blame.REGION: Colour.BAD}
_CAUSES = tuple(Word(each.value, f"boards.causes.{each}", _COLOURS.get(each, Colour.WARNING)) for each in Blame)
_METHODS = tuple(Word(each.value, f"alerts.method.{each}", Colour.PLAIN) for each in Method)
_DIRECTIONS = tuple(Word(each, f"alerts.direction.{each}", Colour.PLAIN) for each in ("down", "up"))
_EACH, _EACH_METHOD = "{{link}} {{direction}}", "{{link}} {{direction}} {{method}}"
_EACH_CAUSE = "{{link}} {{direction}} {{cause}}"


def _legend(key: str, rest: str = _EACH) -> str:
    return f"{both(f'boards.legend.{key}')} {rest}"


def _dips_of(cause: Blame) -> Panel:
    return state(f"dips_{cause}", contracts.dips_of(cause))


# --- the province ---------------------------------------------------------------------------------------------------

_NOW = Row(
    "now",
    (
        state("fleet.contract", fleet.short_of_contract(**PROVINCE)),
        state("regions", contracts.regions()),
        *map(_dips_of, (Blame.LINE, Blame.REGION, Blame.OWN_LOAD, Blame.POWER)),
        Panel(
            "dips", View.TABLE, (Query(contracts.dips(), name="boards.columns.depth", unit=Unit.RATIO),),
            width=24, height=8, may_be_empty=True,
            columns=(
                Column("office_name", "boards.columns.office"),
                Column("office", "boards.columns.code"),
                Column("link", "boards.columns.link"),
                Column("operator", "boards.columns.operator"),
                Column("direction", "boards.columns.direction", _DIRECTIONS),
                Column("method", "boards.columns.method", _METHODS),
                Column("cause", "boards.columns.cause", _CAUSES),
            ),
            jump=Jump(uids.BANDWIDTH, (("office", "office"),), keep=("province",)),
        ),
        Panel("dip_length", View.LINES, (Query(contracts.dip_length(), "{{office}} {{link}} {{direction}}"),),
              Unit.SECONDS, lowest=0, may_be_empty=True),
        Panel("slow_regions", View.LINES, (Query(contracts.slow_regions(), "{{operator}} {{area}}"),), Unit.RATIO,
              lowest=0, highest=1, may_be_empty=True),
        Panel("worst_shares", View.LINES,
              (Query(contracts.worst_shares(), "{{office_name}} {{link}} {{direction}} {{method}}"),), Unit.RATIO,
              width=24, steps=_OFTEN, lowest=0, highest=1),
    ),
)  # fmt: skip

# --- the office -----------------------------------------------------------------------------------------------------

_CONTRACT = Row(
    "contract",
    (
        Panel(
            "capacity", View.LINES,
            (
                Query(contracts.capacity_of_links(), _legend("capacity")),
                Query(contracts.at_least(), _legend("at_least")),
                Query(contracts.goodput_of_links(), _legend("goodput")),
                Query(link.contract(), _legend("contract")),
                Query(contracts.limit(), _legend("limit")),
            ),
            Unit.BITS_PER_SECOND, width=24, height=9, lowest=0, may_be_empty=True,
        ),
        Panel("share_below", View.NUMBER, (Query(contracts.share_below(), _EACH_METHOD),), Unit.RATIO, width=12,
              height=5, steps=_OFTEN),
        Panel("samples", View.NUMBER, (Query(contracts.samples(), _EACH_METHOD),), width=12, height=5),
        Panel("median", View.LINES, (Query(contracts.median(), _EACH_METHOD),), Unit.RATIO, steps=CONTRACT_SHARE,
              lowest=0),
        Panel("rejected", View.LINES, (Query(contracts.rejected(), "{{method}} {{reason}}"),), lowest=0,
              may_be_empty=True),
    ),
)  # fmt: skip

_DIPS = Row(
    "dips",
    (
        Panel("dip_depth", View.LINES, (Query(contracts.dip_depth(), _EACH_CAUSE),), Unit.RATIO,
              lowest=0, highest=1, may_be_empty=True),
        Panel("own_load", View.LINES, (Query(contracts.own_load(), _EACH),), Unit.RATIO, lowest=0, may_be_empty=True),
        Panel(
            "neighbours", View.LINES,
            (Query(contracts.neighbours("low"), _legend("low", "{{link}} {{operator}}")),
             Query(contracts.neighbours("measured"), _legend("tested", "{{link}} {{operator}}"))),
            lowest=0, may_be_empty=True,
        ),
        Panel(
            "latency", View.LINES,
            (Query(contracts.loaded_round_trip(), _legend("loaded")),
             Query(contracts.idle_round_trip(), _legend("idle", "{{link}}"))),
            Unit.SECONDS, lowest=0, may_be_empty=True,
        ),
    ),
)  # fmt: skip

_COST = Row(
    "cost",
    (
        Panel("budget", View.NUMBER, (Query(contracts.budget_used(), "{{link}}"),), Unit.RATIO, width=8,
              steps=_SPENT, may_be_empty=True),
        Panel(
            "bytes", View.LINES,
            tuple(Query(contracts.bytes_of_day(each), _legend(each, "{{link}}")) for each in ("capacity", "goodput")),
            Unit.BYTES, width=16, lowest=0, may_be_empty=True,
        ),
    ),
)  # fmt: skip

BOARD = Board(
    uids.BANDWIDTH,
    "bandwidth",
    (_NOW, _CONTRACT, _DIPS, _COST),
    (variables.PROVINCE, variables.COMMUNE, variables.OFFICE),
    hours=48,
)
