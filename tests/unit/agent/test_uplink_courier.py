"""What goes next, and when: one decision at a time."""

import pytest

from agent.buffer.ranges import Ranges
from agent.uplink.answer import Answer, Fate, of_status
from agent.uplink.courier import CLOSED, GROW, Courier, Habits
from agent.uplink.pauses import LONGEST
from agent.uplink.piece import Lane, Orders, Piece

TAKEN, REFUSED = of_status(204, ()), of_status(400, ())
NOW = 1000.0
DUE = 1020.0  # the next full minute


def let_in(habits: Habits | None = None) -> Courier:
    """A courier that knows that it is let in."""
    courier = Courier(habits or Habits(), lambda: 0.5, NOW)
    assert courier.plan(NOW, 0, Ranges()) == Piece(Lane.TRIAL)
    courier.answered(Piece(Lane.TRIAL), TAKEN, NOW, 0.1, 0)
    return courier


def next_piece(courier: Courier, now: float, newest: int, low: int = 0) -> Piece:
    plan = courier.plan(now, newest, Ranges(low))
    assert isinstance(plan, Piece), plan
    return plan


def test_nothing_leaves_before_it_is_known_who_is_there() -> None:
    courier = Courier(Habits(), lambda: 0.5, NOW)
    assert courier.plan(NOW, 500, Ranges()) == Piece(Lane.TRIAL)
    courier.answered(Piece(Lane.TRIAL), Answer(Fate.UNREACHED), NOW, 1.0, 0)
    assert courier.plan(NOW, 500, Ranges()) == pytest.approx(0.5)


def test_what_is_new_waits_for_its_turn_and_goes_together() -> None:
    courier = let_in()
    assert courier.plan(NOW, 4, Ranges()) == DUE - NOW
    assert courier.plan(DUE, 4, Ranges()) == Piece(Lane.LIVE, 1, 4)


def test_a_backlog_goes_at_once_oldest_first_ten_minutes_each() -> None:
    assert next_piece(let_in(), NOW, 1000) == Piece(Lane.BACKLOG, 1, 40)


def test_the_present_overtakes_a_backlog_when_its_turn_has_come() -> None:
    courier = let_in()
    live = next_piece(courier, DUE, 1000)
    assert live == Piece(Lane.LIVE, 993, 1000)
    courier.answered(live, TAKEN, DUE, 0.1, 0)
    assert courier.plan(DUE, 1000, Ranges(0, ((993, 1000),))) == Piece(Lane.BACKLOG, 1, 40)


def test_in_order_the_present_waits_and_the_line_is_shared_all_the_same() -> None:
    courier = let_in(Habits(fifo=True))
    first = next_piece(courier, DUE, 1000)
    assert first == Piece(Lane.BACKLOG, 1, 40)
    courier.answered(first, TAKEN, DUE, 2.0, 0)
    assert courier.plan(DUE, 1000, Ranges(40)) == pytest.approx(2.0)
    assert next_piece(courier, DUE + 60, 1000, 980) == Piece(Lane.LIVE, 981, 1000)


@pytest.mark.parametrize(("share", "rest"), [(0.5, 2.0), (0.8, 0.5), (1.0, 0.0)])
def test_a_backlog_leaves_the_line_to_others_for_a_share_of_the_time(share: float, rest: float) -> None:
    courier = let_in(Habits(share=share))
    courier.answered(next_piece(courier, NOW, 1000), TAKEN, NOW, 2.0, 0)
    plan = courier.plan(NOW, 1000, Ranges(40))
    assert (plan if isinstance(plan, float) else 0.0) == pytest.approx(rest)


def test_a_backlog_that_is_turned_away_does_not_stop_the_present() -> None:
    courier = let_in()
    busy = Answer(Fate.BUSY, pause=200.0)
    courier.answered(next_piece(courier, NOW, 1000), busy, NOW, 0.1, 0)
    assert courier.plan(NOW, 1000, Ranges()) == DUE - NOW
    live = next_piece(courier, DUE, 1000)
    assert live.lane is Lane.LIVE
    courier.answered(live, TAKEN, DUE, 0.1, 0)
    assert courier.plan(DUE, 1000, Ranges(0, ((993, 1000),))) == pytest.approx(60)
    assert next_piece(courier, NOW + 200 * 1.05, 1000).lane is Lane.LIVE


def test_failures_in_a_row_are_tried_again_ever_later_but_never_later_than_five_minutes() -> None:
    courier, waits = let_in(), []
    now = DUE
    for _ in range(12):
        courier.answered(next_piece(courier, now, 4), Answer(Fate.UNREACHED), now, 0.1, 0)
        wait = courier.plan(now, 4, Ranges())
        assert isinstance(wait, float)
        waits.append(wait)
        now += wait
    assert waits[:5] == pytest.approx([0.5, 1, 2, 4, 8])
    assert max(waits) == pytest.approx(LONGEST / 2)  # with an even chance


def test_a_line_that_is_back_is_used_at_once() -> None:
    courier = let_in()
    for _ in range(12):
        courier.answered(Piece(Lane.LIVE, 1, 4), Answer(Fate.UNREACHED), DUE, 0.1, 0)
    courier.hurry()
    assert next_piece(courier, DUE, 4) == Piece(Lane.LIVE, 1, 4)


