"""Finding what a receiver refuses among what it takes: by halves in time, then by halves of the series of one scrape.

A refused request is refused as a whole, whatever was good in it: remote write 1.0 cannot say what was bad. Pure.
"""

from dataclasses import replace

from agent.uplink.piece import Lane, Orders, Piece

ALLOWANCE = 64  # refusals of one request that are looked into
ALLOWANCE_AFTER_NOTHING = 16  # the same, after one of which nothing was good
NEWEST = Piece(Lane.LIVE)  # stands for the newest scrape, whichever it is then
POISON = 5  # errors of the receiver's in a row after which a piece is split


class Splitting:
    """One piece with something bad in it, and what has become of its parts, oldest first.

    allowance  refusals that may still be answered by splitting: one bad sample of a request takes about 15. Where all
               is bad a request for each sample would be too much: then what is refused stays refused as it is
    errors     of the receiver's in a row, all at the next part
    """

    def __init__(self, whole: Piece, allowance: int) -> None:
        self.first, self.last, self.lane = whole.first, whole.last, whole.lane
        self.allowance = allowance
        self.took = False
        self.errors = 0
        self._patience = POISON
        self._proved = False  # that the receiver took something else since the first error
        self._witness: Piece | None = None
        self._overtaken = False  # that something newer proved it: then nothing is left of the order
        self._open = [whole]

    @property
    def over(self) -> bool:
        return not self._open

    @property
    def next(self) -> Piece:
        return self._open[-1]

    def taken(self, piece: Piece) -> Orders:
        """It was taken, or turned out to be empty."""
        if not self.took:
            self.took, self.allowance = True, ALLOWANCE
        return self._resolved(piece)

    def refused(self, piece: Piece, series: int, *, free: bool = False) -> Orders:
        """`series`: how many its scrape has, where it is a single one; `free`: splitting it costs nothing."""
        halves = _halves(piece, series)
        if not halves or (self.allowance <= 0 and not free):
            return replace(self._resolved(piece), quarantine=piece)
        self.allowance -= not free
        self._halve(halves)
        return Orders()

    def failed(self, piece: Piece, series: int) -> Orders:
        """The receiver had an error of its own (5xx). Perhaps it is ill, and perhaps it cannot say what is bad.

        To split harms nobody. But a part is only given up if something else is taken between two errors at it: the
        series beside it in the same scrape; where none of them is taken either, the newest scrape.
        """
        self.errors += 1
        if self.allowance > 0 and (halves := _halves(piece, series)):
            if self.errors >= self._patience:
                self.allowance, self._patience = self.allowance - 1, 1
                self._halve(halves)
            return Orders()
        if self._proved:
            return replace(self._resolved(piece), quarantine=piece)
        self._witness = _neighbour(piece, series) or self._last_witness()
        return Orders()

    def witness(self) -> Piece | None:
        """What is to be sent at once, before the next part is tried again; asked for once."""
        witness, self._witness = self._witness, None
        return witness

    def witness_failed(self, witness: Piece) -> None:
        """The receiver had an error there, too."""
        self._witness = self._last_witness() if witness.part else None

    def _last_witness(self) -> Piece | None:
        """In the order in which all else has to go this would come last."""
        return NEWEST if self._overtaken or self.errors >= POISON else None

    def other_taken(self, other: Piece) -> None:
        """The receiver has taken something else."""
        self._proved = self.errors > 0
        self._overtaken = self._overtaken or other.part is None

    def _halve(self, halves: tuple[Piece, ...]) -> None:
        self._open.pop()
        self._open += reversed(halves)
        self.errors, self._proved = 0, False

    def _resolved(self, piece: Piece) -> Orders:
        """Done with the uppermost. A scrape that was cut into parts is acknowledged with the last of them."""
        self._open.pop()
        self.errors, self._proved = 0, False
        unfinished = piece.part is not None and bool(self._open) and self._open[-1].first == piece.first
        return Orders(None if unfinished else (piece.first, piece.last))


def _neighbour(piece: Piece, series: int) -> Piece | None:
    """The series beside these ones of the same scrape: whatever the order, it can be sent now, and once more too."""
    start, stop = piece.part or (0, series)
    if piece.scrapes > 1 or (start == 0 and stop >= series):
        return None
    return replace(piece, part=(stop, stop + 1) if stop < series else (start - 1, start))


def _halves(piece: Piece, series: int) -> tuple[Piece, ...]:
    """Two pieces, () for a single series."""
    if piece.scrapes > 1:
        middle = (piece.first + piece.last) // 2
        return replace(piece, last=middle), replace(piece, first=middle + 1)
    start, stop = piece.part or (0, series)
    if stop - start < 2:
        return ()
    middle = (start + stop) // 2
    return replace(piece, part=(start, middle)), replace(piece, part=(middle, stop))


def starting(piece: Piece, allowance: int) -> Splitting:
    """Parts go where the backlog goes: live data does not wait for them."""
    return Splitting(replace(piece, lane=Lane.BACKLOG), allowance)
