"""What one agent has taught us about how it wants to be asked. Pure: no network, no clock.

The habits come from cards in the field: some answer only one object per request, some say tooBig, SNMPv1 refuses a
whole request because of one missing object (RFC 1157, section 4.1.2), and some answer genErr for an object they list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from collectors.core.ports import Oid

WIDEST = 20  # objects per request at first: some 500 bytes, which also small cards take
TOO_BIG, NO_SUCH_NAME, AUTHORIZATION_ERROR = 1, 2, 16

Pdu = tuple[Oid, ...]


@dataclass(slots=True)
class Limits:
    """widest: objects per request. proven: the widest request answered so far, 0 = never heard. slowest: seconds that
    an answer has taken. absent: objects that it lacks, kept where asking for them costs a request each; the one that
    was not asked for longest comes first.
    """

    version: str
    widest: int = WIDEST
    proven: int = 0
    slowest: float = 0.0
    absent: dict[Oid, None] = field(default_factory=dict)

    @property
    def patience(self) -> float:
        """Seconds after which no answer is to be expected, as far as is known."""
        return 1.5 * self.slowest + 0.5

    @property
    def absence_is_costly(self) -> bool:
        return self.version == "1" or self.widest == 1

    def requests(self, oids: Iterable[Oid]) -> list[Pdu]:
        """The requests to send for these objects, leaving out those that are known to be absent."""
        return chunks([oid for oid in dict.fromkeys(oids) if oid not in self.absent], self.widest)

    def answered(self, pdu: Pdu) -> None:
        self.proven = max(self.proven, len(pdu))

    def silent(self, pdu: Pdu) -> list[Pdu]:
        """What to ask instead of a wider request than ever that got no answer from an agent that is there."""
        self.widest = 1
        return chunks(pdu, 1)

    def refused(self, pdu: Pdu, status: int, index: int) -> list[Pdu]:
        """What to ask instead of a request that came back with an error status; [] = give its objects up."""
        self.proven = max(self.proven, 1)
        if status == TOO_BIG:
            self.widest = max(1, min(self.widest, len(pdu) // 2))
            return chunks(pdu, self.widest) if len(pdu) > 1 else []
        culprit = index if 1 <= index <= len(pdu) else int(len(pdu) == 1)
        if not culprit:
            return chunks(pdu, (len(pdu) + 1) // 2)
        if status == NO_SUCH_NAME:
            self.missing(pdu[culprit - 1])
        rest = pdu[: culprit - 1] + pdu[culprit:]
        return [rest] if rest else []

    def missing(self, oid: Oid) -> None:
        """The agent lacks this object now."""
        if self.absence_is_costly:
            self.absent.pop(oid, None)
            self.absent[oid] = None

    def found(self, oid: Oid) -> None:
        self.absent.pop(oid, None)

    def to_ask_again(self, oids: Iterable[Oid]) -> Oid | None:
        """One absent object per poll is asked for again: some objects appear only during an alarm."""
        wanted = set(oids)
        return next((oid for oid in self.absent if oid in wanted), None)


def chunks(oids: Sequence[Oid], size: int) -> list[Pdu]:
    """Requests of at most `size` objects."""
    return [tuple(oids[start : start + size]) for start in range(0, len(oids), size)]
