"""The responder's side of echoes: answers those of offices, keeps nothing about them, never says more than it heard.

Each address has bounds, for its requests for a token above all: one that was overheard can be sent again by somebody
who pretends to have another's address, which then gets that answer: no longer than the request, and few.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from agent.io.echo.packet import Kind, Packet, answer, is_proved, is_token, token, unpack
from agent.responder.admission import client_of
from agent.responder.protocol import Key

ASKS_PER_SECOND = 20  # of one address: hundreds of offices behind one, each of which asks once a minute or less
ECHOES_PER_SECOND = 500
_MOST_CLIENTS = 10_000  # in one second


class Outcome(StrEnum):
    """What became of an echo: a closed list, exported as the label `outcome`."""

    ANSWERED = "answered"
    DENIED = "denied"  # another key, or a token that is too old or another address's
    LIMITED = "limited"


@dataclass(slots=True)
class Reflector:
    """`counts` are kept for whoever looks."""

    key: Key
    counts: Counter[str] = field(default_factory=Counter)
    _second: int = 0
    _heard: Counter[tuple[str, Kind]] = field(default_factory=Counter)

    def answer(self, data: bytes, address: str, now: float, held: float) -> bytes | None:
        """What is to be sent back, if anything. now: Unix time; held: seconds since the packet arrived."""
        packet = unpack(data)
        if packet is None or packet.kind not in (Kind.ASK, Kind.ECHO):
            return None
        client = client_of(address)
        outcome = self._judge(packet, client, now)
        self.counts[outcome] += 1
        if outcome is not Outcome.ANSWERED:
            return None
        microseconds = max(0, round(held * 1e6))
        if packet.kind is Kind.ECHO:
            return answer(self.key, packet, microseconds).pack()
        given = token(self.key, client, now)
        return Packet(Kind.TOKEN, packet.session, packet.number, given, microseconds).pack()

    def _judge(self, packet: Packet, client: str, now: float) -> Outcome:
        if packet.kind is Kind.ASK:
            known = is_proved(self.key, packet)
        else:
            known = is_token(self.key, packet.proof, client, now)
        if not known:
            return Outcome.DENIED
        return Outcome.ANSWERED if self._is_within(packet.kind, client, now) else Outcome.LIMITED

    def _is_within(self, kind: Kind, client: str, now: float) -> bool:
        """Counts in whole seconds, so that what is remembered is forgotten at once."""
        if int(now) != self._second:
            self._second = int(now)
            self._heard.clear()
        if len(self._heard) >= _MOST_CLIENTS and (client, kind) not in self._heard:
            return False
        self._heard[client, kind] += 1
        return self._heard[client, kind] <= (ASKS_PER_SECOND if kind is Kind.ASK else ECHOES_PER_SECOND)
