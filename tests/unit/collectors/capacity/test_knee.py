"""The moment at which a train has shown the link's rate, and the links on which there is no such moment."""

from collections.abc import Iterator

import pytest

from collectors.capacity.knee import KneeWatch
from collectors.capacity.trace import SECOND, Trace
from collectors.core.ports import Ending

PACKET = 1500
LINK = 2_500_000.0


def packets(sending: float, link: float, bucket: float = 0.0, queue: float = 1e9) -> Iterator[tuple[int, int, int]]:
    """(arrival, sent, number) behind a token bucket and a queue of so many bytes, for a second of sending."""
    free, tokens, last = 0.0, bucket, 0.0
    for number in range(int(sending / PACKET)):
        sent = number * PACKET / sending
        tokens = min(bucket, tokens + (sent - last) * link)
        last = sent
        if tokens >= PACKET and free <= sent:
            tokens -= PACKET
            arrival = sent
        else:
            if (max(free, sent) - sent) * link > queue:
                continue
            arrival = free = max(free, sent) + PACKET / link
            tokens = 0.0
        yield int(arrival * SECOND), int(sent * SECOND), number


def watched(sending: float, link: float, bucket: float = 0.0, queue: float = 1e9) -> tuple[Ending | None, Trace, float]:
    """Until the watch has seen enough or the train is over; with the rate of its last window."""
    trace, watch = Trace(), KneeWatch(sending)
    for arrival, sent, number in packets(sending, link, bucket, queue):
        trace.add(arrival, PACKET, sent, number)
        if ending := watch.look(trace):
            return ending, trace, trace.rate(watch.window)
    return None, trace, 0.0


@pytest.mark.parametrize("link", [625_000.0, LINK, 12_500_000.0, 37_500_000.0])
def test_a_link_slower_than_the_train_shows_its_rate(link: float) -> None:
    ending, trace, rate = watched(1.5 * link, link)
    assert ending is Ending.KNEE
    assert rate == pytest.approx(link, rel=0.005)
    assert trace.seconds < 0.2


@pytest.mark.parametrize("bucket", [64_000, 256_000, 1_000_000])
def test_what_a_token_bucket_lets_pass_is_not_the_link(bucket: float) -> None:
    ending, trace, rate = watched(1.5 * LINK, LINK, bucket)
    assert ending is Ending.KNEE
    assert rate == pytest.approx(LINK, rel=0.01)
    assert trace.size > bucket


def test_a_full_queue_that_drops_does_not_change_the_rate() -> None:
    ending, _, rate = watched(1.5 * LINK, LINK, queue=60_000)
    assert ending is Ending.KNEE
    assert rate == pytest.approx(LINK, rel=0.01)


def test_a_link_a_little_slower_than_the_train_shows_by_its_queue() -> None:
    ending, _, rate = watched(1.5 * LINK, 1.33 * LINK)
    assert ending is Ending.QUEUE
    assert rate == pytest.approx(1.33 * LINK, rel=0.01)


def test_a_link_as_fast_as_the_train_shows_nothing() -> None:
    assert watched(1.5 * LINK, 2 * LINK)[0] is None
    assert watched(1.5 * LINK, 1.5 * LINK)[0] is None


def test_a_sender_that_is_held_back_is_no_knee() -> None:
    trace, watch = Trace(), KneeWatch(1.5 * LINK)
    for number in range(1000):
        sent = int(number * PACKET / (0.8 * LINK) * SECOND)
        trace.add(sent, PACKET, sent, number)
        assert watch.look(trace) is None


def test_one_pause_is_no_knee() -> None:
    trace, watch = Trace(), KneeWatch(1.5 * LINK)
    gap = PACKET / (1.5 * LINK)
    for number in range(400):
        arrival = number * gap + (0.03 if number >= 200 else 0.0)  # a machine that was busy for 30 ms, nothing lost
        trace.add(int(arrival * SECOND), PACKET, int(number * gap * SECOND), number)
        assert watch.look(trace) is not Ending.KNEE
