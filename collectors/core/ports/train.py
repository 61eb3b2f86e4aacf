"""A train of UDP packets that fills the link for a moment, as both of its ends saw it. All at the IP layer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from collectors.core.ports.connection import Direction, Failure
from collectors.core.values import Secret


class Ending(StrEnum):
    """Why a train ended. The order is the wire's: new ones at the end."""

    KNEE = "knee"  # the arrivals fell below the sending rate and stayed there
    QUEUE = "queue"  # they are steady, and a queue grows
    BYTES = "bytes"  # a bound was reached
    SILENCE = "silence"  # the packets stopped coming


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """A probe in one direction against a responder.

    expected    bytes per second that the link should carry; the train is sent `factor` times as fast
    max_bytes   bound of the train, without what is under way while its receiver's word to stop travels; the bursts
                after it add some tens of milliseconds' worth of the link
    """

    host: str
    port: int
    key: Secret
    direction: Direction
    expected: float
    max_bytes: int
    factor: float = 1.5


@dataclass(frozen=True, slots=True)
class Heard:
    """What the receiving end saw.

    tail_rate     bytes per second of the train's last window
    bucket_bytes  what had passed before that window beyond this rate
    burst_rates   bytes per second of each burst after the train
    gap_rate      bytes per second by the usual distance of two packets of a burst; 0 where there is no usual one
    uneven        whether packets came in clumps: the bursts were long, and tell of the link together
    policed       whether packets were lost and none waited longer than the others: by a policer, which lets bursts pass
                  as they come, or in a queue that somebody else had filled
    delay_rise    seconds by which the last packets were later than the fastest one
    overflow      packets that the receiver's own socket had no room for
    busy          CPU time of the receiving process as a share of the time
    clock_step    seconds by which the clock that stamps arrivals was set meanwhile
    """

    ending: Ending
    tail_rate: float = 0.0
    bucket_bytes: float = 0.0
    burst_rates: tuple[float, ...] = ()
    gap_rate: float = 0.0
    uneven: bool = False
    policed: bool = False
    received: int = 0
    lost: int = 0
    delay_rise: float = 0.0
    overflow: int = 0
    busy: float = 0.0
    clock_step: float = 0.0


@dataclass(frozen=True, slots=True)
class Sent:
    """What the sending end did. Rates in bytes per second; size: everything, the bursts too."""

    wanted_rate: float
    rate: float = 0.0
    size: int = 0
    burst_rates: tuple[float, ...] = ()
    busy: float = 0.0


@dataclass(frozen=True, slots=True)
class Train:
    """One probe, also when it failed half way.

    round_trip_seconds  of the connection beside it, before the train
    total_bytes         used by all trains with this responder in this direction since this port was made: a counter
    phases              resolve, connect, handshake, knock, train
    """

    heard: Heard | None = None
    sent: Sent | None = None
    round_trip_seconds: float = 0.0
    used_bytes: int = 0
    total_bytes: int = 0
    phases: Mapping[str, float] = field(default_factory=dict)
    failure: Failure | None = None
