"""What a probe says about the link, and whether it may be believed. Pure.

Capacity is what the link carries, whoever uses it. Available is what it had left for us while others used it. Both are
at the IP layer (RFC 9097, ITU-T Y.1540). A probe whose conditions were not met gives no figure but the reasons why.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import fmean

from collectors.capacity.bursts import LONG, capacity_of, error_of_mean, scatter
from collectors.core.ports import Ending, Heard, Sent
from collectors.wan.load import CONTENDED

FEWEST_BURSTS = 3
FAST_BURST = 2.0  # times the capacity: a burst that left more slowly was shaped by its sender
REACHED = 0.9  # of the rate at which the train was to be sent: below it nothing is said of what was free
OVERLOAD = 1.1  # times the rate that arrived: a train that was sent more slowly has not saturated the link
SCATTER = 0.05
UNSURE, UNSURE_TOGETHER = 0.01, 0.015  # the standard error of a mean, and of one that the train confirms
AGREED = 0.04
FEWEST_IN_LONG = 40  # packets of a long burst: where there are fewer, one more or less in a clump is too much
FULL_PACKET = 1500
FEWEST_LONG = 5  # bursts, where packets come in clumps,
MOST_SHARED = 1.35  # and so much faster than the train may they be: more is a clump, not others' share
MOST = 2.0  # times the sending rate: so fast is no link that the train has saturated
BUSY = 0.8  # of one core: the receiver may have been late
CLOCK_STEP = 0.001  # seconds by which the receiver's clock was set during the probe


class Doubt(StrEnum):
    """Why a probe gives no capacity: a closed list, exported as the label `reason`."""

    NO_KNEE = "unsaturated"  # the link carries at least what was sent
    SLOW_SENDER = "slow_sender"  # the sender was held back by its own machine
    FEW_BURSTS = "few_bursts"
    SCATTERED = "scattered"  # the bursts disagree
    OVERFLOW = "overflow"  # the receiver's own queue lost packets
    BUSY = "busy"  # a machine was too busy to be trusted
    CLOCK = "clock"  # the clock that stamps arrivals was set
    SILENCE = "silence"
    POLICED = "policed"  # what is beyond a rate is dropped at once: the probe's share says nothing of the whole


@dataclass(frozen=True, slots=True)
class Estimate:
    """Bytes per second at the IP layer, seconds, shares. None = not known.

    capacity   what the link carries; only without any doubt
    at_least   what it has been seen to carry, where it was not saturated
    available  what was left of it for the probe
    bucket     bytes that passed faster than the link's rate before the knee
    contended  whether the office itself used a notable share of the link meanwhile
    """

    doubts: tuple[Doubt, ...]
    capacity: float | None = None
    at_least: float | None = None
    available: float | None = None
    bucket: float | None = None
    contended: bool | None = None

    @property
    def valid(self) -> bool:
        return not self.doubts


def estimate(heard: Heard, sent: Sent, own_load: float | None = None) -> Estimate:
    """From what both ends saw of one probe. own_load: bytes per second that the office itself moved, where known."""
    found = _estimate(heard, sent)
    carried = found.capacity or found.at_least
    if own_load is None or carried is None:
        return found
    return replace(found, contended=own_load >= CONTENDED * carried)


def _estimate(heard: Heard, sent: Sent) -> Estimate:
    saturated = heard.ending in (Ending.KNEE, Ending.QUEUE)
    capacity = _capacity(heard)
    doubts = tuple(_doubts(heard, sent, capacity))
    at_least = heard.tail_rate or None if heard.policed or heard.ending is Ending.BYTES else None
    if doubts:
        return Estimate(doubts, at_least=at_least)
    reached = saturated and sent.rate >= REACHED * sent.wanted_rate
    available = _available(capacity, sent.rate, heard.tail_rate) if reached else None
    return Estimate((), capacity, None, available, heard.bucket_bytes)


def _capacity(heard: Heard) -> float:
    if heard.gap_rate or not heard.uneven:
        return heard.gap_rate or capacity_of(heard.burst_rates)
    bursts = fmean(heard.burst_rates) if heard.burst_rates else 0.0
    return (bursts + heard.tail_rate) / 2 if _agree(heard) else bursts


def _agree(heard: Heard) -> bool:
    """Whether the train, which shares the link, and the bursts, which do not, say the same: nobody else is there."""
    return (
        abs(fmean(heard.burst_rates) / heard.tail_rate - 1) < AGREED if heard.burst_rates and heard.tail_rate else False
    )


def _doubts(heard: Heard, sent: Sent, capacity: float) -> Iterator[Doubt]:
    if heard.clock_step > CLOCK_STEP:
        yield Doubt.CLOCK
    if heard.overflow:
        yield Doubt.OVERFLOW
    if max(heard.busy, sent.busy) > BUSY:
        yield Doubt.BUSY
    if heard.ending is Ending.SILENCE:
        yield Doubt.SILENCE
        return
    if sent.rate < OVERLOAD * heard.tail_rate and heard.ending is not Ending.BYTES:
        yield Doubt.SLOW_SENDER
    if heard.ending not in (Ending.KNEE, Ending.QUEUE):
        yield Doubt.NO_KNEE
        return
    yield from _burst_doubts(heard, sent, capacity)


def _burst_doubts(heard: Heard, sent: Sent, capacity: float) -> Iterator[Doubt]:
    fast = sum(rate >= FAST_BURST * capacity for rate in sent.burst_rates)
    if fast < FEWEST_BURSTS or capacity > MOST * sent.wanted_rate:
        yield Doubt.POLICED if heard.policed else Doubt.FEW_BURSTS
    elif heard.gap_rate:
        return
    elif len(heard.burst_rates) < FEWEST_BURSTS:
        yield Doubt.FEW_BURSTS
    elif _is_unsure(heard, capacity):
        yield Doubt.SCATTERED


def _is_unsure(heard: Heard, capacity: float) -> bool:
    if not heard.uneven:
        return scatter(heard.burst_rates) > SCATTER
    if len(heard.burst_rates) < FEWEST_LONG or capacity > MOST_SHARED * heard.tail_rate:
        return True
    if _agree(heard):
        return error_of_mean(heard.burst_rates) > UNSURE_TOGETHER
    few = capacity * LONG.seconds < FEWEST_IN_LONG * FULL_PACKET
    return few or error_of_mean(heard.burst_rates) > UNSURE


def _available(capacity: float, sending: float, tail: float) -> float:
    """The fluid model of a shared queue: the others got sending * (capacity / tail - 1) of it."""
    return min(capacity, max(0.0, capacity - sending * (capacity / tail - 1))) if tail > 0 else 0.0
