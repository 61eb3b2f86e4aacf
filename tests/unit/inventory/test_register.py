"""The register against the published counts of July 2025."""

import csv
import sqlite3
import zipfile
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from inventory import register
from inventory.register import CommuneType, build
from inventory.register.build import Override, SourceCommune, commune_row

UNITS_PER_PROVINCE = {
    "01": 126, "04": 56, "08": 124, "11": 45, "12": 38, "14": 75, "15": 99, "19": 92, "20": 65, "22": 54, "24": 99,
    "25": 148, "31": 114, "33": 104, "37": 129, "38": 166, "40": 130, "42": 69, "44": 78, "46": 40, "48": 94, "51": 96,
    "52": 135, "56": 65, "66": 102, "68": 124, "75": 95, "79": 168, "80": 96, "82": 102, "86": 124, "91": 102,
    "92": 103, "96": 64,
}  # fmt: skip
SPECIAL_ZONES = {
    "06994", "07192", "11914", "11948", "19742", "20333", "21548", "22736", "23272", "26732", "31078", "31105", "31108",
}  # fmt: skip
REGISTER = register.load()
FOLDER = Path(register.__file__).parent


def test_every_province_has_its_published_number_of_communes() -> None:
    assert Counter(commune.province for commune in REGISTER.communes.values()) == UNITS_PER_PROVINCE
    assert REGISTER.provinces.keys() == UNITS_PER_PROVINCE.keys()


def test_the_types_add_up_to_the_national_figures() -> None:
    counts = Counter(commune.type for commune in REGISTER.communes.values())
    assert counts == {CommuneType.XA: 2621, CommuneType.PHUONG: 687, CommuneType.DAC_KHU: 13}
    assert sum(counts.values()) == 3321


def test_codes_are_text_that_keeps_its_leading_zeros() -> None:
    assert all(len(code) == 5 and code.isdigit() for code in REGISTER.communes)
    assert all(len(code) == 2 and code.isdigit() for code in REGISTER.provinces)
    assert REGISTER.communes["00004"].name == "Ba Đình"
    assert REGISTER.communes["01273"].province == "04"


def test_no_code_is_listed_twice() -> None:
    for name in ("communes.csv", "provinces.csv"):
        with (FOLDER / name).open(encoding="utf-8", newline="") as file:
            codes = [row["code"] for row in csv.DictReader(file)]
        assert len(codes) == len(set(codes))


def test_the_special_zones_and_only_they_are_tagged_as_islands() -> None:
    assert {commune.code for commune in REGISTER.communes.values() if "island" in commune.tags} == SPECIAL_ZONES


def test_ba_che_has_the_code_of_the_statistics_office() -> None:
    assert REGISTER.communes["06970"].name == "Ba Chẽ"
    assert "06978" not in REGISTER.communes


def test_a_commune_is_called_by_its_type_in_both_languages() -> None:
    thuc_phan = REGISTER.communes["01273"]
    assert thuc_phan.title() == "Phường Thục Phán"
    assert thuc_phan.title("en") == "Thục Phán ward"
    assert REGISTER.provinces["46"].title() == "Thành phố Huế"


def test_every_override_of_a_point_arrived_with_its_source_named() -> None:
    for code, override in build.read_overrides(FOLDER / "overrides.csv").items():
        commune = REGISTER.communes[code]
        assert commune.coord_source == ("override" if override.point else "uncertain")
        if override.point:
            assert (commune.latitude, commune.longitude) == pytest.approx(override.point, abs=1e-4)


@pytest.mark.parametrize(("one", "other"), [("06757", "06967"), ("28615", "30130"), ("04924", "08296")])
def test_points_that_the_source_confused_are_apart_now(one: str, other: str) -> None:
    a, b = REGISTER.communes[one], REGISTER.communes[other]
    assert abs(a.longitude - b.longitude) > 0.15


def test_every_mainland_commune_lies_near_its_province() -> None:
    """The point of a commune that was mixed up with another of the same name lies far off all its neighbours."""
    for province in REGISTER.provinces:
        mainland = [commune for commune in REGISTER.communes_of(province) if "island" not in commune.tags]
        for commune in mainland:
            assert sorted(_degrees(commune, other) for other in mainland)[1] < 0.37, commune


def _degrees(one: register.Commune, other: register.Commune) -> float:
    return max(abs(one.latitude - other.latitude), abs(one.longitude - other.longitude))


def test_a_point_outside_vietnam_is_refused() -> None:
    with pytest.raises(ValueError, match=r"01273: the point 48\.85, 2\.35 is not in Vietnam"):
        commune_row(_source(latitude=48.85, longitude=2.35), {})


def test_a_code_that_lost_its_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="'1273' is not a code of 5 digits"):
        commune_row(_source(code="1273"), {})


def test_a_doubtful_point_is_kept_and_marked() -> None:
    row = commune_row(_source(), {"01273": Override(None)})
    assert (row.latitude, row.coord_source) == ("22.6700", "uncertain")


def _source(code: str = "01273", latitude: float = 22.67, longitude: float = 106.19) -> SourceCommune:
    return SourceCommune(code, "Thục Phán", "Phường", "04", latitude, longitude)


def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    wheel = _wheel(tmp_path)
    for name in ("first.csv", "second.csv"):
        communes, _ = build.read_wheel(wheel, {})
        build.write(tmp_path / name, build.CommuneRow, communes)
    assert (tmp_path / "first.csv").read_bytes() == (tmp_path / "second.csv").read_bytes()
    assert b"00004,Ba \xc4\x90\xc3\xacnh,phuong,01,21.0386,105.8380,dataset,," in (tmp_path / "first.csv").read_bytes()


def test_an_override_for_an_unknown_commune_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="overrides for communes that do not exist"):
        build.read_wheel(_wheel(tmp_path), {"99999": Override(None)})


def test_another_wheel_than_the_checked_one_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main([str(_wheel(tmp_path))]) == 2
    assert "is not the wheel that this register was checked with" in capsys.readouterr().err


def _wheel(folder: Path) -> Path:
    with closing(sqlite3.connect(folder / "dataset.db")) as database, database:
        columns = "province, provinceShort, provinceCode, provinceLat, provinceLon"
        database.execute(f"CREATE TABLE admin_units ({columns}, wardCode, wardShort, wardType, wardLat, wardLon)")
        row = ("Thành phố Hà Nội", "Hà Nội", "01", 21.0, 105.7, "00004", "Ba Đình", "Phường", 21.0386, 105.838)
        database.execute("INSERT INTO admin_units VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    wheel = folder / "source.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.write(folder / "dataset.db", "vietnamadminunits/data/dataset.db")
    return wheel
