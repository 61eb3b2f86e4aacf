"""Who waits for a slot: places, moments that lie apart, slots kept for those who have waited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.responder.admission import Admission, Limits, Ticket
from agent.responder.line import Counters, Line
from agent.responder.protocol import Bounds, Refusal, Refused
from agent.responder.waiting import GRACE, SOONEST, Waiting
from collectors.core.responder import RESPONDER_LINE_BYTES, RESPONDER_LINE_LOAD

WANTED = Bounds.of(1_000_000, 5.0)
MEGABIT = 125_000


def slipped(admission: Admission, client: str, now: float) -> Refused:
    """What a client hears that gets no slot."""
    answer = admission.admit(client, WANTED, now)
    assert isinstance(answer, Refused), answer
    return admission.slip(client, answer, now)


def test_each_who_waits_has_a_place_and_a_moment_of_its_own() -> None:
    admission = Admission(Limits(tests=2))
    for client in ("a", "b"):
        admission.admit(client, WANTED, 0.0)
    told = [slipped(admission, f"waits {number}", 0.0) for number in range(10)]
    assert [slip.text.rpartition("; ")[2] for slip in told][:2] == [
        "place 1 of those who wait", "place 2 of those who wait",
    ]  # fmt: skip
    moments = [slip.retry_seconds for slip in told]
    assert moments == sorted(moments)
    assert max(moments.count(moment) for moment in moments) <= 2  # no more at once than there are slots
    assert admission.waiting(0.0) == 10
    assert admission.waiting(100.0) == 0


def test_a_slot_that_is_free_is_kept_for_who_has_waited() -> None:
    admission = Admission(Limits(tests=1))
    ticket = admission.admit("first", WANTED, 0.0)
    assert isinstance(ticket, Ticket)
    due = slipped(admission, "waits", 0.0).retry_seconds
    admission.release(ticket, 0, 1.5)
    hasty = admission.admit("hasty", WANTED, float(due))
    assert isinstance(hasty, Refused)
    assert "kept for others" in hasty.text
    assert isinstance(admission.admit("waits", WANTED, float(due)), Ticket)


def test_who_does_not_come_loses_the_place() -> None:
    admission = Admission(Limits(tests=1))
    ticket = admission.admit("first", WANTED, 0.0)
    assert isinstance(ticket, Ticket)
    due = slipped(admission, "never comes", 0.0).retry_seconds
    admission.release(ticket, 0, 1.0)
    assert isinstance(admission.admit("other", WANTED, due + GRACE / 2), Refused)
    assert isinstance(admission.admit("other", WANTED, due + GRACE + 1), Ticket)


def test_a_slot_is_nobodys_before_the_moment_has_come() -> None:
    admission = Admission(Limits(tests=1))
    ticket = admission.admit("first", WANTED, 0.0)
    assert isinstance(ticket, Ticket)
    for number in range(5):
        slipped(admission, f"waits {number}", 0.0)
    admission.release(ticket, 0, 0.1)
    assert isinstance(admission.admit("quick", WANTED, 0.2), Ticket)


def test_who_comes_at_its_moment_and_finds_no_slot_keeps_its_place() -> None:
    waiting = Waiting()
    first = waiting.slip("a", 0.0, 2.0, 1.0)
    waiting.slip("b", 0.0, 2.0, 1.0)
    again = waiting.slip("a", float(first.seconds), 2.0, 1.0)
    assert (first.place, again.place) == (1, 1)
    assert again.seconds == SOONEST
    assert waiting.number(3.0) == 2


def test_slips_follow_the_pace_at_which_tests_end() -> None:
    quick, slow = Admission(Limits(tests=1)), Admission(Limits(tests=1))
    for admission, seconds in ((quick, 0.5), (slow, 5.0)):
        for number in range(60):
            ticket = admission.admit(f"client {number}", WANTED, number * 10.0)
            assert isinstance(ticket, Ticket)
            admission.release(ticket, 0, number * 10.0 + seconds)
        admission.admit("running", WANTED, 700.0)
    last = {name: [slipped(one, f"{n}", 700.0) for n in range(10)][-1] for name, one in (("q", quick), ("s", slow))}
    assert last["q"].retry_seconds < 8
    assert last["s"].retry_seconds > 40


def test_neither_one_client_nor_all_fill_the_memory() -> None:
    waiting = Waiting()
    for _ in range(100):
        waiting.slip("greedy", 0.0, 1e5, 1.0)
    assert waiting.number(0.0) < 50
    for number in range(5000):
        waiting.slip(f"client {number}", 0.0, 1e5, 1.0)
    assert waiting.number(0.0) < 2500


def test_used_up_bytes_are_no_matter_of_waiting() -> None:
    admission = Admission(Limits(tests=4, hourly_bytes=1_500_000))
    admission.admit("a", WANTED, 0.0)
    refused = slipped(admission, "a", 0.0)
    assert "bytes" in refused.text
    assert "place" not in refused.text
    assert admission.waiting(0.0) == 0


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.floats(0, 4), st.booleans()), max_size=80))
def test_whoever_waits_no_more_tests_run_than_there_are_slots_and_each_wait_ends(
    events: list[tuple[str, float, bool]],
) -> None:
    admission, now = Admission(Limits(tests=2)), 0.0
    running: list[Ticket] = []
    for client, seconds, ends in events:
        now += seconds
        if ends and running:
            admission.release(running.pop(0), 0, now)
        answer = admission.admit(client, WANTED, now)
        if isinstance(answer, Ticket):
            running.append(answer)
        else:
            assert 1 <= admission.slip(client, answer, now).retry_seconds <= 200
        assert len(running) == admission.running <= 2
    for ticket in running:
        admission.release(ticket, 0, now)
    assert isinstance(admission.admit("late", WANTED, now + 200 + GRACE), Ticket)


def half_full(direction_bytes: int) -> Line:
    line = Line(100 * MEGABIT)
    line.look(0.0, Counters(0, 0))
    line.look(1.0, Counters(0, direction_bytes))
    return line


def test_no_test_begins_while_half_of_the_responders_line_is_in_use() -> None:
    admission = Admission(Limits(), half_full(60 * MEGABIT))
    refused = slipped(admission, "a", 1.0)
    assert "own line" in refused.text
    assert "place 1" in refused.text
    up = admission.admit("a", WANTED, 1.0, "up")
    assert isinstance(up, Ticket)  # the other direction is free


def test_a_train_must_fit_beside_what_runs_and_what_is_promised() -> None:
    admission = Admission(Limits(), half_full(0))
    assert isinstance(admission.admit("a", WANTED, 1.0, "down", 30 * MEGABIT), Ticket)
    assert isinstance(admission.admit("b", WANTED, 1.0, "down", 30 * MEGABIT), Refused)
    assert isinstance(admission.admit("b", WANTED, 1.0, "down", 20 * MEGABIT), Ticket)


def test_a_train_of_more_than_half_the_line_never_gets_a_slot_and_is_told_so() -> None:
    refused = Admission(Limits(), half_full(0)).admit("a", WANTED, 1.0, "down", 51 * MEGABIT)
    assert isinstance(refused, Refused)
    assert (refused.why, refused.retry_seconds) == (Refusal.BUSY, 0)
    assert "more than half" in refused.text


def test_the_line_says_its_load_both_ways() -> None:
    line = Line(100 * MEGABIT)
    line.look(10.0, Counters(1000, 5000))
    line.look(12.0, Counters(1000 + 50 * MEGABIT, 5000))
    found = {(one.metric, one.label("direction")): one.value for one in line.samples() if one.labels}
    assert found[RESPONDER_LINE_LOAD, "up"] == pytest.approx(0.25)
    assert found[RESPONDER_LINE_LOAD, "down"] == 0
    assert found[RESPONDER_LINE_BYTES, "down"] == 5000


def test_a_counter_that_fell_is_no_load() -> None:
    line = half_full(60 * MEGABIT)
    line.look(2.0, Counters(0, 0))
    assert line.has_room("down", 0.0, 0.0)