def test_who_is_turned_away_says_so_and_tries_again_in_five_minutes() -> None:
    courier = let_in()
    courier.answered(next_piece(courier, DUE, 4), of_status(403, ()), DUE, 0.1, 0)
    assert courier.misconfigured
    wait = courier.plan(DUE, 4, Ranges())
    assert isinstance(wait, float)
    assert CLOSED <= wait <= 1.1 * CLOSED
    courier.answered(next_piece(courier, DUE + wait, 4), TAKEN, DUE + wait, 0.1, 0)
    assert not courier.misconfigured


def test_a_slow_line_gets_smaller_requests_and_later_larger_ones_again() -> None:
    courier, now, low = let_in(), NOW, 0
    courier.answered(next_piece(courier, now, 1000), Answer(Fate.STALLED), now, 30.0, 0)
    now += 10
    sizes = []
    for _ in range(2 * GROW + 1):
        piece = next_piece(courier, now, 1000, low)
        if piece.lane is Lane.BACKLOG:
            sizes.append(piece.scrapes)
            low = piece.last
        courier.answered(piece, TAKEN, now, 0.0, 0)
    assert (sizes[0], sizes[-1]) == (20, 40)


def test_a_refusal_is_believed_only_of_somebody_who_takes_things_from_us() -> None:
    courier = let_in()
    piece = next_piece(courier, NOW, 1000)
    assert courier.answered(piece, REFUSED, NOW, 0.1, 0) == Orders()
    assert next_piece(courier, NOW, 1000) == Piece(Lane.TRIAL)
    courier.answered(Piece(Lane.TRIAL), TAKEN, NOW, 0.1, 0)
    assert next_piece(courier, NOW, 1000) == piece
    courier.answered(piece, REFUSED, NOW, 0.1, 0)
    assert next_piece(courier, NOW, 1000) == Piece(Lane.BACKLOG, 1, 20)


def test_a_receiver_that_refuses_only_what_is_empty_is_believed_its_other_refusals() -> None:
    courier = Courier(Habits(), lambda: 0.5, NOW)
    courier.answered(Piece(Lane.TRIAL), REFUSED, NOW, 0.1, 0)
    piece = next_piece(courier, NOW, 1000)
    courier.answered(piece, TAKEN, NOW, 0.0, 0)
    piece = next_piece(courier, NOW, 1000, 40)
    courier.answered(piece, REFUSED, NOW, 0.1, 0)
    courier.answered(next_piece(courier, NOW, 1000, 40), REFUSED, NOW, 0.1, 0)
    assert not courier.misconfigured
    assert next_piece(courier, NOW, 1000, 40) == piece


def test_live_data_that_are_bad_too_do_not_stop_a_splitting() -> None:
    for bad in (REFUSED, of_status(413, ())):
        courier = let_in(Habits(live=1))
        courier.answered(next_piece(courier, NOW, 1000), REFUSED, NOW, 0.1, 0)
        courier.answered(Piece(Lane.TRIAL), TAKEN, NOW, 0.1, 0)
        live = next_piece(courier, DUE, 1000)
        assert live == Piece(Lane.LIVE, 1000, 1000)
        courier.answered(live, bad, DUE, 0.1, 3)
        assert next_piece(courier, DUE, 1000).lane is Lane.BACKLOG


def test_where_everything_is_bad_not_every_sample_is_asked_for() -> None:
    courier, now, low = let_in(), NOW, 0
    requests = 0
    while low < 400:
        piece = next_piece(courier, now, 100_000, low)
        requests += 1
        if piece.lane is Lane.TRIAL or piece.lane is Lane.LIVE:
            courier.answered(piece, TAKEN if piece.lane is Lane.TRIAL else REFUSED, now, 0.0, 150)
            continue
        orders = courier.answered(piece, REFUSED, now, 0.0, 150)
        if orders.acknowledge:
            low = max(low, orders.acknowledge[1])
    assert requests < 500  # of 60,000 samples


def test_errors_of_the_receiver_at_one_piece_are_its_own_fault_when_others_are_taken() -> None:
    courier, now = let_in(), NOW
    broken = of_status(500, ())
    taken = Ranges()
    for turn in range(40):
        newest = 1000 + 4 * turn
        plan = courier.plan(now, newest, taken)
        if isinstance(plan, float):
            now += plan
            continue
        if plan.lane is Lane.BACKLOG and plan.scrapes < 40:
            break
        fine = plan.lane is not Lane.BACKLOG
        orders = courier.answered(plan, TAKEN if fine else broken, now, 0.1, 150)
        if orders.acknowledge:
            taken = taken.plus(*orders.acknowledge)
    else:
        pytest.fail("it was never split")


def test_a_store_whose_disk_is_full_loses_us_nothing() -> None:
    courier, now = let_in(), NOW
    for _ in range(200):
        plan = courier.plan(now, 1000, Ranges())
        if isinstance(plan, float):
            now += plan
        else:
            orders = courier.answered(plan, TAKEN if plan.lane is Lane.TRIAL else of_status(500, ()), now, 0.1, 150)
            assert orders == Orders()
