"""The relay as a whole, before it serves."""

from dataclasses import replace
from pathlib import Path

from alerts.relay.config import Channel, RelaySettings
from alerts.relay.run import Relay
from collectors.core.values import Secret
from tests.unit.alerts.relay.webhook import letter

DUTY, GONE = "incident.duty", "incident.gone"


def relay(folder: Path, *channels: str) -> Relay:
    return Relay(RelaySettings("1", folder, {name: Channel(Secret("log:")) for name in channels}, ("duty",)))


def test_what_waits_for_a_channel_that_is_gone_is_told_by_a_default_one_but_not_twice(tmp_path: Path) -> None:
    before = relay(tmp_path, "duty", "gone")
    told = replace(letter(1), id=DUTY)
    other = replace(letter(2, channel="gone", name="other.gone"), held=4e9)
    before.store.put([told, replace(told, id=GONE, channel="gone"), other])
    before.store.finish(told, 0.0)
    after = relay(tmp_path, "duty")
    after.adopt_strays()
    assert [(one.id, one.held) for one in after.store.pending("duty")] == [("other.duty", 4e9)]
    assert not after.store.strays(["duty"])
