"""Where there is not room for everything, and disks that refuse."""

import errno
from itertools import pairwise

import pytest

from agent.buffer import log, segment
from agent.buffer.quota import Policy
from agent.buffer.receipts import Receipts
from agent.buffer.segment import Segment
from tests.fakes.shelf import FakeShelf
from tests.unit.agent.buffers import fill, opened, read, stamp, values

DAY = 86400.0


def test_what_every_receiver_has_is_kept_for_a_week_and_then_goes() -> None:
    receipts = opened(FakeShelf(), Policy(), "centre", "spare")
    sequences = fill(receipts, range(200), apart=900)
    half = sequences[100]
    receipts.acknowledge("centre", 1, sequences[-1])
    receipts.acknowledge("spare", 1, half)
    receipts.log.tidy(stamp(0).wall + 6 * DAY)
    assert len(read(receipts)) == 200
    receipts.log.tidy(stamp(0).wall + 30 * DAY)
    left = list(read(receipts))
    assert left == sequences[-len(left) :]
    assert sequences[101] in left
    assert len(left) < 110
    assert receipts.log.dropped == receipts.log.thinned == 0


def test_a_full_quota_takes_what_was_taken_then_thins_the_oldest_then_drops_it() -> None:
    receipts = opened(FakeShelf(), Policy(), "centre")
    sequences = fill(receipts, range(2400))
    receipts.acknowledge("centre", 1, sequences[479])
    size = sum(one.size for one in receipts.log.segments)

    receipts.settle(Policy(quota=round(0.85 * size)), ("centre",), stamp(2400).wall)
    assert next(iter(read(receipts))) > sequences[0]
    assert receipts.log.thinned == 0

    receipts.settle(Policy(quota=round(0.6 * size)), ("centre",), stamp(2400).wall)
    found = read(receipts)
    times = [one.stamp.monotonic for one in found.values()]
    apart = [after - before for before, after in pairwise(times)]
    assert apart[:20] == [60.0] * 20
    assert apart[-20:] == [15.0] * 20
    assert receipts.log.thinned > 0
    assert receipts.log.dropped == 0
    assert all(one.values == values(sequences.index(sequence)) for sequence, one in found.items())

    receipts.settle(Policy(quota=round(0.05 * size)), ("centre",), stamp(2400).wall)
    assert receipts.log.dropped > 0
    assert 480 + len(read(receipts)) + receipts.log.thinned + receipts.log.dropped == 2400
    assert sequences[-1] in read(receipts)


def test_the_quota_is_kept_to_while_scrapes_come() -> None:
    receipts = opened(FakeShelf(), Policy(quota=60_000), "centre")
    fill(receipts, range(5000))
    assert receipts.log.disk
    assert receipts.log.disk.size < 60_000 + max(one.size for one in receipts.log.segments)


def test_in_memory_it_keeps_little_by_the_same_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "IN_MEMORY", 60_000)
    receipts = Receipts(None, None, Policy())
    receipts.open()
    fill(receipts, range(5000))
    assert receipts.log.memory.size < 60_000 + max(one.size for one in receipts.log.segments)
    assert receipts.log.thinned > 0
    assert receipts.log.dropped > 0


# --- disks that refuse ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fault", "reason"), [(errno.EROFS, "read_only"), (errno.EIO, "error")])
def test_what_a_disk_refuses_waits_in_memory_and_is_written_once_it_takes_it(fault: int, reason: str) -> None:
    shelf = FakeShelf()
    receipts = opened(shelf)
    before = fill(receipts, range(5))
    shelf.fault = fault
    meanwhile = fill(receipts, range(5, 10))
    assert receipts.log.failures == {reason: 5}
    assert list(read(receipts)) == before + meanwhile
    shelf.fault = 0
    after = fill(receipts, range(10, 12))
    assert list(read(opened(shelf.cut_power(b"")))) == before + meanwhile + after


def test_a_full_disk_gives_up_what_was_taken_then_the_reserve_and_nothing_else() -> None:
    shelf = FakeShelf()
    receipts = opened(shelf, Policy(), "centre")
    sequences = fill(receipts, range(40), apart=900)
    receipts.acknowledge("centre", 1, sequences[9])
    shelf.kept_back = 5000
    shelf.room = shelf.used
    sequences += fill(receipts, range(40, 60), apart=900)
    assert shelf.kept_back == 0
    assert receipts.log.memory.segments == []
    sequences += fill(receipts, range(60, 150), apart=900)
    assert receipts.log.failures["full"] > 0
    assert receipts.log.memory.segments
    assert list(read(receipts)) == sequences[8:]
    receipts.acknowledge("centre", 1, sequences[40])
    sequences += fill(receipts, range(150, 151), apart=900)
    assert list(read(receipts)) == sequences[-len(read(receipts)) :]
    assert sequences[41] in read(receipts)


def test_while_the_disk_is_to_rest_nothing_is_written_and_nothing_is_lost() -> None:
    shelf = FakeShelf()
    receipts = opened(shelf)
    before = fill(receipts, range(5))
    receipts.log.held = True
    was = shelf.cut_power(b"").segments
    meanwhile = fill(receipts, range(5, 10))
    receipts.acknowledge("centre", 1, before[-1])
    receipts.close()
    assert shelf.segments == was
    assert receipts.log.failures.total() == 0
    assert list(read(receipts)) == before + meanwhile


def test_ranges_meet_over_sequences_that_no_scrape_has() -> None:
    shelf = FakeShelf()
    first = fill(opened(shelf), range(5))
    receipts = opened(shelf)
    second = fill(receipts, range(5, 10))
    receipts.acknowledge("centre", second[2], second[4])
    receipts.acknowledge("centre", first[0], first[4])
    receipts.acknowledge("centre", second[0], second[1])
    assert list(receipts.cursors.of("centre").gaps(second[-1])) == []
    assert receipts.waiting("centre") == 0


def test_thinning_a_thin_segment_changes_nothing() -> None:
    shelf = FakeShelf()
    receipts = opened(shelf)
    fill(receipts, range(200))
    (name,) = shelf.names()
    once = segment.thinned(bytes(shelf.segments[name]))
    assert segment.thinned(once) == once
    known: Segment = segment.survey(name, once)
    assert known.sparse
    assert known.scrapes == 50
