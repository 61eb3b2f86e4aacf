"""Errors of a receiver (5xx) at one part: what is sent to see whose fault they are, one decision at a time."""

from agent.buffer.ranges import Ranges
from agent.uplink.answer import of_status
from agent.uplink.courier import Courier, Habits
from agent.uplink.piece import Lane, Orders, Piece

SERIES = 4
LEAF = Piece(Lane.BACKLOG, 1, 1, (0, 1))
BESIDE = Piece(Lane.BACKLOG, 1, 1, (1, 2))


class Scene:
    """A courier whose receiver fails at everything of a backlog until one series of one look is left."""

    def __init__(self, *, fifo: bool = True) -> None:
        self.now, self.newest = 1000.0, 500
        self.courier = Courier(Habits(fifo=fifo, full=2, every=1e6), lambda: 0.5, self.now)
        self.answer(Piece(Lane.TRIAL), 204)
        while (piece := self.next()) != LEAF:
            assert piece.lane is Lane.BACKLOG
            self.answer(piece, 500)

    def next(self) -> Piece:
        while isinstance(plan := self.courier.plan(self.now, self.newest, Ranges()), float):
            self.now += plan
        return plan

    def answer(self, piece: Piece, status: int) -> Orders:
        return self.courier.answered(piece, of_status(status, ()), self.now, 0.1, SERIES)


def test_the_series_beside_the_one_that_fails_is_asked_for_and_then_that_one_again() -> None:
    scene = Scene()
    assert scene.answer(LEAF, 500) == Orders()
    assert scene.next() == BESIDE
    assert scene.answer(BESIDE, 204) == Orders()
    assert scene.next() == LEAF
    assert scene.answer(LEAF, 500).quarantine == LEAF


def test_who_takes_it_the_second_time_was_ill() -> None:
    scene = Scene()
    scene.answer(LEAF, 500)
    scene.answer(scene.next(), 204)
    assert scene.answer(scene.next(), 204).quarantine is None


def test_who_takes_nothing_beside_is_not_believed() -> None:
    scene = Scene()
    for _ in range(20):
        assert scene.answer(scene.next(), 500) == Orders()


def test_the_newest_look_is_asked_for_only_when_nothing_beside_was_taken_again_and_again() -> None:
    scene = Scene()
    pieces = list[Piece]()
    while not pieces or pieces[-1].lane is Lane.BACKLOG:
        pieces.append(scene.next())
        if pieces[-1].lane is Lane.BACKLOG:
            scene.answer(pieces[-1], 500)
    assert pieces == [*[LEAF, BESIDE] * 5, Piece(Lane.LIVE, 500, 500)]
    assert scene.answer(pieces[-1], 204) == Orders(acknowledge=(500, 500))
    assert scene.answer(scene.next(), 500).quarantine == LEAF


def test_what_lies_beside_but_is_left_out_proves_nothing_and_settles_nothing() -> None:
    scene = Scene()
    scene.answer(LEAF, 500)
    assert scene.courier.nothing_to_send(scene.next()) == Orders()
    assert scene.next() == LEAF


def test_live_data_that_fail_likewise_do_not_keep_the_search_from_its_turn() -> None:
    """On a slow line their turn comes in the midst of it. Series 0 of each look makes the receiver fail."""
    courier, now, taken, given_up = Courier(Habits(), lambda: 0.9, 0.0), 0.0, Ranges(), set[int]()
    while now < 1800:
        plan = courier.plan(now, 1 + int(now / 15), taken)
        if isinstance(plan, float):
            now += plan
            continue
        now += 2
        fails = plan.lane is not Lane.TRIAL and (plan.part is None or plan.part[0] == 0)
        orders = courier.answered(plan, of_status(500 if fails else 204, ()), now, 2, 150)
        taken = taken.plus(*orders.acknowledge) if orders.acknowledge else taken
        given_up |= {orders.quarantine.first} if orders.quarantine else set()
    assert len(given_up) > 10
