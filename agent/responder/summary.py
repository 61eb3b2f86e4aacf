"""What one end of a train tells the other about it, as the wire has it. Pure."""

import struct
from collections.abc import Sequence

from agent.responder.frames import Kind, ProtocolError, frame
from collectors.capacity.bursts import MOST_BURSTS
from collectors.core.ports import Ending, Heard, Sent

_HEARD = struct.Struct(f"!B??dddIIdIdd{MOST_BURSTS}d")
_SENT = struct.Struct(f"!ddQd{MOST_BURSTS}d")
_LARGEST = 1e15  # more is no rate, no number of seconds and no share


def heard_frame(heard: Heard) -> bytes:
    """A HEARD frame."""
    return frame(
        Kind.HEARD,
        _HEARD.pack(
            list(Ending).index(heard.ending), heard.uneven, heard.policed, heard.tail_rate, heard.bucket_bytes,
            heard.gap_rate, heard.received, heard.lost, heard.delay_rise, heard.overflow, heard.busy,
            heard.clock_step, *_padded(heard.burst_rates),
        ),
    )  # fmt: skip


def read_heard(payload: bytes) -> Heard:
    """Raises ProtocolError."""
    ending, uneven, policed, tail, bucket, gap, received, lost, rise, overflow, busy, step, *bursts = _unpack(
        _HEARD, payload
    )
    if ending >= len(Ending):
        raise ProtocolError("a train that ended in a way of another version")
    return Heard(
        list(Ending)[int(ending)], tail, bucket, _rates(bursts), gap, bool(uneven), bool(policed), int(received),
        int(lost), rise, int(overflow), busy, step,
    )  # fmt: skip


def sent_frame(sent: Sent) -> bytes:
    """A SENT frame."""
    packed = _SENT.pack(sent.wanted_rate, sent.rate, sent.size, sent.busy, *_padded(sent.burst_rates))
    return frame(Kind.SENT, packed)


def read_sent(payload: bytes) -> Sent:
    """Raises ProtocolError."""
    wanted, rate, size, busy, *bursts = _unpack(_SENT, payload)
    return Sent(wanted, rate, int(size), _rates(bursts), busy)


def _padded(rates: Sequence[float]) -> tuple[float, ...]:
    return (*rates[:MOST_BURSTS], *[0.0] * (MOST_BURSTS - len(rates)))


def _rates(fields: Sequence[float]) -> tuple[float, ...]:
    return tuple(rate for rate in fields if rate)


def _unpack(form: struct.Struct, payload: bytes) -> tuple[float, ...]:
    """Numbers that can be what they say; NaN is none."""
    if len(payload) != form.size:
        raise ProtocolError(f"a message of {len(payload)} bytes where {form.size} are due")
    fields: tuple[float, ...] = form.unpack(payload)
    if not all(0 <= field < _LARGEST for field in fields):
        raise ProtocolError("a number that cannot be")
    return fields
