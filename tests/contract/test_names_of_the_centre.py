"""The gateway lets offices write what offices measure, and nothing that the centre says of itself or of them."""

import collectors
from alerts.recorded import RECORDED
from alerts.relay import metrics as relay
from collectors.core import Metric, gateway, observed, responder
from collectors.core.centre import is_of_the_centre
from inventory import facts
from inventory.planned import facts as planned


def names(module: object) -> set[str]:
    return {value.name for value in vars(module).values() if isinstance(value, Metric)}


def test_what_the_centre_writes_is_kept_from_offices() -> None:
    written = set[str]().union(*map(names, (facts, planned, gateway, relay, responder)))
    assert {name for name in written if not is_of_the_centre(name)} == set()
    assert {series.name for series in RECORDED if not is_of_the_centre(series.name)} == set()


def test_what_offices_measure_is_let_through() -> None:
    measured = {metric.name for name in collectors.names() for metric in collectors.load(name).metrics}
    measured |= {metric.name for metric in observed.METRICS}
    assert {name for name in measured if is_of_the_centre(name)} == set()
