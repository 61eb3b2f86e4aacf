"""What client and responder say to each other over one TCP connection. Pure: bytes in, values out.

    responder -> client   HELLO(version, nonce)
    client -> responder   REQUEST(version, direction, bounds, rate, nonce, proof)
    responder -> client   ACCEPTED(bounds as granted, congestion control, proof)  or  REFUSED(why, retry, text)
    down: responder -> client   DATA and PROGRESS frames, until the client resets the connection or a bound is reached
    up:   client -> responder   bytes without frames, until the same; responder -> client  PROGRESS frames

A request with a rate asks for a train of UDP packets at that rate instead (agent/io/train), on the same port number:

    client -> responder, UDP    KNOCK(session)                 both again and again, until READY
    responder -> client, UDP    a nonce                        never more bytes than have come
    client -> responder, UDP    KNOCK(session, nonce)          its address is proved
    responder -> client         READY
    the sender -> the receiver  UDP packets, until a STOP or a bound
    responder -> client         SENT (down) or HEARD (up): what it has to say of them

The session is made of both nonces and the key: only the two ends know it, and it holds for one connection.

A proof is an HMAC-SHA256 over both nonces and the message: it cannot be replayed, and the key never travels. HELLO has
one form in every version, and REQUEST one first byte, so that two versions can tell each other apart.
"""

import hmac
import struct
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from agent.io.train.packet import SESSION
from agent.responder.frames import LARGEST_CONTROL, Kind, ProtocolError, VersionError, frame
from collectors.bandwidth.collector import LEAST_KEY
from collectors.core.ports import Direction
from collectors.core.values import Secret

VERSION = 3
NONCE = 32  # bytes

_MAGIC = b"communewatch bulk"
_HELLO = struct.Struct(f"!{len(_MAGIC)}sB{NONCE}s")
_BOUNDS = struct.Struct("!QI")  # bytes, milliseconds
_REQUEST = struct.Struct(f"!BB{_BOUNDS.size}sQ{NONCE}s32s")
_ACCEPTED = struct.Struct(f"!{_BOUNDS.size}s16s32s")
_REFUSED = struct.Struct("!BI")
_PROGRESS = struct.Struct("!QQQQI")  # microseconds, bytes, microseconds, bytes, microseconds
_DIRECTIONS: tuple[Direction, ...] = ("down", "up")


@dataclass(frozen=True, slots=True)
class Key:
    """The secret that both ends share, as bytes that never show themselves."""

    _secret: Secret

    def __post_init__(self) -> None:
        if len(self._secret.reveal().strip()) < LEAST_KEY:
            raise ValueError(f"the key is shorter than {LEAST_KEY} characters")

    def prove(self, *said: bytes) -> bytes:
        """HMAC over the parts, each with its length, so that no two different sayings look the same."""
        message = b"".join(struct.pack("!I", len(part)) + part for part in (_MAGIC, bytes((VERSION,)), *said))
        return hmac.digest(self._secret.reveal().strip().encode(), message, "sha256")


class Refusal(StrEnum):
    """Why a responder refuses a test. The order is the wire's: new ones at the end."""

    BUSY = "busy"
    DENIED = "denied"
    UNSUPPORTED = "unsupported"
    GARBAGE = "garbage"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that one test may use, in payload bytes and in whole milliseconds, as the wire has it."""

    size: int
    milliseconds: int

    @classmethod
    def of(cls, size: int, seconds: float) -> Self:
        return cls(size, int(seconds * 1000))

    @property
    def seconds(self) -> float:
        return self.milliseconds / 1000

    def within(self, other: "Bounds") -> "Bounds":
        return Bounds(min(self.size, other.size), min(self.milliseconds, other.milliseconds))

    def pack(self) -> bytes:
        return _BOUNDS.pack(self.size, self.milliseconds)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        return cls(*_BOUNDS.unpack(data))


@dataclass(frozen=True, slots=True)
class Hello:
    """The responder's greeting. The nonce is new for each connection."""

    nonce: bytes
    version: int = VERSION

    def frame(self) -> bytes:
        return frame(Kind.HELLO, _HELLO.pack(_MAGIC, self.version, self.nonce))

    @classmethod
    def unpack(cls, payload: bytes) -> Self:
        magic, version, nonce = _unpack(_HELLO, payload)
        if magic != _MAGIC:
            raise ProtocolError("it does not greet as a responder does")
        return cls(nonce, version)


