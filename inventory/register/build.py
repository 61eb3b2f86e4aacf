"""Build communes.csv and provinces.csv from the wheel of the MIT-licensed package `vietnamadminunits`.

    pip download --no-deps vietnamadminunits==1.0.4 --dest build
    python -m inventory.register.build build/vietnamadminunits-1.0.4-py3-none-any.whl

Only its data file is read, here and never at run time. The same wheel gives the same bytes. A point that is known to be
wrong is replaced from overrides.csv, or kept and marked uncertain where no better one is known.
"""

import csv
import hashlib
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TypeVar
from unicodedata import normalize

from inventory.register import in_vietnam

WHEEL_SHA256 = "737ee3662e877290386c1c45ed4d71f2e5fae34ab6fb9c64bfb4cb74b216ea35"
EFFECTIVE_FROM = "2025-07-01"  # the two-level administration began to work
_DATABASE = "vietnamadminunits/data/dataset.db"
_FOLDER = Path(__file__).parent
_TYPES = {"Xã": "xa", "Phường": "phuong", "Đặc khu": "dac_khu", "Tỉnh": "tinh", "Thành phố": "thanh_pho"}
_EAST_OF_MAINLAND = 109.6

_QUERY = """
SELECT wardCode, wardShort, wardType, provinceCode, wardLat, wardLon FROM admin_units ORDER BY provinceCode, wardCode
"""
_PROVINCES_QUERY = """
SELECT DISTINCT provinceCode, province, provinceShort, provinceLat, provinceLon FROM admin_units ORDER BY provinceCode
"""


class SourceCommune(NamedTuple):
    """A unit as the source has it, in the order of the query's columns."""

    code: str
    name: str
    type: str
    province: str
    latitude: float
    longitude: float


class CommuneRow(NamedTuple):
    """One line of communes.csv."""

    code: str
    name: str
    type: str
    province: str
    latitude: str
    longitude: str
    coord_source: str
    tags: str
    effective_from: str


class ProvinceRow(NamedTuple):
    """One line of provinces.csv."""

    code: str
    name: str
    type: str
    latitude: str
    longitude: str
    effective_from: str


class Override(NamedTuple):
    """A better point, or None where the source's point is only known to be doubtful."""

    point: tuple[float, float] | None


Row = TypeVar("Row", CommuneRow, ProvinceRow)


def main(argv: Sequence[str]) -> int:
    """Write both files next to this one; status 2 when the wheel is not the one that was checked."""
    if len(argv) != 1:
        print("usage: python -m inventory.register.build WHEEL", file=sys.stderr)
        return 2
    wheel = Path(argv[0])
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        print(f"{wheel} is not the wheel that this register was checked with", file=sys.stderr)
        return 2
    communes, provinces = read_wheel(wheel, read_overrides(_FOLDER / "overrides.csv"))
    write(_FOLDER / "communes.csv", CommuneRow, communes)
    write(_FOLDER / "provinces.csv", ProvinceRow, provinces)
    print(f"{len(communes)} communes, {len(provinces)} provinces")
    return 0


def read_overrides(path: Path) -> Mapping[str, Override]:
    """What overrides.csv says, by commune code."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Override((float(row["latitude"]), float(row["longitude"])) if row["latitude"] else None)
            for row in csv.DictReader(file)
        }


def read_wheel(wheel: Path, overrides: Mapping[str, Override]) -> tuple[list[CommuneRow], list[ProvinceRow]]:
    """Both tables, sorted by code. ValueError for a code or a point that cannot be right."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        path = archive.extract(_DATABASE, folder)
        with closing(sqlite3.connect(path)) as database:
            communes = [commune_row(SourceCommune(*row), overrides) for row in database.execute(_QUERY)]
            provinces = [province_row(*row) for row in database.execute(_PROVINCES_QUERY)]
    if unknown := overrides.keys() - {row.code for row in communes}:
        raise ValueError(f"overrides for communes that do not exist: {sorted(unknown)}")
    return communes, provinces


def commune_row(source: SourceCommune, overrides: Mapping[str, Override]) -> CommuneRow:
    """One line of communes.csv, its point replaced or marked where an override says so."""
    override = overrides.get(source.code)
    known = override.point if override else None
    latitude, longitude = known or (source.latitude, source.longitude)
    kind = _TYPES[source.type]
    island = kind == "dac_khu"
    require_in_vietnam(source.code, latitude, longitude, mainland=not island)
    return CommuneRow(
        code=require_code(source.code, 5),
        name=normalize("NFC", source.name),
        type=kind,
        province=require_code(source.province, 2),
        latitude=f"{latitude:.4f}",
        longitude=f"{longitude:.4f}",
        coord_source="override" if known else "uncertain" if override else "dataset",
        tags="island" if island else "",
        effective_from=EFFECTIVE_FROM,
    )


def province_row(code: str, full_name: str, name: str, latitude: float, longitude: float) -> ProvinceRow:
    """One line of provinces.csv; the type is what the full name has before the name."""
    require_in_vietnam(code, latitude, longitude, mainland=True)
    kind = _TYPES[normalize("NFC", full_name.removesuffix(name).strip())]
    return ProvinceRow(
        require_code(code, 2), normalize("NFC", name), kind, f"{latitude:.4f}", f"{longitude:.4f}", EFFECTIVE_FROM
    )


def require_code(code: str, digits: int) -> str:
    """The code itself, or ValueError: a code that lost a leading zero must not get any further."""
    if len(code) != digits or not code.isascii() or not code.isdigit():
        raise ValueError(f"{code!r} is not a code of {digits} digits")
    return code


def require_in_vietnam(code: str, latitude: float, longitude: float, *, mainland: bool) -> None:
    """ValueError for a point outside the country; only a special zone may lie far out at sea."""
    if not in_vietnam(latitude, longitude) or (mainland and longitude > _EAST_OF_MAINLAND):
        raise ValueError(f"{code}: the point {latitude}, {longitude} is not in Vietnam")


def write(path: Path, kind: type[Row], rows: Iterable[Row]) -> None:
    """A CSV file whose bytes depend on the rows alone."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(kind._fields)
        writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
