"""From both ends' words to a figure, or to the doubts that forbid one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.capacity.bursts import Bursts, capacity_of, scatter
from collectors.capacity.estimate import Doubt, estimate
from collectors.capacity.trace import SECOND
from collectors.core.ports import Ending, Heard, Sent

LINK = 2_500_000.0
HEARD = Heard(Ending.KNEE, LINK, 30_000.0, (LINK * 0.9, LINK, LINK, LINK * 1.01, LINK), received=300)
CLUMPS = replace(HEARD, uneven=True)
SENT = Sent(1.5 * LINK, 1.5 * LINK, 500_000, (50 * LINK,) * 5)


def test_a_probe_without_a_doubt_gives_capacity_and_what_was_free_of_it() -> None:
    found = estimate(HEARD, SENT)
    assert (found.doubts, found.capacity, found.at_least) == ((), LINK, None)
    assert found.available == LINK
    assert found.bucket == 30_000


def test_a_sender_that_was_a_little_slow_leaves_the_capacity_but_says_nothing_of_what_was_free() -> None:
    found = estimate(HEARD, replace(SENT, rate=1.2 * LINK))
    assert (found.capacity, found.available) == (LINK, None)


def test_what_others_use_is_missing_from_what_is_free_and_not_from_the_capacity() -> None:
    others = 0.3 * LINK
    tail = LINK * 1.5 * LINK / (1.5 * LINK + others)  # a queue serves everybody by his share of what comes in
    found = estimate(replace(HEARD, tail_rate=tail), SENT)
    assert found.capacity == LINK
    assert found.available == pytest.approx(0.7 * LINK)


def test_the_distance_of_packets_comes_before_the_rates_of_bursts_that_others_have_stretched() -> None:
    stretched = tuple(rate * LINK for rate in (0.7, 0.9, 0.95, 0.8, 0.97))
    assert estimate(replace(HEARD, gap_rate=LINK, burst_rates=stretched), SENT).capacity == LINK


def test_where_packets_come_in_clumps_all_bursts_count_alike() -> None:
    rates = tuple(rate * LINK for rate in (0.99, 1.0, 1.01, 1.02, 0.98))
    assert estimate(replace(CLUMPS, burst_rates=rates, tail_rate=0.8 * LINK), SENT).capacity == pytest.approx(LINK)


@pytest.mark.parametrize("rates", [(1.55 * LINK,) * 8, (LINK,) * 4], ids=["far from the train", "few"])
def test_clumps_alone_do_not_make_a_figure(rates: tuple[float, ...]) -> None:
    assert estimate(replace(CLUMPS, burst_rates=rates, tail_rate=0.96 * LINK), SENT).doubts == (Doubt.SCATTERED,)


def test_a_train_that_agrees_with_its_bursts_is_as_good_as_they_are() -> None:
    found = estimate(replace(CLUMPS, burst_rates=(0.98 * LINK,) * 8, tail_rate=LINK), SENT)
    assert found.capacity == pytest.approx(0.99 * LINK)


def test_a_few_packets_in_clumps_do_not_tell_a_slow_link_that_others_use() -> None:
    slow = LINK / 4
    heard = replace(CLUMPS, burst_rates=(slow,) * 8, tail_rate=0.8 * slow)
    assert estimate(heard, Sent(1.5 * slow, 1.5 * slow, 500_000, (50 * slow,) * 8)).doubts == (Doubt.SCATTERED,)


def test_a_queue_that_somebody_else_had_filled_is_no_policer() -> None:
    assert estimate(replace(HEARD, policed=True), SENT).capacity == LINK


def test_a_policer_is_known_to_let_pass_at_least_what_came() -> None:
    found = estimate(*DOUBTS[Doubt.POLICED])
    assert (found.capacity, found.at_least) == (None, LINK)


def test_no_link_that_a_train_has_filled_is_faster_than_twice_the_train() -> None:
    rates = (3.1 * LINK,) * 5
    assert estimate(replace(HEARD, burst_rates=rates, gap_rate=rates[0]), SENT).doubts == (Doubt.FEW_BURSTS,)


DOUBTS: dict[Doubt, tuple[Heard, Sent]] = {
    Doubt.NO_KNEE: (replace(HEARD, ending=Ending.BYTES, tail_rate=1.5 * LINK, burst_rates=()), SENT),
    Doubt.SLOW_SENDER: (HEARD, replace(SENT, rate=1.05 * LINK)),
    Doubt.FEW_BURSTS: (replace(HEARD, burst_rates=(LINK, LINK)), SENT),
    Doubt.SCATTERED: (replace(HEARD, burst_rates=(LINK, 1.1 * LINK, 1.2 * LINK, 0.9 * LINK, 0.8 * LINK)), SENT),
    Doubt.OVERFLOW: (replace(HEARD, overflow=1), SENT),
    Doubt.BUSY: (HEARD, replace(SENT, busy=0.9)),
    Doubt.CLOCK: (replace(HEARD, clock_step=0.5), SENT),
    Doubt.POLICED: (replace(HEARD, policed=True, burst_rates=(49 * LINK,) * 5), SENT),
    Doubt.SILENCE: (Heard(Ending.SILENCE), SENT),
}


@pytest.mark.parametrize("doubt", Doubt)
def test_a_doubt_leaves_no_figure(doubt: Doubt) -> None:
    found = estimate(*DOUBTS[doubt])
    assert found.doubts == (doubt,)
    assert found.capacity is None
    assert found.available is None


def test_bursts_that_left_slowly_say_nothing_of_the_link() -> None:
    assert estimate(HEARD, replace(SENT, burst_rates=(1.9 * LINK,) * 5)).doubts == (Doubt.FEW_BURSTS,)


def test_an_unsaturated_link_carries_at_least_what_came() -> None:
    assert estimate(*DOUBTS[Doubt.NO_KNEE]).at_least == 1.5 * LINK
    assert estimate(*DOUBTS[Doubt.SILENCE]).at_least is None


NUMBERS = st.floats(0, 1e12)
RATES = st.lists(NUMBERS, max_size=5).map(tuple)


@given(
    heard=st.builds(
        Heard, st.sampled_from(Ending), NUMBERS, NUMBERS, RATES, NUMBERS, st.booleans(), st.booleans(),
        st.integers(0, 2**32), st.integers(0, 2**32), NUMBERS, st.integers(0, 2**32), NUMBERS, NUMBERS,
    ),
    sent=st.builds(Sent, NUMBERS, NUMBERS, st.integers(0, 2**60), RATES, NUMBERS),
)  # fmt: skip
def test_whatever_the_other_end_says_there_is_a_figure_or_a_doubt(heard: Heard, sent: Sent) -> None:
    found = estimate(heard, sent)
    assert (found.capacity is None) == bool(found.doubts)
    if found.capacity is not None and found.available is not None:
        assert found.capacity > 0
        assert 0 <= found.available <= found.capacity


def test_the_first_packets_of_a_burst_do_not_count() -> None:
    bursts = Bursts()
    for number in range(20):
        early = 0.5 if number < 6 else 1.0  # while the queue before it was empty, they passed at once
        bursts.add(0, int(number * early * 1500 / LINK * SECOND), 1500)
    assert bursts.rates()[0] > 0
    assert Bursts({1: [(0, 1500)] * 30, 2: [(0, 1500), (5, 1500)]}).rates() == ()


def test_the_distances_within_a_batch_are_not_the_links() -> None:
    bursts = Bursts()
    for number in range(150):
        batch, place = divmod(number, 30)
        bursts.add(number // 75, batch * 20_000_000 + place * 2_500, 1500)  # 20 ms apart; within, 4.8 Gbit/s
    assert bursts.gap_rate() == 0


def test_a_gap_of_two_distances_holds_a_packet_of_somebody_else() -> None:
    bursts, time = Bursts(), 0.0
    for number in range(60):
        time += 1500 / (40 * LINK) * (2 if number == 40 else 1)
        bursts.add(0, int(time * SECOND), 1500)
    assert bursts.gap_rate() == pytest.approx(40 * LINK, rel=0.001)


def test_of_five_bursts_the_fourth_is_the_capacity_and_their_quartiles_are_the_scatter() -> None:
    assert capacity_of((5.0, 1.0, 3.0, 4.0, 2.0)) == 4.0
    assert capacity_of(()) == 0.0
    assert scatter((1.0, 2.0)) == 0.0
    assert scatter((90.0, 100.0, 100.0, 100.0, 200.0)) == 0.0
    assert scatter((80.0, 90.0, 100.0, 110.0, 120.0)) == pytest.approx(0.2)
