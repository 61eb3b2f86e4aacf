"""What the kernel knows of a TCP connection, and how a bulk flow is set up. Used at both ends of a throughput test.

Counts come from TCP_INFO (linux/tcp.h, `struct tcp_info`), read in one call, so they are right however late a busy
process looks. Where the kernel has no TCP_INFO, the caller's own count of bytes read has to do.
"""

import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

UNSENT_LOW_WATER = 262_144  # bytes that wait in the sender's kernel, so that a busy process leaves no gap
_SAMPLE = 8  # segments whose mean size says something
_LINGER_RESET = struct.pack("ii", 1, 0)
# Eight bytes (the sixth holds the options, the last delivery_rate_app_limited), 24 u32 up to total_retrans, four u64 up
# to bytes_received, six u32 up to data_segs_out, four u64 up to sndbuf_limited, two u32, bytes_sent, bytes_retrans, two
# u32, rcv_ooopack.
_INFO = struct.Struct("=5xBxB24I4Q6I4Q2IQQ3I")
_TIMESTAMPS = 1  # of the options: each segment carries them, 12 bytes
_CONTROLS = (b"bbr", b"cubic")  # the better one first


@dataclass(frozen=True, slots=True)
class TcpInfo:
    """The fields of `struct tcp_info` that are used. Times in seconds since the connection began."""

    send_mss: int  # payload of a full segment that goes out,
    receive_mss: int  # and of those that come in, as the kernel sees it
    timestamps: bool  # in each segment
    app_limited: bool  # the sender's buffer ran empty
    bytes_received: int  # in order
    data_segments_in: int  # in any order
    out_of_order_in: int  # segments that came while an earlier one was missing
    round_trip: float  # of late, smoothed
    min_round_trip: float
    receiver_limited: float  # the peer's window was full
    buffer_limited: float  # the own send buffer was full
    bytes_sent: int  # retransmissions included
    bytes_repeated: int

    @classmethod
    def of(cls, connection: socket.socket) -> Self | None:
        """None where the kernel does not tell, or knows fewer fields."""
        option = getattr(socket, "TCP_INFO", None)
        if option is None:
            return None
        try:
            data = connection.getsockopt(socket.IPPROTO_TCP, option, _INFO.size)
        except OSError:
            return None
        return cls.unpack(data)

    @classmethod
    def unpack(cls, data: bytes) -> Self | None:
        if len(data) < _INFO.size:
            return None
        options, flags, *fields = _INFO.unpack_from(data)
        _, _, _, bytes_received = fields[24:28]
        _, _, _, min_round_trip, data_segments_in, _ = fields[28:34]
        _, _, receiver_limited, buffer_limited = fields[34:38]
        return cls(
            send_mss=fields[2],
            receive_mss=fields[3],
            timestamps=bool(options & _TIMESTAMPS),
            app_limited=bool(flags & 1),
            bytes_received=bytes_received,
            data_segments_in=data_segments_in,
            round_trip=fields[15] / 1e6,
            min_round_trip=min_round_trip / 1e6 if min_round_trip != 0xFFFFFFFF else 0.0,
            receiver_limited=receiver_limited / 1e6,
            buffer_limited=buffer_limited / 1e6,
            bytes_sent=fields[40],
            bytes_repeated=fields[41],
            out_of_order_in=fields[44],
        )


@dataclass(slots=True)
class ArrivalCounter:
    """Payload bytes that have arrived since the first look, those behind a hole included.

    While everything comes in order, the bytes in order grow by what arrives. While a lost packet is being repeated they
    stand still, and jump when it comes: then the segments are counted, each for the size that they had before.
    """

    _start: int = 0  # bytes in order at the first look
    _last: TcpInfo | None = None
    _clean: bool = True  # nothing came out of order in the latest interval
    _segment_size: float = 0.0
    _arrived: float = 0.0

    def look(self, info: TcpInfo) -> int:
        """The count at this moment; it never falls."""
        last, self._last = self._last, info
        if last is None:
            self._start = info.bytes_received
            return 0
        segments, in_order = info.data_segments_in - last.data_segments_in, info.bytes_received - last.bytes_received
        was_clean, self._clean = self._clean, info.out_of_order_in == last.out_of_order_in
        if self._clean and was_clean:
            self._arrived += min(in_order, segments * info.receive_mss)  # no more: a hole that closed is no arrival
            self._segment_size = in_order / segments if segments >= _SAMPLE else self._segment_size
        else:
            self._arrived += segments * min(self._segment_size or info.receive_mss, info.receive_mss)
        self._arrived = max(self._arrived, info.bytes_received - self._start)
        return round(self._arrived)


@dataclass(slots=True)
class PaceWatch:
    """How long a sender has been held back by one of the two computers instead of the network, in seconds."""

    _last: tuple[float, TcpInfo] | None = None
    held_back: float = 0.0

    def look(self, now: float, info: TcpInfo) -> float:
        """Add what happened since the last look. An interval counts as a whole if the buffer was found empty."""
        if self._last:
            before, earlier = self._last
            waited = (info.receiver_limited - earlier.receiver_limited) + (info.buffer_limited - earlier.buffer_limited)
            self.held_back += now - before if info.app_limited else min(max(waited, 0.0), now - before)
        self._last = (now, info)
        return self.held_back


def prepare_bulk(connection: socket.socket) -> str:
    """Set a connection up to send bulk data; the name of its congestion control, "" where unknown.

    BBR where the kernel offers it to us: loss-based control reads a fraction of a link that loses 1 % of packets. Else
    CUBIC, whatever else the machine is set to.
    """
    low_water = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    if low_water is not None:
        connection.setsockopt(socket.IPPROTO_TCP, low_water, UNSENT_LOW_WATER)
    option = getattr(socket, "TCP_CONGESTION", None)
    if option is None:
        return ""
    for name in _CONTROLS:
        with suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, option, name)
            break
    return connection.getsockopt(socket.IPPROTO_TCP, option, 16).split(b"\0")[0].decode("ascii", "replace")


def reset_on_close(connection: socket.socket) -> None:
    """Let `close` drop what is unsent and tell the peer at once, so that a test ends when it is over."""
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)
