"""Profiles are data: what ships is sound, and a wrong one is refused with the line and the reason."""

import pytest

from collectors.core.decode import DecodeError
from collectors.ups.canonical import QUANTITIES, Dimension, Observation
from collectors.ups.profile import FOLDER, PROFILES, decode_profile
from tests.unit.collectors.ups.test_observe import SIMPLE


def test_vendors_go_before_the_standard() -> None:
    assert [profile.name for profile in PROFILES] == ["powernet", "rfc1628"]


def test_a_profile_is_called_as_its_file() -> None:
    assert {profile.name for profile in PROFILES} == {path.stem for path in FOLDER.glob("*.yml")}


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_a_marker_is_among_what_a_poll_reads(profile: object) -> None:
    (found,) = (each for each in PROFILES if each is profile)
    assert set(found.marker_oids) & {*found.state_oids, *found.detail_oids}


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_the_state_of_a_card_fits_into_one_request(profile: object) -> None:
    (found,) = (each for each in PROFILES if each is profile)
    assert len(found.state_oids) <= 20


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
    ],
)
def test_a_wrong_profile_is_refused_with_its_line(wrong: str, right: str, told: str) -> None:
    assert wrong in SIMPLE
    with pytest.raises(DecodeError) as caught:
        decode_profile(SIMPLE.replace(wrong, right, 1), "simple.yml")
    assert told in str(caught.value)
    assert str(caught.value).startswith("simple.yml:")
