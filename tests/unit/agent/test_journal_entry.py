"""An entry comes back as it was written; anything else is no entry."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.journal.absence import Absence
from agent.journal.entry import Entry, Known, Mark, read, write
from agent.journal.ledger import Ledger, Total
from agent.journal.slots import SLOT, Kept, encode
from collectors.core.lastword import Away, Evidence, Word

numbers = st.floats(0, 1e12)
truths = st.none() | st.booleans()
whys = st.tuples(st.sampled_from(Away), st.sampled_from(Evidence))
totals = st.dictionaries(whys, st.builds(Total, st.integers(0, 10**6), numbers), max_size=16)
absences = st.builds(Absence, st.sampled_from(Away), st.sampled_from(Evidence), st.none() | numbers, numbers)
known = st.builds(
    Known,
    st.sampled_from(Word),
    numbers,
    truths,
    st.none() | st.sampled_from(Word),
    truths,
    st.integers(0, 1000),
)
entries = st.builds(
    Entry,
    st.uuids().map(str),
    numbers,
    numbers,
    st.booleans(),
    st.sampled_from(Mark),
    known,
    st.builds(Ledger, totals, st.none() | absences),
)


@given(entries)
def test_an_entry_comes_back_as_it_was(entry: Entry) -> None:
    assert read(write(entry)) == entry


@given(entries)
def test_every_entry_fits_into_a_slot(entry: Entry) -> None:
    assert len(encode(Kept(2**64 - 1, write(entry)))) == SLOT


def test_an_entry_can_be_read_by_a_person() -> None:
    text = write(Entry("a-boot", 5, 1.8e9, trusted=True, known=Known(power=Word.OUTAGE)))
    assert '"power": "outage"' in text
    assert '"boot": "a-boot"' in text


PLAIN = json.loads(write(Entry("a-boot", 5, 1.8e9, trusted=True, ledger=Ledger().with_one(
    Absence(Away.POWER, Evidence.UPS, 60, 1.8e9)))))  # fmt: skip


@pytest.mark.parametrize("field", PLAIN)
@pytest.mark.parametrize("wrong", [-1, 1.5e400, float("nan"), [1], [["power", "ups"]]])
def test_a_field_of_the_wrong_kind_makes_it_no_entry(field: str, wrong: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(json.dumps(PLAIN | {field: wrong}))


@pytest.mark.parametrize("field", PLAIN)
def test_a_missing_field_makes_it_no_entry(field: str) -> None:
    with pytest.raises(ValueError, match="not an entry"):
        read(json.dumps({name: value for name, value in PLAIN.items() if name != field}))


def test_a_later_version_is_said_to_be_one() -> None:
    with pytest.raises(ValueError, match="version 2"):
        read(json.dumps(PLAIN | {"version": 2}))


@given(st.text())
def test_any_text_is_an_entry_or_a_value_error(text: str) -> None:
    try:
        read(text)
    except ValueError:
        return
    pytest.fail("that cannot be an entry")
