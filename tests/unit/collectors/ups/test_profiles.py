"""Profiles are data: what ships is sound, and a wrong one is refused with the line and the reason."""

import pytest

from collectors.core.decode import DecodeError
from collectors.ups.canonical import QUANTITIES, Dimension, Observation, Source
from collectors.ups.profile import FOLDER, PROFILES, Profile, decode_profile
from tests.unit.collectors.ups.test_observe import SIMPLE


def test_vendors_go_before_the_standard() -> None:
    *vendors, standard, _twin = PROFILES
    assert {profile.rank for profile in vendors} == {"vendor"}
    assert (standard.name, standard.base) == ("rfc1628", "1.3.6.1.2.1.33.1")


def test_a_tree_under_two_numbers_is_one_family() -> None:
    assert [profile.base for profile in PROFILES if profile.name == "voltronic"] == [
        "1.3.6.1.4.1.21111.1.1",
        "1.3.6.1.4.1.43943.1.1",
    ]


def test_no_object_belongs_to_two_families() -> None:
    bases = [profile.base for profile in PROFILES]
    assert not [(one, other) for one in bases for other in bases if other.startswith(one + ".")]


def test_a_profile_is_called_as_its_file() -> None:
    assert {profile.name for profile in PROFILES} == {path.stem for path in FOLDER.glob("*.yml")}


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_a_family_has_several_markers_because_cards_are_incomplete(profile: Profile) -> None:
    assert len(set(profile.marker_oids)) >= 3
    assert set(profile.marker_oids) & {*profile.state_oids, *profile.detail_oids}


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_a_family_can_say_that_the_office_is_on_battery(profile: Profile) -> None:
    said = {word for item in profile.sources for word in (*item.values.values(), *item.texts.values())}
    assert Source.BATTERY in said or profile.alarms


def test_a_row_that_differs_between_cards_is_put_into_every_object() -> None:
    (huawei,) = (profile for profile in PROFILES if profile.name == "huawei")
    moved = huawei.with_rows({"device": 7})
    assert f"{huawei.base}.2.101.1.1.7" in moved.state_oids
    assert not [oid for oid in (*moved.state_oids, *moved.detail_oids) if oid.endswith(".1")]


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_the_state_of_a_card_fits_into_two_requests(profile: Profile) -> None:
    assert len(profile.state_oids) <= 40


def test_every_quantity_is_a_field_of_an_observation() -> None:
    assert QUANTITIES.keys() <= set(Observation.__slots__)
    assert {quantity.dimension for quantity in QUANTITIES.values()} == set(Dimension)


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ("unit: 0.1 min", "unit: minutes", "'minutes' is not a unit known here: %, 0.1 %"),
        ("unit: 0.1 min", "unit: degC", "runtime: 5.0 is in degC, not in a unit of seconds"),
        ("runtime:", "duration:", "duration: is not a quantity known here: charge, runtime"),
        ("absent: [9999]", "lines: 3", "runtime: 5.0 has lines, but this is one value"),
        ("[bypass]", "[by_pass]", "did you mean bypass?"),
        ("{1: [on_battery], 2: []}", "{one: [on_battery]}", "'one' is not a whole number"),
        ("markers: [1.0]", "markers: []", "the family cannot be recognised"),
        ("oid: 5.0", "oid: .5.0", "'.5.0' is not part of an OID"),
        ("texts: {}", "texts: {colour: [1.0]}", "'colour' is not one of manufacturer, model, serial, firmware"),
        ("rank: vendor", "rank: first", "'first' is not one of vendor, standard"),
        ("oid: 5.0", "oid: 5.device", "numbers.runtime: rows do not say what 'device' stands for"),
        ("oid: 5.0,", "", "runtime: needs either oid or each, and lines only with oid"),
        ("oid: 5.0,", "each: [5.0, 5.1],", "runtime: 5.0 has lines, but this is one value"),
        ("sources: []", "sources: [{oid: 6.0, texts: {Normal: line}}]", "'Normal' is not a text in small letters"),
        ("sources: []", "switches: [{yes: yes, objects: {6.0: bypass}}]", "'yes' is not a whole number"),
        ("sources: []", "switches: [{objects: {.6: bypass}}]", "'.6' is not part of an OID"),
        ("sources: []", "batteries: [{oid: 6.0, values: {1: tired}}]", "'tired' is not one of normal, low"),
        ("sources: []", "test_results: [{oid: 6.0, values: {1: ok}}]", "'ok' is not one of passed, warning"),
    ],
)
def test_a_wrong_profile_is_refused_with_its_line(wrong: str, right: str, told: str) -> None:
    assert wrong in SIMPLE
    with pytest.raises(DecodeError) as caught:
        decode_profile(SIMPLE.replace(wrong, right, 1), "simple.yml")
    assert told in str(caught.value)
    line = SIMPLE[: SIMPLE.index(wrong)].count("\n") + 1
    assert str(caught.value).startswith(f"simple.yml:{line} ")
