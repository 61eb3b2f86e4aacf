import pytest

from tests.lab.errors import LabError
from tests.lab.orders import Agent, AgentAction, Link, LinkAction, Plan, Power, PowerAction, Service, Status, parse
from tests.lab.services import Condition

OFFICES = ("office1", "office2")


@pytest.mark.parametrize(
    ("words", "order"),
    [
        ("power office1 cut", Power("office1", PowerAction.CUT)),
        ("power office2 low", Power("office2", PowerAction.LOW)),
        ("power office2 plan 10m", Plan("office2", 600)),
        ("link office2 cut 1.5m", Link("office2", LinkAction.CUT, 90)),
        ("link office1 restore", Link("office1", LinkAction.RESTORE)),
        ("link office1 shape 512kbit", Link("office1", LinkAction.SHAPE, 512_000)),
        ("link office2 shape 2.5mbit", Link("office2", LinkAction.SHAPE, 2_500_000)),
        ("link office1 loss 10%", Link("office1", LinkAction.LOSS, 0.1)),
        ("service portal freeze", Service("portal", Condition.FROZEN)),
        ("service civil_status repair", Service("civil_status", Condition.REPAIRED)),
        ("agent office2 kill", Agent("office2", AgentAction.KILL)),
        ("status", Status()),
    ],
)
def test_an_order_is_read_as_it_is_meant(words: str, order: object) -> None:
    assert parse(words.split(), OFFICES) == order


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("power office9 cut", "office1"),
        ("power office1 explode", "restore"),
        ("power office1 plan", "restore"),
        ("power office1 plan soon", "12m"),
        ("link office1 shape", "shape RATE"),
        ("link office1 shape 0mbit", "2mbit"),
        ("link office1 shape 2MB/s", "2mbit"),
        ("link office1 loss 101%", "10%"),
        ("link office1 cut 5%", "12m"),
        ("link office1 cut 0s", "12m"),
        ("link office1 restore 5m", "cut [TIME]"),
        ("service mail break", "civil_status"),
        ("", "power OFFICE"),
        ("dance", "status"),
    ],
)
def test_a_wrong_order_is_answered_with_what_may_stand_there(words: str, complaint: str) -> None:
    with pytest.raises(LabError) as problem:
        parse(words.split(), OFFICES)
    assert complaint in str(problem.value)
