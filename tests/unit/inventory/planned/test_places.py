"""Names of places in foreign files: found however they are typed, and never taken for another place."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core.values import VIETNAM
from inventory import register
from inventory.planned.notice import Notice
from inventory.planned.places import Found, Gazetteer, find
from inventory.planned.window import Window
from inventory.planned.words import fold

UNITS = register.load()
START = datetime(2026, 11, 25, tzinfo=VIETNAM)
CAO_BANG = Gazetteer(
    UNITS.communes_of("04"),
    offices=frozenset({"01273-1", "01290-1"}),
    feeders=frozenset({"471E16.2"}),
    circuits={"CBG-7": "01290-1"},
    words={"TBA Hợp Giang 3": ("01273-1",), "xã Cũ": ("01290", "01294")},
)
ALL = {code: Gazetteer(UNITS.communes_of(code)) for code in UNITS.provinces}


def notice(places: str, station: str = "", *, stated: bool = True) -> Notice:
    return Notice("cut.csv:3", "", "", (Window(START, START + timedelta(hours=1)),), places, station, "Khu vực", stated)


def found(places: str, gazetteer: Gazetteer = CAO_BANG, station: str = "") -> Found:
    what, problems = find(notice(places, station), gazetteer)
    assert problems == ()
    return what


def refused(places: str, gazetteer: Gazetteer = CAO_BANG) -> str:
    (problem,) = find(notice(places), gazetteer)[1]
    assert str(problem).startswith("cut.csv:3 Khu vực: ")
    return str(problem)


@pytest.mark.parametrize(
    "written",
    [
        "01273", "Phường Thục Phán", "phuong thuc phan", "PHƯỜNG THỤC PHÁN", "Thục Phán", "Thuc Phan",
        "Tổ 3, Phường Thục Phán", "một phần khu dân cư Nà Cạn phường Thục Phán",
    ],
)  # fmt: skip
def test_a_commune_is_found_by_its_code_and_by_its_name_however_it_is_typed(written: str) -> None:
    assert found(written) == Found(("01273",))


@pytest.mark.parametrize("written", ["Xã Bảo Lâm, xã Lý Bôn", "Bảo Lâm và Lý Bôn", "Bảo Lâm; Lý Bôn", "01290 01294"])
def test_several_communes_may_stand_in_one_cell(written: str) -> None:
    assert found(written) == Found(("01290", "01294"))


def test_offices_feeders_circuits_and_words_of_the_provinces_own_are_found() -> None:
    assert found("01290-1") == Found((), ("01290-1",))
    assert found("471E16.2") == Found((), (), ("471E16.2",))
    assert found("kênh CBG-7") == Found((), ("01290-1",))
    assert found("tba hop giang 3") == Found((), ("01273-1",))
    assert found("Xã Cũ") == Found(("01290", "01294"))


def test_a_known_substation_says_it_more_exactly_than_the_area_around_it() -> None:
    assert found("Phường Thục Phán", station="TBA Hợp Giang 3") == Found((), ("01273-1",))
    assert found("Phường Thục Phán", station="TBA nobody knows") == Found(("01273",))


def test_a_name_of_before_the_merger_is_told_and_not_guessed() -> None:
    said = refused("Xã Bình Long")
    assert "'Xã Bình Long' names a place that is not known here: 'binh long'" in said
    assert "names from before July 2025 are not known" in said


def test_a_slip_of_the_pen_gets_a_hint() -> None:
    assert "did you mean Phường Thục Phán, 01273?" in refused("Phường Thục Phăn")


def test_two_communes_that_differ_in_their_diacritics_are_told_apart_by_them_or_not_at_all() -> None:
    thanh_hoa, dong_thap = ALL["38"], ALL["82"]
    assert found("xã Đồng Tiến", thanh_hoa) == Found(("15724",))
    assert found("phường Đông Tiến", thanh_hoa) == Found(("15853",))
    assert found("phuong Dong Tien", thanh_hoa) == Found(("15853",))
    assert "may mean 29938 Xã Tân Thành, 30157 Xã Tân Thạnh" in refused("xa Tan Thanh", dong_thap)
    assert "is not known here" in refused("xã Tân Thánh", dong_thap)


def test_the_longest_name_wins() -> None:
    lam_dong = ALL["68"]
    codes = {unit.name: unit.code for unit in UNITS.communes_of("68")}
    assert found("phường 1 Bảo Lộc, xã Bảo Lâm 1", lam_dong) == Found((codes["1 Bảo Lộc"], codes["Bảo Lâm 1"]))


def test_a_text_that_is_no_statement_of_a_place_may_speak_of_other_things() -> None:
    what, problems = find(notice("Bảo trì tại xã Bảo Lâm, xa trung tâm", stated=False), CAO_BANG)
    assert (what, problems) == (Found(("01290",)), ())


def test_every_commune_of_the_country_is_found_by_its_title_and_only_itself() -> None:
    for code, gazetteer in ALL.items():
        for unit in UNITS.communes_of(code):
            assert find(notice(unit.title()), gazetteer) == (Found((unit.code,)), ())


@given(st.sampled_from(sorted(UNITS.communes)), st.sampled_from([str.upper, str.lower, fold]))
def test_every_commune_is_itself_or_unclear_however_it_is_typed(code: str, typed: object) -> None:
    assert callable(typed)
    unit = UNITS.communes[code]
    what, problems = find(notice(typed(unit.title())), ALL[unit.province])
    assert what == Found((code,)) or (not what and "may mean" in str(problems[0]))


@given(st.text(max_size=80))
def test_whatever_is_written_is_found_or_told(written: str) -> None:
    what, problems = find(notice(written), CAO_BANG)
    assert what or problems or not fold(written)
