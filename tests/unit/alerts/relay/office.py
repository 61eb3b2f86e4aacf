"""A relay without a network and without waiting: a sender that obeys the test, and time that jumps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from alerts.relay.acknowledge import Links
from alerts.relay.clerk import Clerk
from alerts.relay.config import Channel, Doubt, RelaySettings, Retry
from alerts.relay.courier import Courier
from alerts.relay.desk import Desk
from alerts.relay.failure import DeliveryError
from alerts.relay.incident import Book
from alerts.relay.letter import Letter
from alerts.relay.metrics import Tally
from alerts.relay.notes import Notes
from alerts.relay.people import Party, Receivers
from alerts.relay.store import Store
from alerts.relay.writer import Writer
from collectors.core.values import Duration, Secret
from tests.fakes.time import FakeClock


@dataclass
class FakeSender:
    """Refuses the next messages of a channel with its `refusals`; keeps (channel, letter's id) of the others."""

    refusals: dict[str, list[Exception]] = field(default_factory=dict)
    delivered: list[tuple[str, str]] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def refuse(self, name: str, times: int, **how: object) -> None:
        self.refusals[name] = [DeliveryError("the sink is down", **how) for _ in range(times)]  # type: ignore[arg-type]

    async def send(self, channel: Channel, letter: Letter) -> None:
        assert channel.url
        name = channel.url.reveal()
        if self.refusals.get(name):
            raise self.refusals[name].pop()
        self.delivered.append((name, letter.id))
        self.letters.append(letter)
        self.times.append(FakeClock().monotonic())


class FakeReceivers(Receivers):
    """Parties without a file."""

    def __init__(self, found: Mapping[str, Sequence[Party]]) -> None:
        super().__init__(None)
        self._found = {name: tuple(parties) for name, parties in found.items()}


@dataclass
class Office:
    """All parts of a relay under test."""

    settings: RelaySettings
    clock: FakeClock
    store: Store
    book: Book
    notes: Notes
    sender: FakeSender
    tally: Tally
    desk: Desk
    clerk: Clerk
    couriers: dict[str, Courier]

    @property
    def waiting(self) -> dict[str, list[Letter]]:
        """Channel -> its letters on disk."""
        return {name: list(self.store.pending(name)) for name in self.couriers if self.store.pending(name)}


def channel(
    name: str, fallback: str = "", per_minute: int = 60, only_critical: bool = False, doubt: Doubt = "later"
) -> Channel:
    return Channel(Secret(name), fallback=fallback, per_minute=per_minute, only_critical=only_critical, doubt=doubt)


def office(
    folder: Path,
    *channels: Channel,
    default: Sequence[str] = ("duty",),
    limit: int = 100,
    parties: Mapping[str, Sequence[Party]] | None = None,
    links: Links | None = None,
    clock: FakeClock | None = None,
) -> Office:
    """Channels are named like their address."""
    named = {one.url.reveal(): one for one in channels or (channel("duty"),) if one.url}
    retry = Retry(first=Duration(5), longest=Duration(60), attempts=3, give_up=Duration(3600))
    settings = RelaySettings("1", folder, named, tuple(default), queue_limit=limit, retry=retry)
    clock = clock or FakeClock()
    store, sender, tally = Store(folder, limit), FakeSender(), Tally(named)
    couriers: dict[str, Courier] = {}

    def wake(name: str) -> None:
        couriers[name].news.set()

    writer = Writer(store, Notes(folder), clock, wake, links)
    desk = Desk(settings, FakeReceivers(parties or {}), Book(folder), writer, clock)
    for name, one in named.items():
        couriers[name] = Courier(name, one, settings, store, desk.book, sender, tally, clock, wake)
    clerk = Clerk(desk, tally.escalation)
    return Office(settings, clock, store, desk.book, writer.notes, sender, tally, desk, clerk, couriers)
