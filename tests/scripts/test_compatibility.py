"""Rules and panels made for blackbox_exporter, evaluated unchanged by a real Prometheus on pages of this agent.

Five services of one office: well, failing, slow, with a certificate that is about to end, pinged, asked by DNS. The
expressions are those of blackbox_exporter's own documentation, of the public collections of alert rules and of the
dashboards most people import (docs/compatibility.md); only `job` is the name that it has here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

import collectors
from agent.board import Board
from agent.config import Probe
from agent.outcome import Outcome
from collectors.core import Reading, Reason, Sample, Schedule
from collectors.service import metrics
from dashboards.prometheus import Prometheus
from tests.scripts.store import Row, prometheus

NOW = 1_790_000_000.0
DAY = 86400.0
MINUTES = 6
PHASES = ("resolve", "connect", "tls", "processing", "transfer")
ALL = {"portal", "tax", "land", "signature", "lan", "resolver"}
WEB = {"portal", "tax", "land", "signature"}


@dataclass(frozen=True)
class State:
    """What the last runs of one service gave. seconds: of the whole run; ends: when its certificate does."""

    result: Reason = Reason.OK
    status: int = 200
    seconds: float = 0.5
    ends: float = NOW + 90 * DAY
    version: str = "TLS 1.3"


SITES = {
    "portal": State(),
    "tax": State(Reason.ERROR, status=503),
    "land": State(Reason.SLOW, seconds=12.0, version="TLS 1.2"),
    "signature": State(ends=NOW + 2 * DAY),
}


def web(state: State) -> tuple[Sample, ...]:
    return (
        *metrics.of_address("203.0.113.7", 0.01),
        *(metrics.HTTP_PHASE(state.seconds / len(PHASES), phase=phase) for phase in PHASES),
        metrics.HTTP_STATUS(state.status),
        metrics.HTTP_VERSION(1.1),
        metrics.HTTP_SSL(1),
        metrics.HTTP_REDIRECTS(1),
        metrics.HTTP_CONTENT_LENGTH(5000),
        metrics.HTTP_BODY_LENGTH(5000),
        metrics.FAILED_REGEX(0),
        metrics.SSL_EARLIEST_EXPIRY(state.ends),
        metrics.SSL_CHAIN_EXPIRY(state.ends),
        metrics.TLS_VERSION(1, version=state.version),
    )


def readings() -> Iterator[tuple[str, Reading, float]]:
    for service, state in SITES.items():
        yield service, Reading(state.result, web(state)), state.seconds
    ping = (
        metrics.ICMP_PHASE(2.0, phase="rtt"),
        metrics.ICMP_PHASE(0.001, phase="resolve"),
        metrics.ICMP_HOP_LIMIT(60),
    )
    yield "lan", Reading(Reason.OK, ping), 2.1
    answer = (metrics.DNS_ANSWERED(1), metrics.DNS_ANSWERS(2), metrics.DNS_PHASE(0.02, phase="request"))
    yield "resolver", Reading(Reason.OK, answer), 0.02


def page() -> tuple[Sample, ...]:
    """What /metrics shows of them, as the agent's own board writes it."""
    board, collector = Board(), collectors.load("service")
    for service, reading, seconds in readings():
        probe = Probe(f"service/{service}", collector, None, {"service": service}, None, Schedule(60, 20), 0.0)
        board.publish(Outcome(probe, reading, NOW - seconds, seconds), monotonic=0.0)
    return board.samples(monotonic=0.0)


def rows() -> Iterator[Row]:
    """Scraped once a minute, with the labels that Prometheus adds."""
    target = {"job": "agent", "instance": "10.4.1.2:9817", "province": "04", "commune": "01273", "office": "01273-1"}
    for sample in page():
        for minute in range(MINUTES):
            yield sample.metric.name, {**target, **dict(sample.labels)}, sample.value, NOW - 60 * minute


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    with prometheus(tmp_path_factory.mktemp("compatibility"), rows()) as url:
        yield Prometheus(url)


