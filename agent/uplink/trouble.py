"""Errors of a receiver (5xx) that always meet one piece: then it is the piece, whatever the receiver says. Pure."""

from agent.uplink.piece import Piece

POISON = 5  # errors at one piece, and something else taken meanwhile
DOUBT = 2  # errors after which live data go their own way


class Trouble:
    """Errors in a row at one piece."""

    def __init__(self) -> None:
        self._at: tuple[int, tuple[int, int] | None] | None = None
        self._count = 0
        self._others_taken = False

    @property
    def doubtful(self) -> bool:
        return self._count >= DOUBT

    def failed(self, piece: Piece) -> bool:
        """Whether it is clear by now that the piece itself is bad."""
        if self._at != (piece.first, piece.part):
            self._at, self._count, self._others_taken = (piece.first, piece.part), 0, False
        self._count += 1
        if self._count < POISON or not self._others_taken:
            return False
        self._at, self._count = None, 0
        return True

    def taken(self, piece: Piece) -> None:
        """This one was taken."""
        if self._at == (piece.first, piece.part):
            self._at, self._count = None, 0
        self._others_taken = True
