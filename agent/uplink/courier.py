"""What to send to one receiver next, and what its answers mean for that. Pure; the time is an argument.

Live data go once a minute. What piled up goes beside them, oldest first, in requests of twenty minutes: so a long
outage is made good without the present being late. Where only little waits, or the receiver wants it so, all goes in
order.
"""

from dataclasses import dataclass

from agent.buffer.ranges import Ranges
from agent.uplink.answer import Answer, Fate
from agent.uplink.pauses import Chance, Pauses
from agent.uplink.piece import Lane, Orders, Piece
from agent.uplink.splitting import ALLOWANCE, ALLOWANCE_AFTER_NOTHING, NEWEST, Splitting, starting

CLOSED = 300.0  # seconds between attempts where something has to be put right first
GROW = 8  # requests that went well before they grow again


@dataclass(frozen=True, slots=True)
class Habits:
    """How a receiver is sent to.

    every   seconds between two live requests; offset: of this office within them
    full    scrapes of a request; live: of a live one beside a backlog
    little  scrapes that may wait without being a backlog: they go together, in order
    share   of the time in which the backlog may use the line
    fifo    everything in order, for receivers that take nothing older than what they have
    """

    every: float = 60.0
    offset: float = 0.0
    full: int = 40
    live: int = 8
    little: int = 40
    share: float = 0.5
    fifo: bool = False

    def next_turn(self, now: float) -> float:
        """The first turn after this moment."""
        return now + self.every - (now - self.offset) % self.every


