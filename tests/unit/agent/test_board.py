"""The board and its exposition: fresh answers only, counters that stay, both formats."""

import pytest
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from agent.board import Board
from agent.exposition import expose
from agent.log import Changes
from collectors.core import Kind, Metric, Reason, Sample
from tests.unit.agent.conftest import ANSWER, outcome, probe

OPENMETRICS = "application/openmetrics-text; version=1.0.0"


def series(samples: tuple[Sample, ...]) -> dict[str, float]:
    """`name{label,...}` -> value, read back by the parser of the format."""
    families = text_string_to_metric_families(expose(samples).body.decode())
    return {
        f"{sample.name}{{{','.join(f'{k}={v}' for k, v in sorted(sample.labels.items()))}}}": sample.value
        for family in families
        for sample in family.samples
    }


def test_a_fresh_answer_is_on_the_page_with_its_labels_and_its_result() -> None:
    board = Board()
    board.publish(outcome(None, Reason.OK, ANSWER(42, part="all"), started=5e8), monotonic=100)
    assert series(board.samples(monotonic=101)) == {
        "toy_answer{part=all,toy=a}": 42,
        "probe_success{collector=toy,toy=a}": 1,
        "probe_duration_seconds{collector=toy,toy=a}": 0.5,
        "probe_result{collector=toy,reason=ok,toy=a}": 1,
        "probe_timestamp_seconds{collector=toy,toy=a}": 5e8 + 0.5,
        "probe_last_success_timestamp_seconds{collector=toy,toy=a}": 5e8 + 0.5,
        "probe_runs_total{collector=toy,toy=a}": 1,
        "agent_schedule_lateness_seconds{collector=toy,toy=a}": 0,
    }


def test_a_stale_answer_leaves_the_page_but_what_was_counted_stays() -> None:
    board = Board()
    board.publish(outcome(None, Reason.OK, ANSWER(42, part="all")), monotonic=100)
    assert set(series(board.samples(monotonic=130))) == {
        "probe_runs_total{collector=toy,toy=a}",
        "probe_last_success_timestamp_seconds{collector=toy,toy=a}",
    }
    assert not board.fresh(monotonic=130)
    assert board.fresh(monotonic=129.9)


def test_a_failed_run_takes_the_values_of_the_run_before_off_the_page() -> None:
    board = Board()
    board.publish(outcome(None, Reason.OK, ANSWER(42, part="all"), started=1), monotonic=100)
    board.publish(outcome(None, Reason.DNS, started=11), monotonic=110)
    page = series(board.samples(monotonic=111))
    assert "toy_answer{part=all,toy=a}" not in page
    assert page["probe_success{collector=toy,toy=a}"] == 0
    assert page["probe_failures_total{collector=toy,reason=dns,toy=a}"] == 1
    assert page["probe_last_success_timestamp_seconds{collector=toy,toy=a}"] == 1.5
    assert [key for key in page if key.startswith("probe_result")] == ["probe_result{collector=toy,reason=dns,toy=a}"]


def test_a_probe_that_is_no_longer_configured_leaves_no_trace() -> None:
    board = Board()
    for key in ("toy/a", "toy/b"):
        board.publish(outcome(probe(key), Reason.ERROR), monotonic=100)
    board.keep_only(["toy/b"])
    assert {dict(sample.labels)["toy"] for sample in board.samples(monotonic=101)} == {"b"}
    assert set(board.recent()) == {"toy/b"}


def test_only_the_last_ten_outcomes_are_kept() -> None:
    board = Board()
    for number in range(25):
        board.publish(outcome(started=number), monotonic=number)
    assert [kept.started for kept in board.recent()["toy/a"]] == list(range(15, 25))


def test_openmetrics_is_served_to_those_who_ask_for_it() -> None:
    total = Metric("toy_bytes_total", Kind.COUNTER, "Bytes.")
    page = expose([total(3), ANSWER(1, part='a"b\\c\nd')], OPENMETRICS)
    assert page.content_type.startswith("application/openmetrics-text")
    families = {family.name: family for family in openmetrics.text_string_to_metric_families(page.body.decode())}  # type: ignore[no-untyped-call]
    assert families["toy_bytes"].samples[0].value == 3
    assert families["toy_answer"].samples[0].labels == {"part": 'a"b\\c\nd'}


def test_of_two_samples_of_one_series_the_first_is_shown() -> None:
    assert expose([ANSWER(1, part="x"), ANSWER(2, part="x")]).body.count(b'toy_answer{part="x"}') == 1


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.0, 1e300, 5e-324])
def test_any_float_can_be_shown(value: float) -> None:
    assert b"toy_answer" in expose([ANSWER(value, part="x")]).body


def test_a_repeated_failure_is_logged_on_change_and_then_hourly() -> None:
    changes = Changes()
    reasons = [
        (0, Reason.OK),
        (10, Reason.DNS),
        (20, Reason.DNS),
        (3500, Reason.DNS),
        (3700, Reason.DNS),
        (3710, Reason.OK),
    ]
    said = [(at, changes.line(outcome(None, reason, started=at))) for at, reason in reasons]
    assert [at for at, line in said if line] == [0, 10, 3700, 3710]
    assert said[1][1] == ('event=probe_result probe=toy/a reason=dns before=ok seconds=0.5 evidence="a line"')


def test_the_last_bad_results_are_kept_longer_than_good_ones() -> None:
    board = Board()
    for number in range(100):
        result = Reason.FROZEN if number in (1, 2, 3, 4, 95) else Reason.OK
        board.publish(outcome(None, result, started=number), monotonic=number)
    kept = board.recent()["toy/a"]
    assert [one.started for one in kept] == [3, 4, *range(90, 100)]


def test_a_clock_that_is_set_back_does_not_silence_a_standing_failure() -> None:
    changes = Changes()
    assert changes.line(outcome(None, Reason.DNS, started=1e9))
    assert changes.line(outcome(None, Reason.DNS, started=1e9 - 86400))
