"""The relay's queue on a real disk that is full: Alertmanager is turned away, and what was kept goes out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.relay.metrics import Receipt
from alerts.relay.store import Store
from tests.tools.tmpfs import tmpfs
from tests.unit.alerts.relay.office import office
from tests.unit.alerts.relay.test_desk import accept, deliver
from tests.unit.alerts.relay.webhook import alert, notification

ROOM = 256 << 10  # bytes


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk for a few dozen messages."""
    with tmpfs(tmp_path / "small", ROOM) as place:
        yield place


def test_a_full_disk_loses_nothing_that_was_accepted_and_recovers_by_delivering(small: Path) -> None:
    place = office(small, limit=1000)
    receipts = []
    for number in range(200):
        receipts.append(accept(place, notification(groupLabels={"incident": f"i{number}"})))
        if receipts[-1] is Receipt.REFUSED:
            break
    accepted = receipts.count(Receipt.ACCEPTED)
    assert receipts[-1] is Receipt.REFUSED
    assert accepted > 5
    assert len(Store(small, 1000)) == accepted
    deliver(place)
    assert len(place.store) == 0
    place.store.forget(1e12)
    ends = [
        accept(place, notification(alert("resolved"), groupLabels={"incident": f"i{number}"}))
        for number in range(accepted)
    ]
    assert ends == [Receipt.ACCEPTED] * accepted
    assert len(place.book.incidents) <= 1  # of what was refused, if the disk took half of it
