"""Who may test now: slots, fair shares, and an hourly allowance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.responder.admission import Admission, Limits, Ticket, client_of
from agent.responder.protocol import Bounds, Refused

MEGABYTE = 1_000_000
WANTED = Bounds.of(50 * MEGABYTE, 5.0)
LIMITS = Limits(tests=4, bounds=Bounds.of(100 * MEGABYTE, 10.0), hourly_bytes=200 * MEGABYTE)


def admitted(admission: Admission, client: str, now: float = 0.0, wanted: Bounds = WANTED) -> Ticket:
    answer = admission.admit(client, wanted, now)
    assert isinstance(answer, Ticket), answer
    return answer


def refused(admission: Admission, client: str, now: float = 0.0, wanted: Bounds = WANTED) -> Refused:
    answer = admission.admit(client, wanted, now)
    assert isinstance(answer, Refused), answer
    return answer


def test_a_test_gets_what_it_wants_within_the_responders_bounds() -> None:
    admission = Admission(LIMITS)
    assert admitted(admission, "a").bounds == WANTED
    assert admitted(admission, "b", wanted=Bounds.of(10**12, 3600)).bounds == LIMITS.bounds


def test_when_all_slots_are_taken_the_next_client_hears_when_to_come_again() -> None:
    admission = Admission(LIMITS)
    for client in "abcd":
        admitted(admission, client, now=10.0)
    assert refused(admission, "e", now=12.0).retry_seconds == 3


def test_a_slot_is_free_again_after_its_test() -> None:
    admission = Admission(Limits(tests=1))
    ticket = admitted(admission, "a")
    assert "slots" in refused(admission, "b").text
    admission.release(ticket, MEGABYTE, 1.0)
    assert admission.running == 0
    admitted(admission, "b", 1.0)


def test_no_client_takes_more_than_half_of_the_slots() -> None:
    admission = Admission(LIMITS)
    admitted(admission, "greedy")
    admitted(admission, "greedy")
    assert "this address" in refused(admission, "greedy").text
    admitted(admission, "modest")


def test_an_hourly_allowance_bounds_what_one_client_uses_and_fills_up_again() -> None:
    admission = Admission(LIMITS)
    for _ in range(4):
        admission.release(admitted(admission, "a"), 50 * MEGABYTE, 0.0)
    refusal = refused(admission, "a", 0.0)
    assert "bytes" in refusal.text
    assert refusal.retry_seconds == 900
    admitted(admission, "a", 900.0)
    admitted(admission, "b", 0.0)


def test_what_a_test_did_not_use_goes_back_to_its_client() -> None:
    admission = Admission(LIMITS)
    for _ in range(50):
        admission.release(admitted(admission, "a"), 2 * MEGABYTE, 0.0)
    admitted(admission, "a")


def test_many_clients_do_not_fill_the_memory() -> None:
    admission = Admission(LIMITS)
    for number in range(10_000):
        admission.release(admitted(admission, f"client {number}", number / 100), MEGABYTE, number / 100)
    assert len(admission._accounts) < 5000


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 100), st.booleans()), max_size=60))
def test_whatever_comes_slots_and_allowances_hold(events: list[tuple[str, float, bool]]) -> None:
    admission, now, used = Admission(LIMITS), 0.0, dict.fromkeys("abc", 0)
    running: list[Ticket] = []
    for client, seconds, ends in events:
        now += seconds
        if ends and running:
            ticket = running.pop(0)
            admission.release(ticket, ticket.bounds.size, now)
        answer = admission.admit(client, WANTED, now)
        if isinstance(answer, Ticket):
            running.append(answer)
            used[client] += answer.bounds.size
        assert len(running) == admission.running <= LIMITS.tests
        assert all(total <= LIMITS.hourly_bytes * (1 + now / 3600) + 1 for total in used.values())


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_an_ipv6_client_is_its_network_so_that_it_cannot_be_many(address: str, client: str) -> None:
    assert client_of(address) == client
