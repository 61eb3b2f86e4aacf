"""What a card on battery says of charge and runtime: 0 where it does not know, and 0 where nothing is left."""

import pytest

from collectors.nut.observe import observe
from collectors.ups.canonical import Observation
from tests.unit.collectors.ups.cards import derived, seen, verdict

STANDARD = "1.3.6.1.2.1.33.1"
RUNTIME, CHARGE = f"{STANDARD}.2.3.0", f"{STANDARD}.2.4.0"
CASES = [
    ((0, 100), (None, 1.0)),
    ((0, 21), (None, 0.21)),
    ((0, 20), (0.0, 0.2)),
    ((0, 0), (0.0, 0.0)),
    ((40, 0), (2400.0, None)),
    ((40, 88), (2400.0, 0.88)),
]


def left(found: Observation) -> tuple[float | None, float | None]:
    return found.runtime, found.charge


@pytest.mark.parametrize(("said", "believed"), CASES, ids=str)
def test_a_zero_is_believed_only_beside_another_number_that_allows_it(
    said: tuple[int, int], believed: tuple[float | None, float | None]
) -> None:
    minutes, percent = said
    assert left(seen({**derived("rfc1628-onbattery"), RUNTIME: minutes, CHARGE: percent})) == believed
    variables = {"ups.status": "OB", "battery.runtime": str(60 * minutes), "battery.charge": str(percent)}
    assert left(observe(variables)) == believed


def test_a_card_that_knows_no_runtime_is_not_low_as_soon_as_mains_is_gone() -> None:
    assert verdict({**derived("rfc1628-onbattery"), RUNTIME: 0, CHARGE: 100}) == "outage"
    assert verdict({**derived("rfc1628-onbattery"), RUNTIME: 0, CHARGE: 9}) == "low_battery"
    assert verdict({**derived("rfc1628-onbattery"), RUNTIME: 40, CHARGE: 0}) == "outage"
