"""What an echo holds. Pure. For a reflector without state (as in RFC 8762); request and answer are equally long.

    0   3 bytes   the magic word, which no other packet of a responder begins with
    3   u8        ASK, TOKEN, ECHO or ANSWER
    4   8 bytes   the session: the office's own random number, so that nobody who does not see the packets can answer
    12  u32       the number of the packet in its session
    16  u32       microseconds for which the responder has held it; 0 in requests
    20  16 bytes  a proof, or the token

ASK proves that its sender has the key, and is answered by a TOKEN, which holds for the address that it was sent to, and
for two to four minutes by the responder's clock. ECHO shows the token and gets an ANSWER, which proves that its sender
has the key. So the office's clock may be wrong by any time, the responder keeps nothing, and who pretends to have
another's address never gets a token.
"""

import hmac
import struct
from dataclasses import dataclass
from enum import IntEnum

from agent.responder.protocol import Key

SIZE = 36
PROOF = 16  # bytes: of an HMAC-SHA256, RFC 2104 section 5 allows to cut it to half
SESSION = 8
LIFETIME = 120.0  # seconds: after so long a responder issues another token, after twice as long it forgets the old one
_MAGIC = b"\xc0ec"
_FORM = struct.Struct(f"!3sB{SESSION}sII{PROOF}s")
_MOST_HELD = 2**32 - 1


class Kind(IntEnum):
    """Requests are odd, the answer to each is the next number."""

    ASK = 1
    TOKEN = 2
    ECHO = 3
    ANSWER = 4


@dataclass(frozen=True, slots=True)
class Packet:
    """held: microseconds."""

    kind: Kind
    session: bytes
    number: int
    proof: bytes
    held: int = 0

    def pack(self) -> bytes:
        return _FORM.pack(_MAGIC, self.kind, self.session, self.number, min(self.held, _MOST_HELD), self.proof)

    @property
    def said(self) -> bytes:
        """What a proof is about."""
        return self.session + self.number.to_bytes(4) + min(self.held, _MOST_HELD).to_bytes(4)


def unpack(data: bytes) -> Packet | None:
    """None for what is no echo."""
    if len(data) != SIZE or not data.startswith(_MAGIC):
        return None
    _, kind, session, number, held, proof = _FORM.unpack(data)
    return Packet(Kind(kind), session, number, proof, held) if kind in tuple(Kind) else None


def ask(key: Key, session: bytes, number: int) -> Packet:
    """The office's request for a token."""
    bare = Packet(Kind.ASK, session, number, b"")
    return Packet(Kind.ASK, session, number, _prove(key, bare))


def answer(key: Key, to: Packet, held: int) -> Packet:
    """The responder's answer to an ECHO whose token is right."""
    bare = Packet(Kind.ANSWER, to.session, to.number, b"", held)
    return Packet(Kind.ANSWER, to.session, to.number, _prove(key, bare), held)


def is_proved(key: Key, packet: Packet) -> bool:
    """Of an ASK or an ANSWER: whether its sender has the key."""
    return hmac.compare_digest(packet.proof, _prove(key, packet))


def token(key: Key, address: str, now: float) -> bytes:
    """What an address is given at a moment (Unix time)."""
    return key.prove(b"echo token", address.encode(), int(now // LIFETIME).to_bytes(8))[:PROOF]


def is_token(key: Key, found: bytes, address: str, now: float) -> bool:
    """Whether this address was given it, and not long ago."""
    return any(hmac.compare_digest(found, token(key, address, at)) for at in (now, now - LIFETIME))


def _prove(key: Key, packet: Packet) -> bytes:
    return key.prove(b"echo", bytes((packet.kind,)), packet.said)[:PROOF]