ALERTS: Mapping[str, set[str]] = {
    # blackbox_exporter's pages, Awesome Prometheus alerts, the blackbox-exporter mixin, Kubernetes' prober rules
    "probe_success == 0": {"tax"},
    "probe_success{} < 1": {"tax"},
    "min by (service) (probe_success) == 0": {"tax"},
    "last_over_time(probe_success[5m]) != 1": {"tax"},
    "avg_over_time(probe_success[1m]) * 100 < 75": {"tax"},
    "avg_over_time(probe_duration_seconds[1m]) > 1": {"land", "lan"},
    "avg_over_time(probe_duration_seconds[1m]) > 10": {"land"},
    "avg_over_time(probe_http_duration_seconds[1m]) > 1": {"land"},
    "sum by (service) (probe_http_duration_seconds) > 3": {"land"},
    "probe_http_status_code <= 199 OR probe_http_status_code >= 400": {"tax"},
    "probe_http_status_code != 200": {"tax"},
    "avg_over_time(probe_icmp_duration_seconds[1m]) > 1": {"lan"},
    "probe_ssl_earliest_cert_expiry - time() < 86400 * 30": {"signature"},
    "3 <= round((last_over_time(probe_ssl_earliest_cert_expiry[10m]) - time()) / 86400, 0.1) < 20": set(),
    "0 <= round((last_over_time(probe_ssl_earliest_cert_expiry[10m]) - time()) / 86400, 0.1) < 3": {"signature"},
    "round((last_over_time(probe_ssl_earliest_cert_expiry[10m]) - time()) / 86400, 0.1) < 0": set(),
    "probe_ssl_last_chain_expiry_timestamp_seconds - time() < 86400 * 7": {"signature"},
    "probe_failed_due_to_regex == 1": set(),
    "probe_dns_query_succeeded < 1": set(),
    'probe_tls_version_info{version!="TLS 1.3"} == 1': {"land"},
}
PANELS: Mapping[str, set[str]] = {
    # dashboards 7587, 13659, 18538 and the mixin's; variables filled in as Grafana does
    'probe_success{job=~"agent"}': ALL,
    'probe_duration_seconds{job=~"agent", instance=~"10.4.1.2:9817"}': ALL,
    'avg by (service) (probe_duration_seconds{job="agent"})': ALL,
    'avg_over_time(probe_success{instance=~".*"}[5m]) * 100': ALL,
    'probe_http_duration_seconds{job="agent", phase="processing"}': WEB,
    'sum by (service) (probe_http_duration_seconds{instance=~".+"})': WEB,
    'probe_http_status_code{instance=~".+"}': WEB,
    'probe_http_version{instance=~".+"}': WEB,
    "probe_http_ssl == 1": WEB,
    "probe_http_redirects": WEB,
    "probe_http_content_length": WEB,
    "probe_http_uncompressed_body_length": WEB,
    "(probe_ssl_earliest_cert_expiry - time()) / 3600 / 24": WEB,
    'probe_ssl_earliest_cert_expiry{job="agent"} - time()': WEB,
    'max by (service, version) (probe_tls_version_info{job="agent"})': WEB,
    'avg_over_time(probe_dns_lookup_time_seconds{instance=~".+"}[5m])': WEB,
    "probe_ip_protocol": WEB,
    'probe_icmp_duration_seconds{phase="rtt"}': {"lan"},
    "probe_icmp_reply_hop_limit": {"lan"},
    "probe_dns_answer_rrs": {"resolver"},
    'probe_dns_duration_seconds{phase="request"}': {"resolver"},
}
FIGURES: Mapping[str, float] = {
    "count(probe_success)": 6,
    "count(probe_success == 0)": 1,
    "count(probe_success == 1)": 5,
    'avg(probe_http_duration_seconds{service="land"})': 2.4,
    'sum(probe_http_duration_seconds{service="land"})': 12,
    'count(count_values("status", probe_http_status_code))': 2,
    "count(count by (version) (probe_tls_version_info))": 2,
    "min((probe_ssl_earliest_cert_expiry - time()) / 86400)": 2,
    "avg(avg_over_time(probe_success[5m])) * 100": 100 * 5 / 6,
}


@pytest.mark.parametrize("expression", [*ALERTS, *PANELS])
def test_an_expression_finds_the_services_that_it_means(store: Prometheus, expression: str) -> None:
    found = {series.label("service") for series in store.query(expression, NOW)}
    assert found == {**ALERTS, **PANELS}[expression]


@pytest.mark.parametrize("expression", FIGURES)
def test_a_figure_is_what_it_would_be_from_blackbox_exporter(store: Prometheus, expression: str) -> None:
    (series,) = store.query(expression, NOW)
    assert series.points[-1][1] == pytest.approx(FIGURES[expression])


def test_a_label_mapping_gives_dashboards_their_instance(store: Prometheus) -> None:
    mapped = 'label_replace(probe_success, "instance", "$1", "service", "(.*)")'
    assert {series.label("instance") for series in store.query(mapped, NOW)} == ALL
