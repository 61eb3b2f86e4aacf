"""The register of Vietnam's 34 provinces and 3,321 communes: our own data files, read once, looked up by code.

Codes are those of the National Statistics Office and are text: 2 digits for a province, 5 for a commune. See NOTICE for
the source, build.py for how the files are made.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

from collectors import messages

_FOLDER = Path(__file__).parent
_SOUTH, _NORTH, _WEST, _EAST = 6.5, 23.5, 102.1, 117.9  # the mainland and both archipelagos


class CommuneType(StrEnum):
    """Commune, ward or special zone."""

    XA = "xa"
    PHUONG = "phuong"
    DAC_KHU = "dac_khu"


class ProvinceType(StrEnum):
    """Province, or city run by the central government."""

    TINH = "tinh"
    THANH_PHO = "thanh_pho"


@dataclass(frozen=True, slots=True)
class Commune:
    """One commune-level unit. The point is the centre of the unit, not of its office; degrees, WGS 84.

    coord_source   "dataset", "override" (corrected by us) or "uncertain"
    effective_from ISO date since which the unit exists in this form
    """

    code: str
    name: str
    type: CommuneType
    province: str
    latitude: float
    longitude: float
    coord_source: str
    tags: frozenset[str]
    effective_from: str

    def title(self, lang: messages.Language = "vi") -> str:
        """'Phường Thục Phán', 'Thục Phán ward'."""
        return messages.text(f"inventory.unit.{self.type}", lang, name=self.name)


@dataclass(frozen=True, slots=True)
class Province:
    """One province or centrally run city."""

    code: str
    name: str
    type: ProvinceType
    latitude: float
    longitude: float
    effective_from: str

    def title(self, lang: messages.Language = "vi") -> str:
        """'Tỉnh Cao Bằng', 'Cao Bằng province'."""
        return messages.text(f"inventory.unit.{self.type}", lang, name=self.name)


@dataclass(frozen=True, slots=True)
class Register:
    """All units by code."""

    provinces: Mapping[str, Province]
    communes: Mapping[str, Commune]

    def communes_of(self, province: str) -> tuple[Commune, ...]:
        """The communes of one province in the order of their codes."""
        return tuple(commune for commune in self.communes.values() if commune.province == province)


@cache
def load() -> Register:
    """The register that this version ships."""
    provinces = [_province(row) for row in _rows("provinces.csv")]
    communes = [_commune(row) for row in _rows("communes.csv")]
    return Register(
        MappingProxyType({province.code: province for province in provinces}),
        MappingProxyType({commune.code: commune for commune in communes}),
    )


def in_vietnam(latitude: float, longitude: float) -> bool:
    """Whether a point (degrees) lies in the box around the country, its islands included."""
    return _SOUTH < latitude < _NORTH and _WEST < longitude < _EAST


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _province(row: Mapping[str, str]) -> Province:
    return Province(
        row["code"], row["name"], ProvinceType(row["type"]), float(row["latitude"]), float(row["longitude"]),
        row["effective_from"],
    )  # fmt: skip


def _commune(row: Mapping[str, str]) -> Commune:
    return Commune(
        row["code"], row["name"], CommuneType(row["type"]), row["province"], float(row["latitude"]),
        float(row["longitude"]), row["coord_source"], frozenset(row["tags"].split()), row["effective_from"],
    )  # fmt: skip
