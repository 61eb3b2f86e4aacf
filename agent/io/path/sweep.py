"""Which packet is sent when, and what came back for it.

In the first round distances are asked one after the other until the end has answered. Later rounds ask no further than
that.
"""

import errno
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from agent.io.path.packets import SMALL, Answer, build, read
from agent.io.path.sockets import Sockets
from agent.io.path.wire import PATIENCE, Question
from collectors.core.ports import Method, Packet, Reply, Trace, Word

_SPACING = 0.005  # seconds between two packets
_BEYOND = 3  # distances behind the last one that answers that are worth asking again
_FAR = 64


@dataclass(slots=True)
class Record:
    """The packets by number, in the order in which they were sent."""

    packets: dict[int, Packet] = field(default_factory=dict)
    sent: dict[int, float] = field(default_factory=dict)

    def take(self, answer: Answer, now: float) -> None:
        """Note the first answer to a packet; for one that was never sent there is none."""
        packet = self.packets.get(answer.number)
        if packet and packet.reply is None:
            reply = Reply(answer.address, answer.word, now - self.sent[answer.number], answer.mtu)
            self.packets[answer.number] = replace(packet, reply=reply)

    @property
    def complete(self) -> bool:
        return all(packet.reply for packet in self.packets.values())

    def end(self, *methods: Method) -> int | None:
        """The distance from which the host itself answers these methods."""
        replies = ((packet, packet.reply) for packet in self.small if packet.method in methods)
        return min((packet.distance for packet, reply in replies if reply and reply.word.is_end), default=None)

    def furthest(self, *methods: Method) -> int:
        """The last distance that answers these methods, 0 = none."""
        return max((packet.distance for packet in self.small if packet.reply and packet.method in methods), default=0)

    @property
    def small(self) -> Iterator[Packet]:
        return (packet for packet in self.packets.values() if packet.size == SMALL)

    @property
    def sized(self) -> Iterator[Packet]:
        return (packet for packet in self.packets.values() if packet.size != SMALL)


class Sweep:
    """One trace."""

    def __init__(self, question: Question, sockets: Sockets) -> None:
        self._question, self._sockets = question, sockets
        self._record = Record()

    def run(self) -> Trace:
        """Send, listen, and tell."""
        start = time.monotonic()
        for number in range(self._question.rounds):
            for method, distance in self._small(number):
                self._send(method, distance, SMALL)
            is_last = number == self._question.rounds - 1
            self._listen(start + (number + 1) * self._question.apart, unless_complete=is_last)
            self._send_sized()  # now it is known how far the end is
        self._listen(time.monotonic() + PATIENCE * self._question.apart, unless_complete=True)
        found = self._record
        return Trace(self._question.address, tuple(sorted(found.small, key=_place)), tuple(found.sized))

    def _small(self, number: int) -> Iterator[tuple[Method, int]]:
        every, record = self._question.methods, self._record
        furthest = self._question.most_hops if number == 0 else record.furthest(*every) + _BEYOND
        for distance in range(1, min(furthest, self._question.most_hops) + 1):
            for method in every:
                ends = (record.end(method), record.end(*every))
                if all(end is None or distance <= end for end in ends):
                    yield method, distance

    def _send_sized(self) -> None:
        """To the host, if it answers echoes, else to the last router that does: there they expire."""
        distance = _FAR if self._record.end(Method.ICMP) else self._record.furthest(Method.ICMP)
        answered = {packet.size for packet in self._record.sized if packet.reply}
        for size in self._question.sizes:
            if distance and size not in answered:
                self._send(Method.ICMP, distance, size)

    def _send(self, method: Method, distance: int, size: int) -> None:
        number = len(self._record.packets) + 1
        packet = build(self._sockets.flow, method, number, distance, size)
        self._record.packets[number] = Packet(method, distance, size, None)
        self._record.sent[number] = now = time.monotonic()
        if self._sockets.send(packet) == errno.EMSGSIZE:
            self._record.take(Answer(number, self._sockets.flow.source, Word.TOO_BIG), now)
        self._listen(now + _SPACING)

    def _listen(self, until: float, *, unless_complete: bool = False) -> None:
        """Take answers until then; and what has come by then, though this process was too busy to look."""
        while time.monotonic() < until and not (unless_complete and self._record.complete):
            self._hear(until)
        self._hear(0.0)

    def _hear(self, until: float) -> None:
        for data, at in self._sockets.hear(until):
            if answer := read(self._sockets.flow, data):
                self._record.take(answer, at)


def _place(packet: Packet) -> tuple[int, str]:
    return packet.distance, packet.method
