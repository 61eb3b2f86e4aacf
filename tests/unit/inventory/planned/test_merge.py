"""Imports into what stands there: the same twice is once, a new time takes the old one's place, nothing is lost."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core.values import VIETNAM
from inventory.planned import merge
from inventory.planned.schema import Kind, WorkEntry
from inventory.planned.window import Window

NOW = datetime(2026, 11, 22, 12, tzinfo=VIETNAM)
HOUR = timedelta(hours=1)


def at(day: int, hour: int = 8) -> Window:
    """On a day from now on."""
    start = NOW.replace(hour=hour) + timedelta(days=day)
    return Window(start, start + HOUR)


def cut(commune: str = "01273", day: int = 3, ref: str = "", hour: int = 8) -> WorkEntry:
    return WorkEntry(Kind.POWER, (at(day, hour),), "Cắt điện", (commune,), source="evn", ref=ref)


def signs(changes: list[merge.Change]) -> list[str]:
    return [change.sign for change in changes]


def imported(existing: dict[str, WorkEntry], *entries: WorkEntry, replace_all: bool = False) -> list[merge.Change]:
    return merge.into(existing, merge.by_id(entries), NOW, source="evn", replace_all=replace_all)


def entries_of(changes: list[merge.Change]) -> dict[str, WorkEntry]:
    return {change.id: change.entry for change in changes if change.sign != "-"}


@given(
    st.lists(
        st.builds(
            cut,
            st.sampled_from(["01273", "01290", "01294"]),
            st.integers(0, 5),
            st.sampled_from(["", "A", "B"]),
            st.integers(6, 10),
        )
    )
)
def test_the_same_file_imported_twice_changes_nothing_the_second_time(entries: list[WorkEntry]) -> None:
    once = entries_of(imported({}, *entries))
    again = imported(once, *reversed(entries), replace_all=True)
    assert {*signs(again)} <= {"="}
    assert sum(len(entry.times) * len(entry.communes) for entry in once.values()) >= len(
        {(entry.communes, entry.times) for entry in entries}
    )


def test_a_changed_time_takes_the_old_ones_place_by_its_number_or_by_its_place_and_day() -> None:
    for before, after in ((cut(ref="A"), cut(ref="A", day=4)), (cut(), cut(hour=9))):
        changes = imported(entries_of(imported({}, before)), after)
        assert signs(changes) == ["~"]
        assert changes[0].entry.times == after.times


def test_rows_of_one_number_are_one_piece_of_work() -> None:
    (one,) = merge.by_id([cut("01273", ref="A"), cut("01290", ref="A")]).values()
    assert one.communes == ("01273", "01290")
    (two,) = merge.by_id([cut(ref="A"), cut(ref="A", day=4)]).values()
    assert two.times == (at(3), at(4))
    mixed = merge.by_id([cut("01273", ref="A"), cut("01290", ref="A", day=4)])
    assert sorted(entry.communes for entry in mixed.values()) == [("01273",), ("01290",)]


def test_what_has_vanished_is_cancelled_only_if_asked_and_only_of_the_same_source_and_while_it_is_to_come() -> None:
    own, other = replace(cut(), source=""), replace(cut("01290"), source="evn-2")
    over = cut("01294", day=-2)
    existing = {"own": own, "other": other, "over": over, "gone": cut()}
    assert signs(imported(existing, cut("01297"))) == ["=", "=", "=", "=", "+"]
    changes = imported(existing, cut("01297"), replace_all=True)
    assert {change.id: change.sign for change in changes if change.id in existing} == {
        "own": "=", "other": "=", "over": "=", "gone": "x",
    }  # fmt: skip
    assert entries_of(changes)["gone"].cancelled


def test_what_is_called_off_stays_as_such_and_comes_back_if_the_file_says_so() -> None:
    first = entries_of(imported({}, cut(ref="A")))
    off = imported(first, replace(cut(ref="A"), cancelled=True))
    assert signs(off) == ["x"]
    assert signs(imported(entries_of(off), cut(ref="A"))) == ["~"]
    assert imported({}, replace(cut(), cancelled=True)) == []  # nobody knew of it


def test_imported_work_is_left_out_a_month_after_it_was_and_peoples_own_is_not() -> None:
    old, recent = cut(day=-40), cut("01290", day=-20)
    existing = {"old": old, "recent": recent, "own": replace(old, source="")}
    assert {change.id: change.sign for change in imported(existing)} == {"old": "-", "recent": "=", "own": "="}


def test_what_was_one_row_and_is_two_by_now_leaves_no_old_time_behind() -> None:
    one, other = cut("01273", ref="A"), cut("01290", hour=10, ref="A")
    moved, joined = replace(one, times=(at(3, 14),)), replace(one, times=other.times)
    for before, after in (([one], [moved, other]), ([one, other], [joined])):
        found = entries_of(imported(entries_of(imported({}, *before)), *after))
        running = {(place, window) for entry in found.values() if not entry.cancelled
                   for place in entry.communes for window in entry.times}  # fmt: skip
        assert running == {(place, window) for entry in after for place in entry.communes for window in entry.times}


def test_where_a_row_could_not_be_read_nothing_of_its_number_is_called_off() -> None:
    one, other = cut("01273", ref="A"), cut("01290", hour=10, ref="A")
    existing = entries_of(imported({}, one, other))
    changes = merge.into(existing, merge.by_id([one]), NOW, source="evn", replace_all=True, whole=False)
    assert "x" not in signs(changes)


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_time_that_was_moved_is_over_once_its_series_comes_without_it(cancelled: bool) -> None:
    whole, moved = cut(ref="VT 1@x", day=3), cut(ref="VT 1@x 20261129T2200+0700", day=4)
    other = cut(ref="VT", day=5)
    before = entries_of(imported({}, whole, moved, other))
    after = entries_of(imported(before, replace(whole, cancelled=cancelled)))
    assert {entry.ref: entry.cancelled for entry in after.values()} == {
        "VT 1@x": cancelled, "VT 1@x 20261129T2200+0700": True, "VT": False,
    }  # fmt: skip


def test_what_only_begins_with_the_number_of_another_is_no_part_of_it() -> None:
    before = entries_of(imported({}, cut(ref="VT 118", day=3), cut(ref="VT", day=4)))
    assert signs(imported(before, cut(ref="VT", day=4))) == ["=", "="]
