"""What the packets of a train hold: session, number with marks, and when they were sent. Pure.

    0   8 bytes   the session: an off-path sender cannot guess it
    8   u32       bit 31: of a burst, bits 20 to 30 say which; bit 30 without bit 31: the train is over; else the number
    12  u64       the sender's clock, nanoseconds; filled up with random bytes, so that no compression helps

The receiver says STOP in a packet of its own: session, "S", and the bursts that it wants: bytes per second at which
they are to be spaced, seconds of each, how many.
"""

import struct

from collectors.capacity.bursts import LONG, MOST_BURSTS, Wanted

SESSION = 8  # bytes
BURST, OVER = 1 << 31, 1 << 30
MOST_PACKETS = OVER  # numbers of a train's packets lie below
HEADER = struct.Struct("!8sIQ")

_BURST_SHIFT, _BURST_MASK = 20, 0x7FF
_STOP = struct.Struct("!8ssddB")
_STOP_MARK = b"S"


def burst_number(burst: int, number: int) -> int:
    """The marked number of a burst's packet."""
    return BURST | burst << _BURST_SHIFT | number


def burst_of(number: int) -> int:
    """Which burst a marked number belongs to."""
    return number >> _BURST_SHIFT & _BURST_MASK


def stop(session: bytes, wanted: Wanted) -> bytes:
    """The receiver has heard enough."""
    return _STOP.pack(session, _STOP_MARK, wanted.rate, wanted.seconds, wanted.bursts)


def read_stop(session: bytes, data: bytes, most: float) -> Wanted | None:
    """What a STOP of this session asks for, None for anything else.

    most: bytes per second; nothing makes a sender send longer, more or faster bursts than a receiver can need
    """
    if len(data) != _STOP.size:
        return None
    whose, mark, rate, seconds, bursts = _STOP.unpack(data)
    sane = 0 <= rate <= most and 0 <= seconds <= LONG.seconds and bursts <= MOST_BURSTS
    return Wanted(rate, bursts, seconds) if whose == session and mark == _STOP_MARK and sane else None
