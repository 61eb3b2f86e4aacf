"""Whether the router stands on the UPS, from what the link does when mains fails."""

from hypothesis import given
from hypothesis import strategies as st

from agent.power.router import ALIVE, DEATH, Router

LOST = 1000.0
NEW = Router()


def outage(before: Router = NEW, *looks: tuple[float, bool]) -> Router:
    """One outage with the link seen working just before it, and these looks (seconds from the loss, works)."""
    router = before.link(True, LOST - 5).mains_lost(LOST)
    for after, works in looks:
        router = router.link(works, LOST + after)
    return router.mains_back()


def died(before: Router = NEW) -> Router:
    return outage(before, (2, False), (30, False))


def lived(before: Router = NEW) -> Router:
    return outage(before, (2, True), (32, True))


def test_nothing_is_known_before_the_first_outage() -> None:
    assert Router().link(True, 1).link(False, 2).on_ups is None


def test_a_link_that_lives_on_battery_proves_it() -> None:
    assert lived().on_ups is True


def test_a_link_that_dies_with_mains_says_no() -> None:
    assert died().on_ups is False


def test_one_short_look_after_the_loss_proves_nothing_yet() -> None:
    assert outage(Router(), (ALIVE - 1, True)).on_ups is None


def test_a_link_that_dies_later_tells_of_the_operators_node_and_not_of_the_router() -> None:
    assert outage(Router(), (2, True), (DEATH + 1, False), (60, False)).on_ups is None
    assert outage(Router(), (2, True), (31, True), (600, False)).on_ups is True


def test_a_link_that_was_dead_before_tells_nothing() -> None:
    router = Router().link(True, LOST - 300).link(False, LOST - 120).mains_lost(LOST)
    assert router.link(False, LOST + 2).on_ups is None


def test_a_look_that_began_before_the_loss_is_none_at_the_outage() -> None:
    router = Router().link(True, LOST - 5).mains_lost(LOST)
    assert router.link(False, LOST - 1).on_ups is None
    assert router.link(False, LOST - 1).link(False, LOST + 1).on_ups is False


def test_once_proved_it_takes_two_outages_in_a_row_to_doubt_it() -> None:
    known = lived()
    assert died(known).on_ups is True
    assert died(died(known)).on_ups is False
    assert died(lived(died(known))).on_ups is True


def test_a_router_that_was_put_on_the_ups_is_found_at_the_next_outage() -> None:
    assert lived(died(died())).on_ups is True


def test_one_outage_speaks_once() -> None:
    assert outage(lived(), (2, False), (5, False), (8, False)).deaths == 1


@given(st.lists(st.tuples(st.sampled_from(["lost", "back", "up", "down"]), st.floats(0, 200)), max_size=30))
def test_nothing_is_learnt_without_an_outage(events: list[tuple[str, float]]) -> None:
    router, at = Router(), 0.0
    for event, seconds in events:
        at += seconds
        router = {
            "lost": router.link(False, at),  # the same events, but mains never fails
            "back": router.mains_back(),
            "up": router.link(True, at),
            "down": router.link(False, at),
        }[event]
    assert router.on_ups is None
