"""Every query of every board, evaluated by a real Prometheus on one plausible moment of a small province.

The contract test knows names and labels; only Prometheus knows whether a join matches many to many.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import pytest

import collectors
from alerts.planned import PROVINCE_OUT
from alerts.recorded import RECORDED
from alerts.scraped import ALERTS
from collectors.core import Reason, observed
from collectors.path.locate import Fault
from collectors.path.metrics import FAULT, NAMES
from collectors.path.names import Names
from collectors.ups import POWER_VERDICT, Verdict
from dashboards.boards import BOARDS
from dashboards.check import panels_without_data, queries_of
from dashboards.prometheus import Prometheus, PrometheusError
from dashboards.promql import Named
from inventory import facts
from inventory.planned.facts import PLANNED_END, PLANNED_START
from tests.scripts.store import Row, prometheus

NOW = 1_790_000_000.0
OFFICES = ("01273-ubnd", "01276-ubnd")
VALUES = {"province": "04", "office": OFFICES[0]}
SERVICES = ("portal", "vneid")
# Labels with several values at once; any other label has one, its own name.
MANY: Mapping[str, tuple[str, ...]] = {
    "direction": ("down", "up"),
    "line": ("1", "2"),
    "hop": ("gateway", "first_hop"),
    "stat": ("min", "median", "max"),
    "phase": ("resolve", "connect", "tls", "processing", "transfer"),
    "mode": ("idle", "user"),
    "cpu": ("0", "1"),
    "mountpoint": ("/", "/var"),
    "service": SERVICES,
    "link": ("main", "backup"),
    "joint": ("birth", "protection"),
}
OF_ONE_METRIC: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("link_echo_round_trip_seconds", "stat"): ("p50", "p99"),
    (POWER_VERDICT.name, "verdict"): tuple(Verdict),
    (FAULT.name, "where"): tuple(Fault),
    (NAMES.name, "verdict"): tuple(Names),
    (PROVINCE_OUT.name, "planned"): ("yes", "no"),
}
# Moments, of which a plausible value is not 1.
MOMENTS = {PLANNED_START.name: NOW + 3600, PLANNED_END.name: NOW + 7200}
# What the runner adds to the series of a collector.
PROBED_BY = {
    "ups": {"ups": "ups1", "collector": "ups"},
    "link": {"link": "main", "collector": "link"},
    "bandwidth": {"link": "main", "collector": "bandwidth"},
    "host": {"collector": "host"},
}


def places() -> Iterator[dict[str, str]]:
    for office in OFFICES:
        yield {"province": "04", "commune": office[:5], "office": office}


def named(labels: Mapping[str, str]) -> dict[str, str]:
    """The names that belong to the codes; whatever else has no value yet gets a plain one."""
    names = {
        "province_name": "Cao Bằng",
        "commune_name": f"Xã {labels.get('commune')}",
        "office_name": f"UBND {labels.get('office')}",
        "service_name": f"Dịch vụ {labels.get('service')}",
        "name": f"Dịch vụ {labels.get('service')}",
        "joint_name": f"Thủ tục {labels.get('joint')}",
        "verdict": "ok",
        "evidence": "heard",
        "scope": "province",
        "reason": Reason.OK.value,
        "alertstate": "firing",
    }
    return {label: value or names.get(label, label) for label, value in labels.items()}


def series(name: str, labels: tuple[str, ...], fixed: Mapping[str, str]) -> Iterator[Row]:
    """The series of one metric with every combination of its labels, for five minutes up to now."""
    free = [label for label in labels if label not in fixed]
    many = (OF_ONE_METRIC.get((name, label), MANY.get(label, ("",))) for label in free)
    for values in product(*many):
        found = named({**dict(zip(free, values, strict=True)), **fixed})
        for minute in range(6):
            yield name, found, MOMENTS.get(name, 1.0) + minute * name.endswith("_total"), NOW - 60 * minute


def measured() -> Iterator[Row]:
    for place in places():
        for collector in collectors.names():
            for metric in collectors.load(collector).metrics:
                if collector == "service":
                    for service in SERVICES:
                        yield from series(metric.name, metric.labels, {**place, "service": service})
                else:
                    yield from series(metric.name, metric.labels, {**place, **PROBED_BY.get(collector, {})})
        yield from observations(place)


def observations(place: Mapping[str, str]) -> Iterator[Row]:
    probes = [*PROBED_BY.values(), *({"collector": "service", "service": service} for service in SERVICES)]
    for metric in observed.METRICS:
        for probe in probes if "collector" in metric.labels else [{}]:
            yield from series(metric.name, metric.labels, {**place, **probe})


def fixed_for(labels: tuple[str, ...]) -> list[dict[str, str]]:
    """What is published or recorded once for each office, province or service, by the labels that it carries."""
    if "office" in labels:
        return [{label: value for label, value in place.items() if label in labels} for place in places()]
    return [{"province": "04"}] if "province" in labels else [{}]


def published() -> Iterator[Row]:
    declared: tuple[Named, ...] = (*facts.METRICS, *RECORDED)
    for each in declared:
        for fixed in fixed_for(each.labels):
            yield from series(each.name, each.labels, fixed)
    labels = (*ALERTS.labels, "province", "commune", "office", "office_name")
    for fixed in fixed_for(labels):
        yield from series(ALERTS.name, labels, fixed)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prometheus(tmp_path_factory.mktemp("boards"), [*measured(), *published()]) as url:
        yield url


def test_every_panel_has_data_on_a_plausible_moment(store: str) -> None:
    assert [str(empty) for empty in panels_without_data(store, VALUES, NOW)] == []


def test_lists_of_failures_work_too_once_there_is_a_failure(store: str) -> None:
    asked = Prometheus(store)
    allowed = [panel for board in BOARDS for panel in board.panels() if panel.may_be_empty]
    errands = {"errand_state", "errands_over_time", "journeys_over_time"}
    echoes = {"echo_time", "outage"}  # of offices that send them
    dips = {"dips", "dip_length", "slow_regions", "rejected", "dip_depth", "neighbours"}
    way = {"largest", "names", "resolvers", "echoes", "lost", "interruptions", "signal"}  # reduced looks, no modem
    capacity = {"capacity", "own_load", "latency", "budget", "bytes"}  # of links that are probed, with counters
    pushed = {"completeness", "push_waiting", "push_age", "put_aside", "clock_skew", "own_certificate"}
    assert {panel.key for panel in allowed} == {
        "incidents", "probe_failures", "last_absence", "planned.coming",
        *pushed, *errands, *echoes, *dips, *way, *capacity,
    }  # fmt: skip
    for board in BOARDS:
        for title, expression in queries_of(board, VALUES):
            assert asked.query(expression, NOW), title


def test_names_for_people_come_with_the_figures(store: str) -> None:
    (office,) = (board for board in BOARDS if board.key == "province")
    table = next(expression for title, expression in queries_of(office, VALUES) if title.startswith("Tình hình"))
    names = {found.label("office_name") for found in Prometheus(store).query(table, NOW)}
    assert names == {f"UBND {office}" for office in OFFICES}


def test_another_office_finds_nothing_of_this_one(store: str) -> None:
    missing = {empty.board for empty in panels_without_data(store, {**VALUES, "office": "79999-ubnd"}, NOW)}
    assert missing == {"cw-office", "cw-bandwidth", "cw-way"}


def test_a_store_that_is_down_is_an_error_and_not_an_empty_board(tmp_path: Path) -> None:
    with pytest.raises(PrometheusError, match="cannot reach Prometheus"):
        panels_without_data("http://127.0.0.1:1", VALUES, NOW)
