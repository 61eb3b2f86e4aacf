"""Cursors on disk: what each receiver has taken."""

from pathlib import Path

import pytest

from agent.buffer.cursors import Cursors
from agent.buffer.quota import Policy
from agent.buffer.ranges import MOST, Ranges
from agent.buffer.receipts import Receipts
from agent.buffer.store import Store
from agent.journal.slots import SLOT
from tests.fakes.shelf import FakeShelf
from tests.unit.agent.buffers import fill


def opened(folder: Path) -> Cursors:
    cursors = Cursors(folder)
    cursors.open()
    return cursors


def test_cursors_outlive_a_restart_each_by_its_name(tmp_path: Path) -> None:
    cursors = opened(tmp_path)
    cursors.set("centre", Ranges(7, ((10, 12), (20, 20))))
    cursors.set("spare-2_b", Ranges(3))
    cursors.write()
    again = opened(tmp_path)
    assert again.of("centre") == Ranges(7, ((10, 12), (20, 20)))
    assert again.of("spare-2_b") == Ranges(3)
    assert again.of("nobody") == Ranges()


def test_the_largest_cursor_fits() -> None:
    ranges = Ranges(2**62)
    for number in range(MOST):
        ranges = ranges.plus(2**62 + 10 * number + 5, 2**62 + 10 * number + 6)
    assert len(ranges.above) == MOST
    assert len(str(ranges.above)) < SLOT


def test_a_torn_cursor_falls_back_to_the_one_before(tmp_path: Path) -> None:
    cursors = opened(tmp_path)
    for low in (10, 20, 30):
        cursors.set("centre", Ranges(low))
        cursors.write()
    file = tmp_path / "centre.cursor"
    whole = file.read_bytes()
    newest = whole.index(b"[30]")
    for place in range(newest - 26, newest):
        file.write_bytes(whole[:place] + b"\0" * 5 + whole[place + 5 :])
        assert opened(tmp_path).of("centre") == Ranges(20)


@pytest.mark.parametrize("junk", [b"", b"\0" * 8192, b"[1]", bytes(range(256)) * 32])
def test_a_cursor_that_is_none_means_that_all_is_sent_again(tmp_path: Path, junk: bytes) -> None:
    (tmp_path / "centre.cursor").write_bytes(junk)
    cursors = opened(tmp_path)
    assert cursors.of("centre") == Ranges()
    cursors.set("centre", Ranges(5))
    cursors.write()
    assert opened(tmp_path).of("centre") == Ranges(5)


@pytest.mark.parametrize("name", ["", "../etc", "Hà Nội", "x" * 65, "a b"])
def test_a_name_that_no_file_could_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name of a destination"):
        opened(tmp_path).set(name, Ranges(5))


def test_a_disk_that_takes_no_cursor_is_tried_again(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    cursors = Cursors(folder)
    cursors.set("centre", Ranges(5))
    cursors.write()
    assert cursors.failures == 1
    folder.mkdir()
    cursors.write()
    assert opened(folder).of("centre") == Ranges(5)


def test_cursors_are_written_once_ten_minutes_of_scrapes_were_taken_and_at_the_end(tmp_path: Path) -> None:
    receipts = Receipts(tmp_path, Store(FakeShelf()), Policy())
    receipts.open()
    fill(receipts, range(100))
    receipts.acknowledge("centre", 1, 8)
    assert opened(tmp_path).of("centre") == Ranges()
    receipts.acknowledge("centre", 9, 48)
    assert opened(tmp_path).of("centre") == Ranges(48)
    receipts.acknowledge("centre", 49, 50)
    receipts.close()
    assert opened(tmp_path).of("centre") == Ranges(50)


def test_a_log_that_lost_everything_goes_on_above_what_its_cursors_remember(tmp_path: Path) -> None:
    cursors = opened(tmp_path)
    cursors.set("centre", Ranges(1000))
    cursors.write()
    receipts = Receipts(tmp_path, Store(FakeShelf()), Policy())
    receipts.open()
    (sequence,) = fill(receipts, range(1))
    assert sequence > 1000
    assert receipts.waiting("centre") == 1


def test_what_has_not_changed_is_not_written_again(tmp_path: Path) -> None:
    cursors = opened(tmp_path)
    cursors.set("centre", Ranges(5))
    cursors.write()
    written = (tmp_path / "centre.cursor").read_bytes()
    cursors.write()
    assert (tmp_path / "centre.cursor").read_bytes() == written


def test_a_receiver_that_has_taken_nothing_yet_is_known_to_whoever_looks(tmp_path: Path) -> None:
    receipts = Receipts(tmp_path, None, Policy())
    receipts.open()
    receipts.settle(Policy(), ("centre", "spare"), 0.0)
    assert opened(tmp_path).destinations == ("centre", "spare")
    assert opened(tmp_path).of("centre") == Ranges()
