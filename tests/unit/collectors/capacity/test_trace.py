"""Rates of packets that come evenly, in batches, or with a clock that is set."""

import pytest

from collectors.capacity.trace import SECOND, Trace

PACKET = 1500


def evenly(rate: float, seconds: float, *, delay: float = 0.0) -> Trace:
    """Packets of 1500 bytes at `rate` bytes per second; `delay` seconds are added from the first to the last."""
    trace = Trace()
    count = int(rate * seconds / PACKET)
    for number in range(count):
        sent = int(number * PACKET / rate * SECOND)
        trace.add(sent + int(delay * number / count * SECOND), PACKET, sent, number)
    return trace


def in_batches(rate: float, seconds: float, every: float) -> Trace:
    """The same, handed on only at every `every` seconds, in a burst."""
    trace = Trace()
    for number in range(int(rate * seconds / PACKET)):
        sent = number * PACKET / rate
        batch = (int(sent / every) + 1) * every
        trace.add(int(batch * SECOND) + number % 50, PACKET, int(sent * SECOND), number)
    return trace


@pytest.mark.parametrize("rate", [100_000.0, 2_500_000.0, 37_500_000.0])
def test_even_packets_have_the_rate_at_which_they_come(rate: float) -> None:
    trace = evenly(rate, max(0.5, 60 * PACKET / rate))
    assert trace.rate(0.4) == pytest.approx(rate, rel=0.001)
    assert trace.rate(0.1, before_end=0.1) == pytest.approx(rate, rel=0.001) or rate == 100_000.0


@pytest.mark.parametrize("every", [0.005, 0.01, 0.02])
def test_batches_are_counted_from_the_start_of_one_to_the_start_of_another(every: float) -> None:
    trace = in_batches(2_500_000, 1.0, every)
    assert trace.is_batched(0.4)
    assert trace.rate(0.4) == pytest.approx(2_500_000, rel=0.01)


def test_even_packets_are_no_batches() -> None:
    assert not evenly(2_500_000, 1.0).is_batched(0.4)
    assert not Trace().is_batched(0.4)


def test_too_few_packets_have_no_rate() -> None:
    assert evenly(2_500_000, 0.002).rate(0.04) == 0.0


def test_a_growing_queue_shows_as_delay_and_an_empty_one_does_not() -> None:
    assert evenly(2_500_000, 0.5, delay=0.03).delay_rise == pytest.approx(0.03, rel=0.05)
    assert evenly(2_500_000, 0.5).delay_rise == 0.0
    assert Trace().delay_rise == 0.0


def test_packets_that_are_missing_are_lost_and_late_ones_are_not() -> None:
    trace = Trace()
    for number in (0, 1, 4, 3):
        trace.add(number, PACKET, 0, number)
    assert trace.lost == 1
    assert trace.size == 4 * PACKET


def test_a_clock_that_is_set_back_makes_no_negative_time() -> None:
    trace = Trace()
    trace.add(5 * SECOND, PACKET, 0, 0)
    trace.add(4 * SECOND, PACKET, 0, 1)
    assert trace.times == [5 * SECOND, 5 * SECOND]
    assert trace.seconds == 0.0
