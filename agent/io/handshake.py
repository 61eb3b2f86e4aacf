"""The office's side of the words that open a test with a responder."""

import asyncio
import secrets
import socket
from dataclasses import dataclass

from agent.responder.frames import Frames, Kind, ProtocolError
from agent.responder.protocol import NONCE, VERSION, Accepted, Bounds, Hello, Key, Refusal, Refused, Request
from collectors.core import ProbeError, Reason
from collectors.core.ports import Direction
from collectors.core.values import Secret

_HANDSHAKE_SECONDS = 5.0
_REASONS = {
    Refusal.BUSY: Reason.BUSY,
    Refusal.DENIED: Reason.DENIED,
    Refusal.UNSUPPORTED: Reason.UNSUPPORTED,
    Refusal.GARBAGE: Reason.BAD_ANSWER,
}


@dataclass(slots=True)
class Handshake:
    """Greeting, request, answer. What follows the answer stays in `frames`. session: of a train, once it is over."""

    connection: socket.socket
    frames: Frames
    key: Secret
    session: bytes = b""

    async def run(self, direction: Direction, bounds: Bounds, rate: int = 0) -> Accepted:
        """What the responder grants. Raises ProbeError with what to do about it."""
        try:
            async with asyncio.timeout(_HANDSHAKE_SECONDS):
                return await self._converse(direction, bounds, rate)
        except TimeoutError:
            raise ProbeError(Reason.FROZEN, "connected, but the responder does not answer") from None
        except ProtocolError as error:
            raise ProbeError(Reason.BAD_ANSWER, f"not a responder of communewatch: {error}") from None
        except OSError as error:
            text = f"the connection broke before the responder answered: {error.strerror or error}"
            raise ProbeError(Reason.BAD_ANSWER, text) from None

    async def _converse(self, direction: Direction, wanted: Bounds, rate: int) -> Accepted:
        key = _key(self.key)
        hello = Hello.unpack(await self._next(Kind.HELLO))
        if hello.version != VERSION:
            text = f"the responder speaks version {hello.version}, this agent {VERSION}: update the older one"
            raise ProbeError(Reason.UNSUPPORTED, text)
        request = Request(direction, wanted, secrets.token_bytes(NONCE), rate=rate).proved(key, hello)
        await asyncio.get_running_loop().sock_sendall(self.connection, request.frame())
        accepted = Accepted.unpack(await self._next(Kind.ACCEPTED))
        if not accepted.is_proved(key, request):
            raise ProbeError(Reason.DENIED, "the responder does not know our key, although it took it")
        if accepted.bounds.within(wanted) != accepted.bounds:
            raise ProtocolError("it grants more than was asked for")
        self.session = request.session(key, hello)
        return accepted

    async def _next(self, kind: Kind) -> bytes:
        """The next frame, which must be of this kind or a refusal."""
        loop = asyncio.get_running_loop()
        found: list[tuple[Kind, bytes]] = []
        while not found:
            # Byte by byte would do: what must not happen is to read past this frame into the bulk data.
            chunk = await loop.sock_recv(self.connection, self.frames.missing)
            if not chunk:
                raise ProtocolError("it closed the connection before it answered")
            found = self.frames.feed(chunk)
            if self.frames.in_data:
                raise ProtocolError("data before the test")
        said, payload = found[0]
        if said is Kind.REFUSED:
            refused = Refused.unpack(payload)
            raise ProbeError(_REASONS[refused.why], _in_words(refused), again=float(refused.retry_seconds) or None)
        if said is not kind:
            raise ProtocolError(f"it says {said.name} where {kind.name} is due")
        return payload


def _key(secret: Secret) -> Key:
    try:
        return Key(secret)
    except ValueError as error:
        raise ProbeError(Reason.DENIED, f"{error}; take the responder's") from None


def _in_words(refused: Refused) -> str:
    again = f"; it is free again in about {refused.retry_seconds} s" if refused.retry_seconds else ""
    return f"the responder refuses ({refused.why}): {refused.text or 'no reason given'}{again}"
