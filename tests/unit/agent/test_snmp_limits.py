"""What is learnt about an agent's limits, without a network."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.io.snmp.conversation import LONGEST_ATTEMPT, SHORTEST_ATTEMPT, attempt_seconds
from agent.io.snmp.limits import LONGEST_REST, NO_SUCH_NAME, SEARCH_AFTER, SHARE, TOO_BIG, WIDEST, Limits, before
from agent.io.snmp.uptime import Uptime
from collectors.core.ports import SnmpVersion
from tests.fakes.snmp import numbers

GEN_ERR = 5
OIDS = tuple(f"1.3.6.{number}" for number in range(50))


def test_objects_are_asked_for_in_requests_of_bounded_width_and_each_once() -> None:
    requests = Limits("2c").requests((*OIDS, *OIDS))
    assert [len(request) for request in requests] == [WIDEST, WIDEST, 10]
    assert tuple(oid for request in requests for oid in request) == OIDS


def test_version_1_does_not_ask_again_for_what_is_missing_among_the_others() -> None:
    limits = Limits("1", steps_over=False)
    assert limits.refused(OIDS[:4], NO_SUCH_NAME, 2) == [(OIDS[0], *OIDS[2:4])]
    assert limits.requests(OIDS[:4]) == [(OIDS[0], *OIDS[2:4])]


def lacking(limits: Limits, oids: Sequence[str]) -> Limits:
    for oid in oids:
        limits.missing(oid)
    limits.changed = False
    return limits


def test_absent_objects_take_turns_in_being_asked_again() -> None:
    limits = lacking(Limits("1", steps_over=False, slowest=1), OIDS[:3])
    turns = []
    for now in (10, 20, 30, 40):
        ((turn,),) = limits.to_ask_again(OIDS, now)
        limits.missing(turn)
        turns.append(turn)
    assert turns == [OIDS[0], OIDS[1], OIDS[2], OIDS[0]]


@pytest.mark.parametrize("version", ["1", "2c"])
def test_asking_again_takes_a_tenth_of_the_time_at_most(version: SnmpVersion) -> None:
    limits = lacking(Limits(version, widest=1, slowest=2), OIDS)
    requests = [len(limits.to_ask_again(OIDS, now)) for now in range(1000, 1200, 10)]
    assert sum(requests) * limits.slowest <= 200 * SHARE + LONGEST_REST * SHARE
    assert sum(requests) > 5


def test_when_anything_changed_all_that_is_absent_is_asked_for_at_once() -> None:
    limits = lacking(Limits("2c", widest=1, slowest=4), OIDS[:9])
    limits.found(OIDS[3])
    again = limits.to_ask_again(OIDS, 0)
    assert {oid for request in again for oid in request} == set(OIDS[:9]) - {OIDS[3]}


def test_an_object_that_has_gone_is_a_change_as_well() -> None:
    limits = lacking(Limits("2c", widest=1, slowest=4), OIDS[:9])
    limits.found(OIDS[20])
    assert not limits.changed
    limits.missing(OIDS[20])
    assert limits.changed


def test_what_is_absent_fills_the_room_of_a_request_that_is_sent_anyway() -> None:
    limits = lacking(Limits("2c"), OIDS[:30])
    assert limits.requests(OIDS[:35]) == [(*OIDS[30:35], *OIDS[: WIDEST - 5])]
    assert limits.requests(OIDS[:30]) == [], "none is sent only for that"


def test_version_1_keeps_what_may_be_missing_apart_from_what_is_there() -> None:
    limits = Limits("1")
    for oid in OIDS[:3]:
        limits.found(oid)
    known, unsure = limits.requests(OIDS[:6])
    assert (known, limits.by_next(known)) == (OIDS[:3], False)
    assert (unsure, limits.by_next(unsure)) == (OIDS[3:6], True)


def test_what_comes_after_the_end_of_an_agents_objects_is_missing_at_once() -> None:
    limits = Limits("1")
    pdu = tuple(OIDS[number] for number in (10, 40, 9, 30, 20))
    assert limits.refused(pdu, NO_SUCH_NAME, 5) == [(OIDS[10], OIDS[9])]
    assert set(limits.absent) == {OIDS[40], OIDS[30], OIDS[20]}


def test_an_agent_that_keeps_silent_to_getnext_is_asked_by_get() -> None:
    limits = Limits("1")
    assert limits.silent(OIDS[:3]) == [OIDS[:3]]
    assert not limits.by_next(OIDS[:3])
    assert limits.silent(OIDS[:3]) == [(oid,) for oid in OIDS[:3]]


def test_marks_are_searched_once_and_then_seldom_and_in_turn() -> None:
    limits = Limits("2c")
    assert sum(map(len, limits.to_search(OIDS, 0))) == len(OIDS)
    lacking(limits, OIDS[1:]).found(OIDS[0])
    assert limits.to_search(OIDS, 1) == limits.to_search(OIDS, SEARCH_AFTER - 1) == []
    assert limits.to_search(OIDS, SEARCH_AFTER) == [OIDS[1 : 1 + WIDEST]]
    assert limits.to_search(OIDS, SEARCH_AFTER + 1) == []


def test_an_agent_without_any_mark_is_searched_for_all_of_them_each_time() -> None:
    limits = lacking(Limits("2c"), OIDS)
    assert sum(map(len, limits.to_search(OIDS, 1))) == len(OIDS)


def test_marks_that_there_was_no_time_for_come_next() -> None:
    limits = lacking(Limits("2c"), OIDS[1:20])
    limits.found(OIDS[0])
    assert limits.to_search(OIDS, 1) == [OIDS[20:40], OIDS[40:]]


def test_a_slow_agent_is_asked_for_further_marks_only_along_with_something_else() -> None:
    limits = Limits("2c", slowest=4)
    assert limits.to_search(OIDS[:30], 0) == [OIDS[:20], OIDS[20:30]]
    lacking(limits, OIDS[1:20]).found(OIDS[0])
    assert limits.to_search(OIDS[:30], 99) == []
    assert limits.requests(OIDS[40:48]) == [(*OIDS[40:48], *OIDS[20:30])]
    assert limits.to_search(OIDS[:30], 600) == [(*OIDS[20:30], *OIDS[1:11])]


def test_a_lost_mark_makes_the_others_searched_for_at_once() -> None:
    limits = lacking(Limits("2c"), OIDS[2:])
    limits.found(OIDS[0])
    limits.found(OIDS[1])
    limits.missing(OIDS[1])
    assert limits.to_search(OIDS, 1) == [OIDS[2 : 2 + WIDEST]]


@pytest.mark.parametrize(
    ("before", "later", "same"),
    [
        (Uptime(1000, 0), Uptime(1015, 15), True),
        (Uptime(1000, 0), Uptime(1000, 900), True),  # a clock that stands
        (Uptime(1000, 0), Uptime(1008, 15), True),  # a slow one
        (Uptime(1000, 0), Uptime(3, 15), False),  # restarted
        (Uptime(1000, 0), Uptime(2000, 3600), False),  # restarted while we were not looking
        (Uptime(1000, 0), Uptime(90000, 15), False),  # another card
        (Uptime(4971 * 8640, 0), Uptime(5, 10), False),  # TimeTicks are over: learning again does no harm
    ],
)
def test_an_uptime_tells_whether_it_is_still_the_same_run_of_the_same_agent(
    before: Uptime, later: Uptime, same: bool
) -> None:
    assert before.goes_on_as(later) is same


def test_another_run_of_an_agent_is_a_stranger() -> None:
    limits = lacking(Limits("1", widest=1, steps_over=False, uptime=Uptime(1000, 0)), OIDS[:4])
    assert not limits.look(Uptime(1015, 15))
    assert limits.absent
    assert limits.look(Uptime(3, 30))
    assert (limits.absent, limits.widest, limits.steps_over) == ({}, WIDEST, True)


@given(st.lists(st.integers(0, 2**32 - 1), min_size=2, max_size=12).map(lambda parts: ".".join(map(str, parts))))
def test_what_comes_before_an_object_is_no_later_than_it(oid: str) -> None:
    assert numbers(before(oid)) < numbers(oid)


def test_an_answer_that_was_slow_once_is_forgotten() -> None:
    limits = Limits("2c")
    limits.took(4)
    for _ in range(100):
        limits.took(0.01)
    assert limits.slowest < 0.1


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
def test_every_refusal_leads_to_less_work(pdu: tuple[str, ...], status: int, index: int, version: SnmpVersion) -> None:
    again = Limits(version).refused(pdu, status, index)
    asked = [oid for request in again for oid in request]
    assert len(asked) == len(set(asked))
    assert set(asked) <= set(pdu)
    assert all(len(request) < len(pdu) for request in again)


@pytest.mark.parametrize(("wish", "step"), [(-3, SHORTEST_ATTEMPT), (1.2, 1.2), (99, LONGEST_ATTEMPT)])
def test_attempts_have_a_length_that_makes_sense(wish: float, step: float) -> None:
    assert attempt_seconds(wish) == step
