"""What the gateway counts, and how much of it goes into the log."""

from agent.gateway.judge import Refusal
from agent.gateway.meters import Meters


def test_every_refusal_is_counted_and_the_same_one_is_told_once_a_minute() -> None:
    meters = Meters(0)
    told = [meters.refused("a", Refusal.RATE, at / 10) for at in range(601)]
    assert (told.count(True), told[0], told[600]) == (2, True, True)
    assert meters.refused("a", Refusal.SIZE, 60)
    assert meters.refused("b", Refusal.RATE, 60)
    assert meters.refusals == {Refusal.RATE: 602, Refusal.SIZE: 1}
