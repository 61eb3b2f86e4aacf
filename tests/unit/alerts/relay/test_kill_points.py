"""The relay is killed before each single change of its disk, and Alertmanager repeats itself: people hear all, once."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from alerts.relay.config import Channel
from alerts.relay.disk import Folder
from alerts.relay.metrics import Receipt
from alerts.relay.payload import Notification
from alerts.relay.people import Party
from collectors.core.values import Duration
from inventory.schema import Level
from tests.fakes.time import run
from tests.unit.alerts.relay.office import Office, channel, office
from tests.unit.alerts.relay.test_desk import MORNING, NIGHT, accept, soon
from tests.unit.alerts.relay.webhook import alert, notification
from tests.unit.inventory.test_hours import at

WELL = [channel(name) for name in ("duty", "phone", "mail", "boss")]
ILL = [channel("duty", fallback="reserve"), *WELL[1:], channel("reserve")]  # the first one refuses everything
LEVELS = (Level(("boss",), critical=Duration(900), warning=Duration(14400)),)
PARTIES = {
    "province-04": [Party(("duty",), ("phone",), ("mail",), LEVELS, NIGHT, MORNING)],
    "province-04-power": [Party(("duty",), night=NIGHT, digest=MORNING)],
}
Sent = list[tuple[str, str, bool]]  # channel, title, whether it was in doubt
Step = Callable[[Office, Sent], None]


class Kill(BaseException):
    """As the kernel does it: nothing catches it."""


class Disk:
    """Counts what is done to it; `last` is not done any more."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.done, self.last, self.dead = 0, 0, False
        patch.setattr("os.fsync", lambda _: None)
        for name in ("write", "remove", "move"):
            patch.setattr(Folder, name, self._counted(getattr(Folder, name)))

    def _counted(self, work: Callable[..., None]) -> Callable[..., None]:
        def counted(*arguments: object) -> None:
            self.done += 1
            self.dead |= self.done == self.last
            if self.dead:  # to whatever is done on the way out as well
                raise Kill
            work(*arguments)

        return counted


def comes(now: float, *alerts: dict[str, Any], receiver: str = "province-04", incident: str = "one") -> Step:
    what: Notification = notification(
        *alerts, receiver=receiver, groupLabels={"incident": incident}, groupKey=f"{incident} {receiver}"
    )

    def step(place: Office, _: Sent) -> None:
        assert accept(place, what, now=now) is not Receipt.REFUSED

    return step


def goes_on(now: float) -> Step:
    """What is due is done, what is ready is delivered."""

    def step(place: Office, sent: Sent) -> None:
        place.clock.wall = now - 1000.0
        soon(lambda: place.clerk.tick(now))
        for name, courier in place.couriers.items():
            for letter in place.store.ready(name, now, 1000.0):
                doubt = place.store.doubtful(letter)
                place.sender.refuse(name, 1 if courier.channel.fallback else 0, lasting=True)
                try:
                    run(courier.deliver(letter))
                finally:  # a kill does not call back what is on its way
                    sent.extend((name, one.title, doubt) for one in place.sender.letters)
                    place.sender.letters.clear()

    return step


def over(**changes: Any) -> dict[str, Any]:
    return alert("resolved", **changes)


GRAVE = {"severity": "critical", "alertname": "BatteryLow"}
INFO = {"severity": "info"}
BOTH: tuple[dict[str, str], ...] = ({}, {"receiver": "province-04-power"})
STORIES: dict[str, Sequence[Step]] = {
    "a night": [
        *(comes(at(23), alert(), **to) for to in BOTH), goes_on(at(23, 5)), comes(at(23, 10), alert(), incident="two"),
        goes_on(at(23, 11)), *(comes(at(23, 40), over(), **to) for to in BOTH), goes_on(at(23, 50)),
        goes_on(at(6, 1, day=23)), goes_on(at(7, 31, day=23)), goes_on(at(10, 1, day=23)),
        comes(at(11, day=23), over(), incident="two"), goes_on(at(11, 1, day=23)),
    ],
    "nobody acknowledges": [
        comes(at(12), alert(**GRAVE)), goes_on(at(12, 1)), goes_on(at(12, 15)), goes_on(at(12, 16)),
        comes(at(13), over(**GRAVE)), goes_on(at(13, 1)),
    ],
    "it becomes graver": [
        comes(at(20), alert()), goes_on(at(20, 1)), comes(at(22, 30), alert(), alert(office="01273-2")),
        goes_on(at(22, 31)), comes(at(22, 40), alert(), alert(**GRAVE)), goes_on(at(22, 56)),
        comes(at(23), over(), over(**GRAVE)), goes_on(at(23, 1)), goes_on(at(7, 31, day=23)),
    ],
    "it can wait": [
        comes(at(12), alert(**INFO)), comes(at(12, 1), alert(**INFO), incident="two"), comes(at(14), over(**INFO)),
        goes_on(at(7, 31, day=23)), comes(at(9, day=23), over(**INFO), incident="two"), goes_on(at(7, 31, day=24)),
    ],
}  # fmt: skip


def play(
    disk: Disk, folder: Path, channels: Sequence[Channel], story: Sequence[Step]
) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """What was told, and what of it may be told twice since nobody could know."""
    sent: Sent = []
    place: Office | None = None
    for step in story:
        while True:
            try:
                place = place or office(folder, *channels, parties=PARTIES)
                step(place, sent)
                break
            except Kill:
                place, disk.dead = None, False
    assert place
    assert (place.waiting, len(place.notes), len(place.book.incidents)) == ({}, 0, 0)
    return Counter((name, title) for name, title, _ in sent), Counter(
        (name, title) for name, title, doubt in sent if doubt
    )


@pytest.mark.parametrize("channels", [WELL, ILL], ids=["well", "ill"])
@pytest.mark.parametrize("name", STORIES)
def test_a_kill_at_any_moment_loses_nothing_and_repeats_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, channels: Sequence[Channel]
) -> None:
    disk = Disk(monkeypatch)
    told, _ = play(disk, tmp_path / "whole", channels, STORIES[name])
    for last in range(1, disk.done + 1):
        disk.done, disk.last = 0, last
        again, doubted = play(disk, tmp_path / f"{last}", channels, STORIES[name])
        assert again - doubted <= told <= again, last
