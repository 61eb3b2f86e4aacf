"""Whoever reads a UPS has the same series, so that pages, rules and boards need not know which one it was."""

import collectors
from collectors.ups import POWER_VERDICT, READERS
from collectors.ups.metrics import METRICS


def test_every_collector_that_judges_the_power_is_a_reader_of_upses_with_all_their_metrics() -> None:
    found = {name: collectors.load(name) for name in collectors.names()}
    assert tuple(name for name, one in found.items() if POWER_VERDICT in one.metrics) == READERS
    assert all(found[name].metrics == METRICS for name in READERS)
