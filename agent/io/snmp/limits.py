"""What one agent has taught us about how it wants to be asked. Pure: no network, time is an argument.

The habits come from cards in the field: some answer only one object per request, some say tooBig, SNMPv1 refuses a
whole request because of one missing object (RFC 1157, section 4.1.2), and some answer genErr for an object they list.
Some objects exist only during an alarm, so what is absent is asked for again: in the room that a request has left, and
beyond that in a tenth of the time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from agent.io.snmp.uptime import Uptime
from collectors.core.ports import Oid, SnmpVersion

WIDEST = 20  # objects per request at first: some 500 bytes, which also small cards take
TOO_BIG, NO_SUCH_NAME, AUTHORIZATION_ERROR = 1, 2, 16
SHARE = 0.1  # of the time may go into asking again for what is absent
LONGEST_REST = 60.0  # seconds for which that share is saved up
SEARCH_AFTER = 60.0  # seconds after which a few of the marks of other families are looked for again
SLOW = 1.0  # seconds per answer from which on no request is sent for such marks alone
QUICKEST = 0.001  # seconds; no answer takes less
LUXURY = 5.0  # seconds that such a request is reckoned to take where room in others does most of it
CALM = 0.95  # how fast it is forgotten that an answer was slow, per answer

Pdu = tuple[Oid, ...]


@dataclass(slots=True)
class Limits:
    """in_doubt: it may be away, or another one than we knew. widest: objects per request. proven: the widest request
    answered so far, 0 = never heard. slowest: seconds that an answer has taken lately. present and absent: the objects
    that it has and lacks; the absent one that was not asked for longest comes first. sought: the marks by which it is
    recognised. changed: an object has come or gone. steps_over: it answers GETNEXT. end: it has nothing from there on.
    """

    version: SnmpVersion
    in_doubt: bool = True
    widest: int = WIDEST
    proven: int = 0
    slowest: float = 0.0
    steps_over: bool = True
    end: tuple[int, ...] = ()
    changed: bool = False
    present: dict[Oid, None] = field(default_factory=dict)
    absent: dict[Oid, None] = field(default_factory=dict)
    sought: dict[Oid, None] = field(default_factory=dict)
    uptime: Uptime | None = None
    asked_again: float = 0.0
    searched: float = 0.0

    @property
    def patience(self) -> float:
        """Seconds after which no answer is to be expected, as far as is known."""
        return 1.5 * self.slowest + 0.5

    def requests(self, oids: Iterable[Oid]) -> list[Pdu]:
        """The requests for these objects; of those that are absent only as many as need no further request, and of
        what a slow agent is still to be asked too.
        """
        wanted = dict.fromkeys(oids)
        likely = [oid for oid in wanted if oid not in self.absent]
        if self.version == "1":  # what may be missing is not to be among what is there
            unsure = [oid for oid in likely if oid not in self.present]
            likely = [oid for oid in likely if oid in self.present]
            return chunks(likely, self.widest) + chunks(sorted(unsure, key=numbers), self.widest)
        room = -len(likely) % self.widest
        riders = [oid for oid in self.absent if oid in wanted]
        if self._is_slow:
            riders += [oid for oid in self._unknown(self.sought) if oid not in wanted]
        return chunks([*likely, *riders[:room]], self.widest)

    def by_next(self, pdu: Pdu) -> bool:
        """Whether to ask by GETNEXT, to which SNMPv1 gives an answer even if some of the objects are missing."""
        return self.version == "1" and self.steps_over and len(pdu) > 1 and not self.present.keys() >= set(pdu)

    def answered(self, pdu: Pdu) -> None:
        self.proven = max(self.proven, len(pdu))

    def took(self, seconds: float) -> None:
        """An answer came, so many seconds after it was asked for."""
        self.slowest = max(seconds, self.slowest * CALM)

    def silent(self, pdu: Pdu) -> list[Pdu]:
        """What to ask instead of a wider request than ever that got no answer from an agent that is there."""
        if self.by_next(pdu):
            self.steps_over = False
        else:
            self.widest = 1
        return chunks(pdu, self.widest)

    def refused(self, pdu: Pdu, status: int, index: int) -> list[Pdu]:
        """What to ask instead of a request that came back with an error status; [] = give its objects up."""
        self.proven = max(self.proven, 1)
        if status == TOO_BIG:
            self.widest = max(1, min(self.widest, len(pdu) // 2))
            return chunks(pdu, self.widest) if len(pdu) > 1 else []
        culprit = index if 1 <= index <= len(pdu) else int(len(pdu) == 1)
        if not culprit:
            return chunks(pdu, (len(pdu) + 1) // 2)
        rest = pdu[: culprit - 1] + pdu[culprit:]
        if status == NO_SUCH_NAME and self.by_next(pdu):  # nothing follows it, nor what comes after it
            self.end = numbers(pdu[culprit - 1])
            rest = tuple(oid for oid in rest if numbers(oid) < self.end)
        if status == NO_SUCH_NAME:
            for oid in set(pdu) - set(rest):
                self.missing(oid)
        return [rest] if rest else []

    def missing(self, oid: Oid) -> None:
        """The agent lacks this object now."""
        self.changed |= oid in self.present
        self.present.pop(oid, None)
        self.absent.pop(oid, None)
        self.absent[oid] = None

    def found(self, oid: Oid) -> None:
        self.changed |= oid in self.absent
        self.absent.pop(oid, None)
        self.present[oid] = None

    def look(self, uptime: Uptime | None) -> bool:
        """Whether it is another agent than before or another run of it: all that it taught us is forgotten then."""
        another = self.uptime is None or uptime is None or not self.uptime.goes_on_as(uptime)
        if another:
            self.forget()
        self.uptime, self.in_doubt = uptime, False
        return another

    def forget(self) -> None:
        self.widest, self.proven, self.steps_over, self.end = WIDEST, 0, True, ()
        self.present, self.absent, self.uptime = {}, {}, None

    def to_ask_again(self, oids: Iterable[Oid], now: float) -> list[Pdu]:
        """Requests for those of these objects that are absent: for all when something has changed, because what tells
        of an alarm appears together, else for as many as there is time for.
        """
        wanted = set(oids)
        requests = self._unsure([oid for oid in self.absent if oid in wanted])
        if not self.changed:
            saved = SHARE * min(now - self.asked_again, LONGEST_REST)
            requests = requests[: int(saved / max(self.slowest, LUXURY if self._has_room else QUICKEST))]
        if requests:
            self.asked_again = now
        return requests

    def to_search(self, marks: Sequence[Oid], now: float) -> list[Pdu]:
        """Requests to find out which of these marks the agent has. Once it is known, a few of the others in turn."""
        self.sought |= dict.fromkeys(marks)
        if self.end:
            for oid in self._unknown(marks):
                if numbers(oid) >= self.end:
                    self.missing(oid)
        absent = [oid for oid in self.absent if oid in marks]
        unknown = self._unknown(marks)
        if self.present.keys().isdisjoint(marks):
            self.searched = now
            return self._unsure(unknown + absent)
        due = self.changed or now - self.searched >= SEARCH_AFTER * (10 if self._is_slow else 1)
        if due:
            self.searched = now
        if self._is_slow:  # what is unknown takes the room in other requests
            return self._unsure(unknown + absent)[: int(due)]
        return self._unsure(unknown + absent[: self.widest * due])

    def _unknown(self, oids: Iterable[Oid]) -> list[Oid]:
        return [oid for oid in dict.fromkeys(oids) if oid not in self.present and oid not in self.absent]

    @property
    def _has_room(self) -> bool:
        """Requests for what is there can take along what may be missing."""
        return self.version != "1" and self.widest > 1

    @property
    def _is_slow(self) -> bool:
        return self.slowest > SLOW

    def _unsure(self, oids: Sequence[Oid]) -> list[Pdu]:
        """Requests for what may be missing: alone where one missing object voids them, else by GETNEXT in its order, so
        that the first object without a successor shows where the agent's objects end.
        """
        if self.version != "1":
            return chunks(oids, self.widest)
        if not self.steps_over:
            return chunks(oids, 1)
        return [tuple(sorted(request, key=numbers)) for request in chunks(oids, self.widest)]


def chunks(oids: Sequence[Oid], size: int) -> list[Pdu]:
    """Requests of at most `size` objects."""
    return [tuple(oids[start : start + size]) for start in range(0, len(oids), size)]


def numbers(oid: Oid) -> tuple[int, ...]:
    """The order of SNMP: 1.10 comes after 1.9."""
    return tuple(map(int, oid.split(".")))


def before(oid: Oid) -> Oid:
    """What to ask the successor of to get this object, if it is there: 1.3.6.0 -> 1.3.6, 1.3.6.4 -> 1.3.6.3."""
    parent, _, last = oid.rpartition(".")
    return f"{parent}.{int(last) - 1}" if int(last) else parent
