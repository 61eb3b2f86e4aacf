"""Metric, Sample, Reason, Schedule and log lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core import Kind, Metric, Reason, Schedule
from collectors.core.collector import stable_offset
from collectors.core.logline import logline

PHASE = Metric("probe_http_duration_seconds", Kind.GAUGE, "Phases.", ("phase",))


def test_a_sample_is_made_by_calling_its_metric() -> None:
    sample = PHASE(1, phase="tls")
    assert (sample.metric, sample.value, sample.labels) == (PHASE, 1.0, (("phase", "tls"),))


@pytest.mark.parametrize("labels", [{}, {"phase": "tls", "extra": "x"}, {"other": "x"}])
def test_a_sample_takes_exactly_the_declared_labels(labels: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="takes the labels"):
        PHASE(1, **labels)


@pytest.mark.parametrize(
    ("name", "kind"), [("a_total", Kind.GAUGE), ("a", Kind.COUNTER), ("1a", Kind.GAUGE), ("a-b", Kind.GAUGE)]
)
def test_a_metric_with_a_bad_name_cannot_be_declared(name: str, kind: Kind) -> None:
    with pytest.raises(ValueError, match=name):
        Metric(name, kind, "Help.")


def test_identity_labels_never_replace_a_collectors_own() -> None:
    assert PHASE(1, phase="tls").labelled({"service": "portal", "phase": "x"}).labels == (
        ("service", "portal"),
        ("phase", "tls"),
    )


def test_only_right_answers_are_successes() -> None:
    assert {reason for reason in Reason if reason.success} == {Reason.OK, Reason.SLOW}


def test_a_schedule_needs_room_for_its_timeout() -> None:
    with pytest.raises(ValueError, match="timeout"):
        Schedule(every=10, timeout=11)


def test_offsets_are_stable_and_spread_evenly() -> None:
    offsets = sorted(stable_offset(f"{code:05}/service/portal", 60) for code in range(3321))
    assert stable_offset("01273/service/portal", 60) == pytest.approx(56.736491)
    assert all(0 <= offset < 60 for offset in offsets)
    per_second = [sum(second <= offset < second + 1 for offset in offsets) for second in range(60)]
    assert max(per_second) < 2 * 3321 / 60


def test_a_log_line_quotes_what_would_break_it() -> None:
    assert logline("x", plain="a/b", text='a "b"\nc', gone=None, number=0.5, empty="", vi="Xã Đông Khê") == (
        'event=x plain=a/b text="a \\"b\\"\\nc" number=0.5 empty="" vi="Xã Đông Khê"'
    )


@given(st.text())
def test_a_log_line_is_always_one_line(text: str) -> None:
    assert len(logline("x", value=text).splitlines()) == 1