@dataclass(frozen=True, slots=True)
class Request:
    """What the client wants. The proof shows that it knows the key, and answers this connection's greeting.

    rate: bytes per second at the IP layer of a train of UDP packets, 0 = a flow of TCP
    """

    direction: Direction
    bounds: Bounds
    nonce: bytes
    proof: bytes = b""
    rate: int = 0

    def session(self, key: Key, hello: Hello) -> bytes:
        """What the UDP packets of this connection's train begin with."""
        return key.prove(b"session", hello.nonce, self.nonce)[:SESSION]

    def proved(self, key: Key, hello: Hello) -> Self:
        return replace(self, proof=self._proof(key, hello))

    def is_proved(self, key: Key, hello: Hello) -> bool:
        return hmac.compare_digest(self.proof, self._proof(key, hello))

    def _proof(self, key: Key, hello: Hello) -> bytes:
        return key.prove(b"request", hello.nonce, self.nonce, self._wanted())

    def _wanted(self) -> bytes:
        return self.direction.encode() + self.bounds.pack() + struct.pack("!Q", self.rate)

    def frame(self) -> bytes:
        packed = (self.bounds.pack(), self.rate, self.nonce, self.proof)
        return frame(Kind.REQUEST, _REQUEST.pack(VERSION, _DIRECTIONS.index(self.direction), *packed))

    @classmethod
    def unpack(cls, payload: bytes) -> Self:
        if payload[:1] != bytes((VERSION,)):
            raise VersionError(f"this responder speaks version {VERSION}")
        _, direction, bounds, rate, nonce, proof = _unpack(_REQUEST, payload)
        if direction >= len(_DIRECTIONS):
            raise ProtocolError("a request for no known direction")
        return cls(_DIRECTIONS[direction], Bounds.unpack(bounds), nonce, proof, rate)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was granted, never more than was asked, and the responder's congestion control."""

    bounds: Bounds
    congestion: str = ""
    proof: bytes = b""

    def proved(self, key: Key, request: Request) -> Self:
        return replace(self, proof=self._proof(key, request))

    def is_proved(self, key: Key, request: Request) -> bool:
        return hmac.compare_digest(self.proof, self._proof(key, request))

    def _proof(self, key: Key, request: Request) -> bytes:
        return key.prove(b"accepted", request.nonce, request.proof, self.bounds.pack(), self.congestion.encode())

    def frame(self) -> bytes:
        return frame(Kind.ACCEPTED, _ACCEPTED.pack(self.bounds.pack(), self.congestion.encode(), self.proof))

    @classmethod
    def unpack(cls, payload: bytes) -> Self:
        bounds, congestion, proof = _unpack(_ACCEPTED, payload)
        return cls(Bounds.unpack(bounds), congestion.rstrip(b"\0").decode("ascii", "replace"), proof)


@dataclass(frozen=True, slots=True)
class Refused:
    """`retry_seconds`: when to ask again, 0 where asking again is of no use."""

    why: Refusal
    retry_seconds: int = 0
    text: str = ""

    def frame(self) -> bytes:
        text = self.text.encode()[: LARGEST_CONTROL - _REFUSED.size]
        return frame(Kind.REFUSED, _REFUSED.pack(list(Refusal).index(self.why), self.retry_seconds) + text)

    @classmethod
    def unpack(cls, payload: bytes) -> Self:
        why, retry = _unpack(_REFUSED, payload[: _REFUSED.size])
        if why >= len(Refusal):
            raise ProtocolError("a refusal of another version")
        text = payload[_REFUSED.size :].decode("utf-8", "replace")
        return cls(list(Refusal)[why], retry, "".join(char if char.isprintable() else "?" for char in text))


@dataclass(frozen=True, slots=True)
class Progress:
    """Seconds since it began; payload bytes that a sender has sent or a receiver has got; and from a sender the seconds
    in which it, not the network, set the pace, the payload bytes that it had to repeat, and its round trip of late.
    """

    seconds: float
    size: int
    held_back: float = 0.0
    repeated: int = 0
    round_trip: float = 0.0

    def frame(self) -> bytes:
        times = int(self.seconds * 1e6), int(self.held_back * 1e6), min(2**32 - 1, int(self.round_trip * 1e6))
        return frame(Kind.PROGRESS, _PROGRESS.pack(times[0], self.size, times[1], self.repeated, times[2]))

    @classmethod
    def unpack(cls, payload: bytes) -> Self:
        microseconds, size, held_back, repeated, round_trip = _unpack(_PROGRESS, payload)
        return cls(microseconds / 1e6, size, held_back / 1e6, repeated, round_trip / 1e6)


def _unpack(form: struct.Struct, payload: bytes) -> tuple[Any, ...]:
    if len(payload) != form.size:
        raise ProtocolError(f"a message of {len(payload)} bytes where {form.size} are due")
    return form.unpack(payload)
