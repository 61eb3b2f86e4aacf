"""A relay without a network and without waiting: a sender that obeys the test, and time that jumps."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from alerts.relay.config import Channel, RelaySettings, Retry
from alerts.relay.courier import Courier
from alerts.relay.desk import Desk
from alerts.relay.letter import Letter
from alerts.relay.metrics import Tally
from alerts.relay.sender import DeliveryError
from alerts.relay.store import Store
from collectors.core.values import Duration, Secret
from tests.fakes.time import FakeClock


@dataclass
class FakeSender:
    """Refuses the next `refusals` messages of a channel's form; keeps (channel's fallback, letter) of the others."""

    refusals: dict[str, int] = field(default_factory=dict)
    delivered: list[tuple[str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    async def send(self, channel: Channel, letter: Letter) -> None:
        name = channel.url.reveal()
        if self.refusals.get(name, 0) > 0:
            self.refusals[name] -= 1
            raise DeliveryError("the sink is down")
        self.delivered.append((name, letter.id))
        self.times.append(FakeClock().monotonic())


@dataclass
class Office:
    """Desk, couriers and store of a relay under test."""

    settings: RelaySettings
    store: Store
    sender: FakeSender
    tally: Tally
    desk: Desk
    couriers: dict[str, Courier]


def channel(name: str, fallback: str = "", per_minute: int = 60, only_critical: bool = False) -> Channel:
    return Channel(Secret(name), fallback=fallback, per_minute=per_minute, only_critical=only_critical)


def office(folder: Path, *channels: Channel, default: Sequence[str] = ("duty",), limit: int = 100) -> Office:
    """Channels are named like their address."""
    named = {one.url.reveal(): one for one in channels or (channel("duty"),)}
    retry = Retry(first=Duration(5), longest=Duration(60), attempts=3, give_up=Duration(3600))
    settings = RelaySettings("1", folder, named, tuple(default), queue_limit=limit, retry=retry)
    store, sender, tally, clock = Store(folder, limit), FakeSender(), Tally(named), FakeClock()
    couriers: dict[str, Courier] = {}
    desk = Desk(settings, store, clock, couriers)
    for name, one in named.items():
        couriers[name] = Courier(name, one, retry, store, sender, tally, clock, desk.wake)
    return Office(settings, store, sender, tally, desk, couriers)
