"""The journal's file survives whatever a power cut makes of the entry that was being written."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.journal.slots import SLOT, Kept, Slots, decode, encode, newest


def file_with(tmp_path: Path, *texts: str) -> Path:
    path = tmp_path / "journal"
    slots = Slots(path)
    for text in texts:
        slots.write(text)
    return path


def test_a_journal_that_was_never_written_holds_nothing(tmp_path: Path) -> None:
    assert Slots(tmp_path / "journal").read() is None


@pytest.mark.parametrize("count", [1, 2, 3, 8])
def test_the_newest_entry_is_read_by_the_next_agent(tmp_path: Path, count: int) -> None:
    path = file_with(tmp_path, *(f"entry {number}" for number in range(count)))
    assert Slots(path).read() == f"entry {count - 1}"


def test_the_next_agent_goes_on_without_touching_the_newest_entry(tmp_path: Path) -> None:
    path = file_with(tmp_path, "first", "second")
    slots = Slots(path)
    before = slots.read()
    slots.write("third")
    data = path.read_bytes()
    assert before == "second"
    assert {kept.text for place in (0, SLOT) if (kept := decode(data[place : place + SLOT]))} == {"second", "third"}


def test_the_file_never_grows(tmp_path: Path) -> None:
    path = file_with(tmp_path, *(f"entry {number}" for number in range(20)))
    assert path.stat().st_size == 2 * SLOT


def test_an_entry_torn_at_any_byte_costs_only_itself() -> None:
    old, torn = encode(Kept(6, "the one before")), encode(Kept(7, "the last one"))
    older = encode(Kept(5, "what the torn one replaces"))
    whole = len(torn.rstrip(b"\n"))
    for cut in range(whole):
        found = newest(old + torn[:cut] + older[cut:])
        assert found == Kept(6, "the one before"), cut
    assert newest(old + torn) == Kept(7, "the last one")


def test_a_tail_of_zeros_costs_only_the_entry_that_has_it() -> None:
    old, torn = encode(Kept(6, "the one before")), encode(Kept(7, "the last one"))
    assert all(newest(old + torn[:cut].ljust(SLOT, b"\0")) == Kept(6, "the one before") for cut in range(0, SLOT, 7))


@given(place=st.integers(0, SLOT - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_is_found_or_harmless(place: int, bit: int) -> None:
    block = bytearray(encode(Kept(7, "the last one")))
    block[place] ^= 1 << bit
    assert decode(bytes(block)) in (None, Kept(7, "the last one"))


@given(st.binary(max_size=3 * SLOT))
def test_a_file_of_anything_is_no_journal_and_no_crash(data: bytes) -> None:
    newest(data)


def test_a_short_file_is_made_whole_and_keeps_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_bytes(encode(Kept(2, "all that is left")))
    slots = Slots(path)
    assert slots.read() == "all that is left"
    slots.write("new")
    assert {Slots(path).read(), path.stat().st_size} == {"new", 2 * SLOT}
    assert decode(path.read_bytes()[:SLOT]) == Kept(2, "all that is left")


def test_an_entry_too_long_for_a_slot_is_refused_and_leaves_the_file_alone(tmp_path: Path) -> None:
    path = file_with(tmp_path, "fine")
    with pytest.raises(ValueError, match="does not fit"):
        Slots(path).write("x" * SLOT)
    assert Slots(path).read() == "fine"
