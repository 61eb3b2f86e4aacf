"""What is wrong with this office? Its power, link, services, machine, the measuring itself, and what it pushes."""

from alerts.settings import PRODUCTION
from collectors.core import Reason
from collectors.ups.power import Verdict
from dashboards.boards import uids, variables
from dashboards.boards.common import CONTRACT_SHARE, EVIDENCE_WORDS, VERDICT_WORDS, coming_work, open_alerts
from dashboards.model import GOOD_IS_ZERO, Board, Colour, Column, Panel, Query, Row, Step, Unit, View, Word, both
from dashboards.queries import host, link, now, planned, power, probes, pushed, services
from dashboards.queries.scope import OFFICE

_LIMITS = PRODUCTION.thresholds


def _words(good: str, bad: str) -> tuple[Word, ...]:
    """What 1 and 0 mean."""
    return Word(1, f"boards.words.{good}", Colour.GOOD), Word(0, f"boards.words.{bad}", Colour.BAD)


def _at_least(limit: float) -> tuple[Step, ...]:
    return Step(None, Colour.BAD), Step(limit, Colour.GOOD)


# --- now ------------------------------------------------------------------------------------------------------------

_NOW = Row(
    "now",
    (
        Panel("verdict", View.NUMBER, (Query(now.verdict()),), width=4, height=4, words=VERDICT_WORDS),
        Panel("evidence", View.NUMBER, (Query(now.evidence()),), width=4, height=4, words=EVIDENCE_WORDS),
        Panel("heard", View.NUMBER, (Query(now.heard()),), width=4, height=4, words=_words("heard", "silent")),
        Panel("mains", View.NUMBER, (Query(now.on_mains()),), width=4, height=4, words=_words("mains", "no_mains")),
        Panel("links", View.NUMBER, (Query(now.links_down()),), width=4, height=4, steps=GOOD_IS_ZERO),
        Panel("services", View.NUMBER, (Query(now.services_failing()),), width=4, height=4, steps=GOOD_IS_ZERO),
        open_alerts(**OFFICE),
        coming_work(planned.coming_to_office(OFFICE["office"])),
    ),
)

# --- power ----------------------------------------------------------------------------------------------------------

_GOOD_VERDICTS = (Verdict.MAINS, Verdict.SELF_TEST)
_UPS_WORDS = tuple(
    Word(code, f"power.verdict.{verdict}", Colour.GOOD if verdict in _GOOD_VERDICTS else Colour.BAD)
    for code, verdict in enumerate(Verdict, 1)
)
_PER_LINE = "{{ups}} {{line}}"

_POWER = Row(
    "power",
    (
        Panel("power_verdict", View.STATES, (Query(power.verdict(), "{{ups}}"),), width=24, height=4, words=_UPS_WORDS),
        Panel("charge", View.LINES, (Query(power.charge(), "{{ups}}"),), Unit.RATIO,
              steps=_at_least(_LIMITS.battery_charge_ratio), lowest=0, highest=1),
        Panel("runtime", View.LINES, (Query(power.runtime(), "{{ups}}"),), Unit.SECONDS,
              steps=_at_least(_LIMITS.battery_runtime_seconds), lowest=0),
        Panel("input_voltage", View.LINES, (Query(power.input_voltage(), _PER_LINE),), Unit.VOLTS),
        Panel("load", View.LINES, (Query(power.load(), _PER_LINE),), Unit.RATIO, lowest=0),
        Panel("disturbances", View.LINES, (Query(power.disturbances(), "{{ups}}"),), width=16, height=5, lowest=0),
        Panel("last_absence", View.NUMBER, (Query(power.last_absence(), "{{cause}} ({{evidence}})"),), Unit.SECONDS,
              width=8, height=5, may_be_empty=True),
    ),
)  # fmt: skip

# --- link -----------------------------------------------------------------------------------------------------------

_LOSS = (Step(None, Colour.GOOD), Step(_LIMITS.loss_ratio, Colour.BAD))
_CONTRACT = Query(link.contract(), f"{both('boards.legend.contract')} {{{{link}}}} {{{{direction}}}}")
_MEASURED = Query(link.throughput(), f"{both('boards.legend.measured')} {{{{link}}}} {{{{direction}}}}")

_LINK = Row(
    "link",
    (
        Panel("link_state", View.STATES, (Query(link.state(), "{{link}}"),), width=24, height=4,
              words=_words("up", "down")),
        Panel("rtt", View.LINES, (Query(link.round_trip(), "{{link}} {{hop}}"),), Unit.SECONDS, lowest=0),
        Panel("loss", View.LINES, (Query(link.loss(), "{{link}} {{hop}}"),), Unit.RATIO, steps=_LOSS, lowest=0,
              highest=1),
        Panel("echo_time", View.LINES,
              tuple(Query(link.echo_time(stat), f"{{{{link}}}} {stat}") for stat in ("p50", "p99")), Unit.SECONDS,
              lowest=0, may_be_empty=True),
        Panel("outage", View.LINES,
              (Query(link.echo_loss(), f"{both('boards.legend.lost')} {{{{link}}}}"),
               Query(link.outage(), f"{both('boards.legend.outage')} {{{{link}}}}")),
              Unit.RATIO, lowest=0, highest=1, may_be_empty=True),
        Panel("throughput", View.LINES, (_MEASURED, _CONTRACT), Unit.BITS_PER_SECOND, lowest=0),
        Panel("contract_ratio", View.LINES, (Query(link.contract_ratio(), "{{link}} {{direction}} {{method}}"),),
              Unit.RATIO, steps=CONTRACT_SHARE, lowest=0),
        Panel("traffic", View.LINES,
              tuple(Query(link.traffic(way), f"{both(f'boards.legend.{way}')} {{{{link}}}}")
                    for way in ("receive", "transmit")),
              Unit.BITS_PER_SECOND, width=24, lowest=0),
    ),
)  # fmt: skip

