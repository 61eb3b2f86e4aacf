"""The log of segments: damage to it, and how it goes on."""

import errno
from collections.abc import Iterator

import pytest

from agent.buffer import segment
from agent.buffer.event import Happening
from agent.buffer.record import Kind, Record, scan
from agent.buffer.scrape import Labels, Refused, Scrape, Stamp
from agent.buffer.segment import LARGEST
from tests.fakes.shelf import FakeShelf
from tests.unit.agent.buffers import NOISE, fill, opened, read, stamp, values

# --- damage ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def hours() -> FakeShelf:
    """Three segments and a half."""
    shelf = FakeShelf()
    fill(opened(shelf), range(14), apart=900)
    assert len(shelf.segments) == 4
    return shelf


def damaged(shelf: FakeShelf, name: str, data: bytes) -> FakeShelf:
    after = shelf.cut_power(b"")
    after.segments[name] = bytearray(data)
    return after


def goes_on(shelf: FakeShelf, before: dict[int, Scrape]) -> dict[int, Scrape]:
    """What is found after damage: nothing with another value; and the log takes more, with new sequences."""
    receipts = opened(shelf)
    found = read(receipts)
    assert found.items() <= before.items()
    new = receipts.log.append(stamp(50), values(50))
    assert new > max(before)
    assert read(receipts).keys() == {*found, new}
    return found


def truncations(data: bytes) -> Iterator[bytes]:
    for size in range(len(data)):
        yield data[:size]
        if size % 9 == 0:
            yield data[:size] + bytes(len(data) - size)


def test_an_end_torn_at_any_byte_costs_only_what_was_not_whole(hours: FakeShelf) -> None:
    before = read(opened(hours))
    name = hours.names()[-1]
    ends = [found for found, _ in before.items() if found >= int(name)]
    for data in truncations(bytes(hours.segments[name])):
        whole = segment.sequences(data)
        found = goes_on(damaged(hours, name, data), before)
        assert before.keys() - found.keys() == set(ends) - set(whole)


def test_a_byte_that_flips_in_any_segment_costs_its_record_and_what_stands_on_it(hours: FakeShelf) -> None:
    before = read(opened(hours))
    for name in hours.names():
        for place in range(0, len(hours.segments[name]), 5):
            data = hours.segments[name].copy()
            hit = record_at(bytes(data), place)
            data[place] ^= 0x41
            shelf = damaged(hours, name, bytes(data))
            assert opened(shelf).log.corrupt > 0
            lost = before.keys() - goes_on(shelf, before).keys()
            assert lost == {one.sequence for one in records(bytes(hours.segments[name])) if stands_on(one, hit)}


def records(data: bytes) -> list[Record]:
    return [found.record for found in scan(data) if found.record]


def record_at(data: bytes, place: int) -> Record:
    return next(found.record for found in scan(data) if found.record and found.end > place)


def stands_on(one: Record, hit: Record) -> bool:
    if Kind.EVENT in (one.kind, hit.kind):
        return False
    return one == hit or (hit.kind is Kind.FRAME and one.base == hit.sequence)


def test_a_segment_whose_first_record_is_torn_is_gone_and_in_nobodys_way() -> None:
    shelf = FakeShelf()
    shelf.segments[segment.name(1)] = bytearray(b"\xcf\x94\x01")
    receipts = opened(shelf)
    assert shelf.names() == []
    assert fill(receipts, range(3)) == [1, 2, 3]


def test_what_can_be_read_is_never_cut_off_even_behind_damage() -> None:
    shelf = FakeShelf()
    fill(opened(shelf), range(10))
    (name,) = shelf.names()
    data = bytes(shelf.segments[name])
    shelf.segments[name][len(data) // 2] ^= 1
    shelf.segments[name] += b"torn"
    broken = bytes(shelf.segments[name])
    opened(shelf)
    assert bytes(shelf.segments[name]) == broken[: len(data)]


def test_a_tail_on_a_disk_that_cannot_be_written_stays_and_all_is_read() -> None:
    shelf = FakeShelf()
    fill(opened(shelf), range(10))
    shelf = shelf.cut_power(b"torn")
    shelf.fault = errno.EROFS
    assert len(read(opened(shelf))) == 10


def test_a_scrape_that_stands_in_two_segments_is_told_once_and_in_its_place(hours: FakeShelf) -> None:
    before = list(read(opened(hours)))
    hours.segments[segment.name(2)] = hours.segments[segment.name(1)].copy()  # a disk that had kept what it refused
    found = [scrape.sequence for scrape in opened(hours).log.read(0, len(before))]
    assert found == before


# --- segments -------------------------------------------------------------------------------------------------------


def test_a_segment_is_an_hour_or_a_quarter_of_a_megabyte() -> None:
    shelf = FakeShelf()
    fill(opened(shelf), range(481))
    assert len(shelf.segments) == 3
    many: list[Labels] = [(("__name__", "noise"), ("index", str(index))) for index in range(1500)]
    log = opened(FakeShelf()).log
    for number in range(100):
        log.append(stamp(number), {labels: hash((number, at)) / 3 for at, labels in enumerate(many)})
    assert all(one.size < LARGEST + 20_000 for one in log.segments)
    assert len(log.segments) > 2


def test_another_run_begins_a_segment_of_its_own_with_sequences_far_above() -> None:
    shelf = FakeShelf()
    first = fill(opened(shelf), range(5))
    second = fill(opened(shelf), range(5, 10))
    assert second[0] > first[-1] + 1000
    assert len(shelf.segments) == 2
    assert list(read(opened(shelf))) == first + second


def test_events_tell_of_starts_ends_clock_steps_and_what_was_refused() -> None:
    shelf = FakeShelf()
    receipts = opened(shelf)
    fill(receipts, range(2))
    jumped = Stamp("boot", stamp(2).monotonic, stamp(2).wall + 3600)
    receipts.log.append(jumped, values(2))
    receipts.quarantine(Refused("centre", 2, 2, NOISE[0], "out of bounds " + "x" * 10_000))
    receipts.close()
    told = [one for name in shelf.names() for one in segment.events(bytes(shelf.segments[name]))]
    assert [one.what for one in told] == [
        Happening.STARTED,
        Happening.CLOCK_STEP,
        Happening.QUARANTINE,
        Happening.STOPPED,
    ]
    assert told[1].facts == {"seconds": "3600.000"}
    assert told[2].facts["destination"] == "centre"
    assert len(told[2].facts["reason"]) <= 500
    assert told[3].after == 3