class Courier:
    """From the start of the agent on. Times are seconds of any clock that goes on evenly."""

    def __init__(self, habits: Habits, chance: Chance, now: float) -> None:
        self._habits, self._chance = habits, chance
        self._due = habits.next_turn(now)
        self._newest = 0
        self._size, self._well = habits.full, 0
        self._way, self._backlog = Pauses(chance), Pauses(chance)
        self._trial = True  # nothing leaves before it is known who answers, and what time it is there
        self._refuses_trials = self._wants_figures = False
        self._doubted: Piece | None = None
        self._splitting: Splitting | None = None
        self._allowance = ALLOWANCE
        self._witness: Piece | None = None
        self.misconfigured = False

    # --- what next --------------------------------------------------------------------------------------------------

    def plan(self, now: float, newest: int, taken: Ranges) -> Piece | float:
        """The next piece, or for how many seconds there is none."""
        self._newest, self._witness = newest, None
        if now < self._way.until:
            return self._way.until - now
        if self._trial:
            return Piece(Lane.TRIAL)
        if self._splitting and (witness := self._splitting.witness()):
            self._witness = Piece(Lane.LIVE, newest, newest) if witness == NEWEST else witness
            return self._witness
        gaps = self._gaps(taken)
        if now >= self._due:
            if live := self._live(gaps):
                return live
            self._due = self._habits.next_turn(now)
        behind = self._splitting.next if self._splitting else self._from_backlog(gaps)
        if behind and now >= self._backlog.until:
            return behind
        return (min(self._due, self._backlog.until) if behind else self._due) - now

    def _gaps(self, taken: Ranges) -> tuple[tuple[int, int], ...]:
        """What waits, beside what is being split."""
        if self._splitting:
            taken = taken.plus(self._splitting.first, self._splitting.last)
        return tuple(taken.gaps(self._newest))

    def _apart(self, gaps: tuple[tuple[int, int], ...]) -> bool:
        """Whether live data overtake what waits."""
        if self._habits.fifo:
            return False
        return self._splitting is not None or self._far_behind(gaps)

    def _far_behind(self, gaps: tuple[tuple[int, int], ...]) -> bool:
        """Whether more waits than a little."""
        return self._newest - gaps[0][0] >= self._habits.little

    def _live(self, gaps: tuple[tuple[int, int], ...]) -> Piece | None:
        if not gaps:
            return None
        if self._habits.fifo and (self._splitting or self._far_behind(gaps)):
            return None
        if not self._apart(gaps):
            return self._head(gaps[0], Lane.LIVE)
        first, last = gaps[-1]
        if last < self._newest:
            return None
        return Piece(Lane.LIVE, max(first, last - min(self._habits.live, self._size) + 1), last)

    def _from_backlog(self, gaps: tuple[tuple[int, int], ...]) -> Piece | None:
        """What is not left to the next live request."""
        if not gaps:
            return None
        first, last = gaps[0]
        if self._apart(gaps):
            last = min(last, self._newest - self._habits.live)
        elif not self._far_behind(gaps):
            return None
        return self._head((first, last), Lane.BACKLOG) if first <= last else None

    def _head(self, gap: tuple[int, int], lane: Lane) -> Piece:
        first, last = gap
        return Piece(lane, first, min(last, first + self._size - 1))

    # --- what came of it --------------------------------------------------------------------------------------------

    def answered(self, piece: Piece, answer: Answer, now: float, seconds: float, series: int) -> Orders:
        """`seconds`: how long it took; `series`: how many the piece has, where it is a single scrape."""
        if piece.lane is Lane.TRIAL:
            self._tried(answer, now)
            return Orders()
        match answer.fate:
            case Fate.TAKEN:
                return self._taken(piece, now, seconds)
            case Fate.REFUSED:
                return self._refused(piece, now, series)
            case Fate.TOO_LARGE:
                return self._too_large(piece, now, series)
            case Fate.CLOSED:
                self._close(now)
            case Fate.BUSY:
                self._wait(self._pauses(piece), now, answer.pause)
            case Fate.BROKEN:
                return self._broken(piece, now, series)
            case Fate.STALLED:
                self._shrink(piece)
                self._way.failed(now)
            case Fate.UNREACHED:
                self._way.failed(now)
        return Orders()

    def nothing_to_send(self, piece: Piece) -> Orders:
        """There was nothing in it any more."""
        if piece == self._witness:
            return Orders()
        if self._splitting and piece == self._splitting.next:
            return self._after_splitting(self._splitting.taken(piece))
        return Orders((piece.first, piece.last))

    def held(self, piece: Piece, now: float) -> None:
        """Its time is not known yet, or not come."""
        if piece.lane is Lane.LIVE:
            self._due = self._habits.next_turn(now)
        else:
            self._backlog.rest(now, self._habits.every)

    def ask_the_time(self, now: float) -> None:
        """Nothing can leave before somebody has told it."""
        self._trial = True
        self._way.rest(now, CLOSED)

    def hurry(self) -> None:
        """The line has come back: what was waited for its sake is waited no longer."""
        self._way.over()

    def _tried(self, answer: Answer, now: float) -> None:
        """Who takes nothing at all does not mean what we sent: something has to be put right.

        Some receivers take figures and refuse a request without any: then what they refuse besides is meant.
        """
        match answer.fate:
            case Fate.TAKEN:
                self.misconfigured = False
                self._let_in()
            case Fate.REFUSED if self._doubted is None or self._wants_figures:
                self._refuses_trials = True
                self._let_in()
            case Fate.REFUSED | Fate.TOO_LARGE | Fate.CLOSED:
                self._close(now)
            case Fate.BUSY:
                self._wait(self._way, now, answer.pause)
            case _:
                self._way.failed(now)

    def _let_in(self) -> None:
        self._way.over()
        self._trial = False
        if self._doubted:
            self._splitting, self._doubted = starting(self._doubted, self._allowance), None

    def _taken(self, piece: Piece, now: float, seconds: float) -> Orders:
        self._way.over()
        self.misconfigured, self._wants_figures = False, self._refuses_trials
        self._grow()
        if piece == self._witness and self._splitting:
            return self._testified(self._splitting, piece)
        if piece.lane is Lane.BACKLOG:
            self._backlog.rest(now, seconds * (1 / self._habits.share - 1))
        elif piece.last >= self._newest:
            self._due = self._habits.next_turn(now)
        if self._splitting:
            if piece == self._splitting.next:
                return self._after_splitting(self._splitting.taken(piece))
            self._splitting.other_taken(piece)
        return Orders((piece.first, piece.last))

    def _testified(self, splitting: Splitting, witness: Piece) -> Orders:
        """So it is not the receiver. The doubted part is tried once more, at once."""
        splitting.other_taken(witness)
        self._backlog.over()
        return Orders(None if witness.part else (witness.first, witness.last))

    def _refused(self, piece: Piece, now: float, series: int) -> Orders:
        if self._splitting is None:
            self._trial, self._doubted = True, piece
        elif piece == self._splitting.next:
            return self._after_splitting(self._splitting.refused(piece, series))
        else:  # live data beside a splitting have something bad, too: they follow when it is over
            self._due = self._habits.next_turn(now)
        return Orders()

    def _too_large(self, piece: Piece, now: float, series: int) -> Orders:
        if self._splitting and piece == self._splitting.next:
            return self._after_splitting(self._splitting.refused(piece, series, free=True))
        self._shrink(piece)
        if piece.scrapes > 1:
            return Orders()
        if self._splitting:
            self._due = self._habits.next_turn(now)
        else:
            self._splitting = starting(piece, self._allowance)
            return self._after_splitting(self._splitting.refused(self._splitting.next, series, free=True))
        return Orders()

    def _broken(self, piece: Piece, now: float, series: int) -> Orders:
        """An error of the receiver's: what it meets stands aside until it is known whose fault that is."""
        if self._splitting is None:
            self._splitting = starting(piece, self._allowance)
            piece = self._splitting.next
        if piece != self._splitting.next:
            if piece == self._witness:
                self._splitting.witness_failed(piece)
            else:  # live data have it too, perhaps: they follow when more is known
                self._way.failed(now)
                self._due = self._habits.next_turn(max(now, self._way.until))
            return Orders()
        self._backlog.failed(now)
        before = self._splitting.errors
        orders = self._splitting.failed(piece, series)
        if self._splitting.errors <= before:
            self._backlog.over()  # it was split, or given up: what comes next is another piece
        return self._after_splitting(orders)

    def _after_splitting(self, orders: Orders) -> Orders:
        if self._splitting and self._splitting.over:
            self._allowance = ALLOWANCE if self._splitting.took else ALLOWANCE_AFTER_NOTHING
            self._splitting = None
        return orders

    # --- pace -------------------------------------------------------------------------------------------------------

    def _shrink(self, piece: Piece) -> None:
        self._size, self._well = max(1, min(self._size, piece.scrapes // 2)), 0

    def _grow(self) -> None:
        self._well += 1
        if self._well >= GROW:
            self._size, self._well = min(self._habits.full, 2 * self._size), 0

    def _close(self, now: float) -> None:
        self.misconfigured = True
        self._way.asked(now, CLOSED)

    def _pauses(self, piece: Piece) -> Pauses:
        """A backlog that is turned away does not stop the present."""
        return self._backlog if piece.lane is Lane.BACKLOG else self._way

    def _wait(self, pauses: Pauses, now: float, pause: float | None) -> None:
        if pause is None:
            pauses.failed(now)
        else:
            pauses.asked(now, pause)
