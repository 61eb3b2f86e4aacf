"""Finding what a receiver refuses among what it takes: by halves in time, then by halves of the series of one scrape.

A refused request is refused as a whole, whatever was good in it: remote write 1.0 cannot say what was bad. Pure.
"""

from dataclasses import replace

from agent.uplink.piece import Lane, Orders, Piece

ALLOWANCE = 64  # refusals of one request that are looked into
ALLOWANCE_AFTER_NOTHING = 16  # the same, after one of which nothing was good


class Splitting:
    """One refused piece and what has become of its parts, oldest first.

    allowance  refusals that may still be answered by splitting: one bad sample of a request takes about 15. Where all
               is bad a request for each sample would be too much: then what is refused stays refused as it is
    poison     refused by an error of the receiver's (5xx) again and again, while it took other things
    proved     the receiver has taken something since it last had such an error with live data
    """

    def __init__(self, whole: Piece, allowance: int, *, poison: bool = False) -> None:
        self.first, self.last, self.lane = whole.first, whole.last, whole.lane
        self.allowance, self.poison = allowance, poison
        self.took = self.proved = False
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
        self._open.pop()
        self._open += reversed(halves)
        return Orders()

    def _resolved(self, piece: Piece) -> Orders:
        """Done with the uppermost. A scrape that was cut into parts is acknowledged with the last of them."""
        self._open.pop()
        unfinished = piece.part is not None and bool(self._open) and self._open[-1].first == piece.first
        return Orders(None if unfinished else (piece.first, piece.last))


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


def starting(piece: Piece, allowance: int, *, poison: bool = False) -> Splitting:
    """Parts go where the backlog goes: live data does not wait for them."""
    return Splitting(replace(piece, lane=Lane.BACKLOG), allowance, poison=poison)
