"""The relay's queue on a real disk that is full: Alertmanager is turned away, and what was kept goes out."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.relay.metrics import Receipt
from alerts.relay.store import Store
from tests.tools import needs_root
from tests.unit.alerts.relay.office import office
from tests.unit.alerts.relay.test_desk import accept, deliver
from tests.unit.alerts.relay.webhook import alert, notification

ROOM = 256 << 10  # bytes


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk for a few dozen messages."""
    needs_root()
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", place], check=False)
    if mounted.returncode:
        pytest.skip("this machine mounts nothing")
    yield place
    subprocess.run(["umount", place], check=True)


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
