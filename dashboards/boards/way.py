"""Where does it break? The way from one office to a service, hop by hop, and what interrupts its lines."""

from alerts.settings import PRODUCTION
from collectors.path.locate import Fault
from collectors.path.metrics import FIRST_ISP, GATEWAY
from collectors.path.names import Names
from dashboards.boards import uids, variables
from dashboards.model import Board, Colour, Column, Panel, Query, Row, Step, Unit, View, Word, both
from dashboards.queries import link, way

_LIMITS = PRODUCTION.thresholds
_COLOURS = {Fault.NONE: Colour.GOOD, Fault.UNKNOWN: Colour.WARNING}
_PLACES = tuple(
    Word(code, f"path.where.{fault}", _COLOURS.get(fault, Colour.BAD)) for code, fault in enumerate(Fault, 1)
)
_GOOD_NAMES = (Names.GOOD, Names.NOT_ASKED)
_NAMES = tuple(
    Word(code, f"boards.way.verdicts.{verdict}", Colour.GOOD if verdict in _GOOD_NAMES else Colour.BAD)
    for code, verdict in enumerate(Names, 1)
)
_ENDS = (
    Word(GATEWAY, "path.where.gateway", Colour.PLAIN),
    Word(FIRST_ISP, "path.where.isp_access", Colour.PLAIN),
)
_LOSS = (Step(None, Colour.GOOD), Step(_LIMITS.loss_ratio, Colour.BAD))
_RIGHTS = (
    Word(0, "boards.way.words.whole", Colour.GOOD),
    Word(1, "boards.way.words.reduced", Colour.WARNING),
)


def _column(key: str, expression: str, unit: Unit, steps: tuple[Step, ...] = ()) -> Query:
    return Query(expression, name=f"boards.way.columns.{key}", unit=unit, steps=steps)


_WAY = Row(
    "way",
    (
        Panel("fault", View.STATES, (Query(way.fault(), "{{link}}"),), width=24, height=4, words=_PLACES),
        Panel("hops", View.TABLE,
              (_column("median", way.hop_time("median"), Unit.SECONDS),
               _column("least", way.hop_time("min"), Unit.SECONDS),
               _column("loss", way.hop_loss(), Unit.RATIO, _LOSS)),
              columns=(Column("hop", "boards.way.columns.hop"),)),
        Panel("ends", View.TABLE, (Query(way.ends(), name="boards.way.columns.seen"),),
              columns=(Column("hop", "boards.way.columns.hop", _ENDS),
                       Column("address", "boards.way.columns.address"))),
        Panel("largest", View.NUMBER, (Query(way.largest()),), Unit.BYTES, width=6, may_be_empty=True),
        Panel("rights", View.NUMBER, (Query(way.reduced()),), width=6, words=_RIGHTS),
        Panel("time", View.LINES, (Query(way.hop_time("median"), "{{hop}}"),), Unit.SECONDS, lowest=0),
    ),
)  # fmt: skip

_NAME_SERVERS = Row(
    "names",
    (
        Panel("names", View.STATES, (Query(way.names(), "{{link}}"),), height=5, words=_NAMES, may_be_empty=True),
        Panel("resolvers", View.LINES, (Query(way.resolver_time(), "{{resolver}}"),), Unit.SECONDS, height=5, lowest=0,
              may_be_empty=True),
    ),
)  # fmt: skip

_INTERRUPTED = Row(
    "lines",
    (
        Panel("echoes", View.LINES,
              tuple(Query(link.echo_time(stat), f"{{{{link}}}} {stat}") for stat in ("p50", "p99")), Unit.SECONDS,
              lowest=0, may_be_empty=True),
        Panel("lost", View.LINES,
              (Query(link.echo_loss(), f"{both('boards.legend.lost')} {{{{link}}}}"),
               Query(link.outage(), f"{both('boards.legend.outage')} {{{{link}}}}")),
              Unit.RATIO, lowest=0, highest=1, may_be_empty=True),
        Panel("interruptions", View.LINES,
              (Query(way.outages(), f"{both('boards.legend.outages')} {{{{link}}}}"),
               Query(way.dips(), f"{both('boards.legend.dips')} {{{{link}}}}"),
               Query(way.signal_dips(), f"{both('boards.legend.signal_dips')} {{{{link}}}}")),
              steps=(Step(None, Colour.GOOD), Step(_LIMITS.outages, Colour.WARNING), Step(_LIMITS.dips, Colour.BAD)),
              lowest=0, may_be_empty=True),
        Panel("signal", View.LINES, (Query(way.signal(), "{{link}}"),), may_be_empty=True),
    ),
)  # fmt: skip

BOARD = Board(
    uids.WAY,
    "way",
    (_WAY, _NAME_SERVERS, _INTERRUPTED),
    (variables.PROVINCE, variables.COMMUNE, variables.OFFICE),
    hours=6,
)
