"""What is learnt about an agent's limits, without a network."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.io.snmp.conversation import LONGEST_ATTEMPT, SHORTEST_ATTEMPT, attempt_seconds
from agent.io.snmp.limits import NO_SUCH_NAME, TOO_BIG, WIDEST, Limits

GEN_ERR = 5
OIDS = tuple(f"1.3.6.{number}" for number in range(50))


def test_objects_are_asked_for_in_requests_of_bounded_width_and_each_once() -> None:
    requests = Limits("2c").requests((*OIDS, *OIDS))
    assert [len(request) for request in requests] == [WIDEST, WIDEST, 10]
    assert tuple(oid for request in requests for oid in request) == OIDS


def test_version_1_does_not_ask_again_for_what_is_missing_among_the_others() -> None:
    limits = Limits("1")
    assert limits.refused(OIDS[:4], NO_SUCH_NAME, 2) == [(OIDS[0], *OIDS[2:4])]
    assert limits.requests(OIDS[:4]) == [(OIDS[0], *OIDS[2:4])]


def test_absent_objects_take_turns_in_being_asked_again() -> None:
    limits = Limits("1")
    for oid in OIDS[:3]:
        limits.missing(oid)
    turns = []
    for _ in range(4):
        turn = limits.to_ask_again(OIDS)
        assert turn is not None
        limits.missing(turn)
        turns.append(turn)
    assert turns == [OIDS[0], OIDS[1], OIDS[2], OIDS[0]]


def test_version_2c_forgets_absence_because_it_costs_nothing_to_ask() -> None:
    limits = Limits("2c")
    limits.missing(OIDS[0])
    assert limits.requests(OIDS[:1]) == [OIDS[:1]]


def test_silence_to_a_wide_request_means_one_object_at_a_time() -> None:
    limits = Limits("2c")
    assert limits.silent(OIDS[:3]) == [(oid,) for oid in OIDS[:3]]
    assert limits.requests(OIDS[:3]) == [(oid,) for oid in OIDS[:3]]


def test_a_single_object_that_is_too_big_is_given_up() -> None:
    assert Limits("2c").refused(OIDS[:1], TOO_BIG, 0) == []


@given(
    pdu=st.integers(1, 20).map(lambda size: OIDS[:size]),
    status=st.integers(1, 18),
    index=st.integers(-5, 60),
    version=st.sampled_from(["1", "2c", "3"]),
)
def test_every_refusal_leads_to_less_work(pdu: tuple[str, ...], status: int, index: int, version: str) -> None:
    again = Limits(version).refused(pdu, status, index)
    asked = [oid for request in again for oid in request]
    assert len(asked) == len(set(asked))
    assert set(asked) <= set(pdu)
    assert all(len(request) < len(pdu) for request in again)


@pytest.mark.parametrize(("wish", "step"), [(-3, SHORTEST_ATTEMPT), (1.2, 1.5), (1.5, 1.5), (99, LONGEST_ATTEMPT)])
def test_attempts_come_in_few_lengths(wish: float, step: float) -> None:
    assert attempt_seconds(wish) == step