# --- services -------------------------------------------------------------------------------------------------------

_REASONS = tuple(
    Word(reason.value, f"probe.reason.{reason}", Colour.GOOD if reason.success else Colour.BAD) for reason in Reason
)
_NAME = "{{service_name}}"

_SERVICES = Row(
    "services",
    (
        Panel("service_state", View.STATES, (Query(services.success(), _NAME),), width=14,
              words=_words("works", "fails")),
        Panel("service_result", View.TABLE, (Query(services.result(), name="boards.columns.code"),), width=10,
              columns=(Column("service_name", "boards.columns.service"),
                       Column("reason", "boards.columns.result", _REASONS))),
        Panel("errand_state", View.STATES, (Query(services.errands(), "{{joint_name}}"),), width=24, height=4,
              words=_words("possible", "impossible"), may_be_empty=True),
        Panel("service_time", View.LINES, (Query(services.response_time(), _NAME),), Unit.SECONDS, lowest=0),
        Panel("service_phases", View.LINES, (Query(services.phases(), f"{_NAME} {{{{phase}}}}"),), Unit.SECONDS,
              lowest=0),
        Panel("certificate", View.LINES, (Query(services.certificate(), _NAME),), Unit.SECONDS, width=24,
              steps=_at_least(_LIMITS.certificate_days * 86400)),
    ),
)  # fmt: skip

# --- host -----------------------------------------------------------------------------------------------------------

_HOST = Row(
    "host",
    (
        Panel("cpu", View.LINES, (Query(host.cpu_busy(), name="boards.office.cpu.title"),), Unit.RATIO, lowest=0,
              highest=1),
        Panel("memory", View.LINES, (Query(host.memory_used(), name="boards.office.memory.title"),), Unit.RATIO,
              lowest=0, highest=1),
        Panel("disk", View.LINES, (Query(host.disk_used(), "{{mountpoint}}"),), Unit.RATIO, lowest=0, highest=1),
        Panel("uptime", View.LINES, (Query(host.uptime(), name="boards.office.uptime.title"),), Unit.SECONDS,
              lowest=0),
    ),
)  # fmt: skip

# --- the measuring itself -------------------------------------------------------------------------------------------

_PROBES = Row(
    "probes",
    (
        Panel("probe_state", View.STATES, (Query(probes.success(), probes.LEGEND),), width=24,
              words=_words("works", "fails")),
        Panel("probe_time", View.LINES, (Query(probes.duration(), probes.LEGEND),), Unit.SECONDS, lowest=0),
        Panel("probe_age", View.LINES, (Query(probes.age(), probes.LEGEND),), Unit.SECONDS, lowest=0),
        Panel("probe_failures", View.LINES, (Query(probes.failures(), "{{collector}} {{reason}}"),), lowest=0,
              may_be_empty=True),
        Panel("agent_memory", View.LINES, (Query(probes.memory(), name="boards.office.agent_memory.title"),),
              Unit.BYTES, width=8, lowest=0),
        Panel("agent_configuration", View.NUMBER, (Query(probes.configuration()),), width=4,
              words=_words("accepted", "rejected")),
    ),
)  # fmt: skip

# --- what is pushed; all of it is empty where the office is scraped -------------------------------------------------

_SKEW = (Step(None, Colour.BAD), Step(-_LIMITS.skew_seconds, Colour.GOOD), Step(_LIMITS.skew_seconds, Colour.BAD))

_PUSHED = Row(
    "pushed",
    (
        Panel("completeness", View.LINES, (Query(pushed.completeness(), name="boards.office.completeness.title"),),
              Unit.RATIO, lowest=0, highest=1, may_be_empty=True),
        Panel("push_waiting", View.LINES, (Query(pushed.waiting(), "{{receiver}}"),), lowest=0, may_be_empty=True),
        Panel("push_age", View.LINES,
              (Query(pushed.newest(), name="boards.legend.newest"),
               Query(pushed.waiting_for(), f"{both('boards.legend.oldest_waiting')} {{{{receiver}}}}")),
              Unit.SECONDS, lowest=0, may_be_empty=True),
        Panel("put_aside", View.LINES,
              (Query(pushed.put_aside(), f"{both('boards.legend.put_aside')} {{{{reason}}}}"),
               Query(pushed.dropped(), f"{both('boards.legend.dropped')} {{{{reason}}}}")),
              lowest=0, may_be_empty=True),
        Panel("clock_skew", View.NUMBER, (Query(pushed.skew()),), Unit.SECONDS, width=6, height=4, steps=_SKEW,
              may_be_empty=True),
        Panel("own_certificate", View.NUMBER, (Query(pushed.certificate()),), Unit.SECONDS, width=6, height=4,
              steps=_at_least(_LIMITS.own_certificate_days * 86400), may_be_empty=True),
    ),
)  # fmt: skip

BOARD = Board(
    uids.OFFICE,
    "office",
    (_NOW, _POWER, _LINK, _SERVICES, _HOST, _PROBES, _PUSHED),
    (variables.PROVINCE, variables.COMMUNE, variables.OFFICE, variables.SERVICE),
    hours=6,
)
