"""Question and answer between the agent and the helper that traces paths."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.io.path.wire import Question, dump_problem, dump_trace, load_trace
from collectors.core import ProbeError, Reason
from collectors.core.ports import Method, Packet, Reply, Trace, Word

QUESTION = Question("203.0.113.80", 443, tuple(Method), 30, 3, (1500, 1280), 12.0, 1.5)
TRACE = Trace(
    "203.0.113.80",
    (Packet(Method.TCP, 1, 60, Reply("192.0.2.1", Word.EXPIRED, 0.01)), Packet(Method.UDP, 2, 60, None)),
    (Packet(Method.ICMP, 64, 1500, Reply("192.0.2.1", Word.TOO_BIG, 0.01, 1400)),),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(("address", "packets", "sized", "problem", "message", "reply")), inner, max_size=4
        ),
    ),
    max_leaves=8,
)


def test_a_question_and_a_trace_arrive_as_they_were_sent() -> None:
    assert Question.load(QUESTION.dump()) == QUESTION
    assert load_trace(dump_trace(TRACE)) == TRACE


@pytest.mark.parametrize(
    "change",
    [
        {"rounds": 99},
        {"most_hops": 0},
        {"most_hops": 99},
        {"sizes": (60_000,)},
        {"sizes": (10,)},
        {"seconds": 0.0},
        {"seconds": 1e9},
        {"seconds": float("nan")},
        {"apart": 0.0},
        {"apart": 13.0},
        {"apart": float("nan")},
        {"port": 0},
        {"address": "portal.example"},
        {"methods": (), "sizes": ()},
    ],
)
def test_a_question_that_would_be_a_flood_or_nothing_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        replace(QUESTION, **change)


@given(st.binary(max_size=100))
def test_no_line_but_a_question_is_one(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Question.load(line)


def test_a_problem_of_the_helper_is_raised_as_it_was() -> None:
    with pytest.raises(ProbeError, match="no rights") as raised:
        load_trace(dump_problem(Reason.PERMISSION, "no rights"))
    assert raised.value.reason is Reason.PERMISSION


@given(st.one_of(st.binary(max_size=100), JSON.map(lambda value: json.dumps(value).encode())))
def test_nonsense_of_the_helper_is_our_own_failure(answer: bytes) -> None:
    with pytest.raises(ProbeError):
        load_trace(answer)
