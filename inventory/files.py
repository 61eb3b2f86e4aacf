"""Reading an inventory folder: every file decoded, every problem kept, nothing looked up yet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from collectors.core.decode import DecodeError, Document, decode_file
from collectors.core.problem import Problem
from inventory.catalogue import (
    CatalogueFile,
    OrganisationsFile,
)
from inventory.planned.schema import PlannedFile
from inventory.schema import (
    Contacts,
    OfficeEntry,
    OfficesFile,
    ProvinceFile,
    ServicesFile,
)

SHIPPED = Path(__file__).parent  # the catalogue and the example province that come with the product
PLANNED = "planned.yml"
_EXPECTED = ("province.yml", "offices.yml", "services.yml", "contacts.yml", PLANNED)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class National:
    """What all provinces share. planned: None where nothing is planned for the country."""

    catalogue: Document[CatalogueFile]
    organisations: Document[OrganisationsFile]
    planned: Document[PlannedFile] | None = None


@dataclass(frozen=True, slots=True)
class ProvinceFiles:
    """One province's folder. entries: the offices of offices.yml that could be read; planned: None for no such file."""

    folder: Path
    settings: Document[ProvinceFile]
    offices: Document[OfficesFile]
    services: Document[ServicesFile]
    contacts: Document[Contacts]
    entries: dict[str, OfficeEntry]
    planned: Document[PlannedFile] | None = None


@dataclass(frozen=True, slots=True)
class Files:
    """What could be read of a folder, and what could not. Without `national` no province was read."""

    national: National | None
    provinces: tuple[ProvinceFiles, ...]
    problems: tuple[Problem, ...]


def read(folder: Path) -> Files:
    """Read `folder`/provinces/* and the country's files: those in `folder` where it has them, else the shipped ones."""
    problems: list[Problem] = []
    catalogue = _decode(_national_file(folder, "services.yml"), CatalogueFile, problems)
    organisations = _decode(_national_file(folder, "organisations.yml"), OrganisationsFile, problems)
    provinces = [_province(path, problems) for path in _province_folders(folder, problems)]
    planned = _optional(folder / PLANNED, PlannedFile, problems)
    national = National(catalogue, organisations, planned) if catalogue and organisations else None
    return Files(national, tuple(province for province in provinces if province), tuple(problems))


def _national_file(folder: Path, name: str) -> Path:
    own = folder / name
    return own if own.exists() else SHIPPED / name


def _province_folders(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    if not folder.is_dir():
        problems.append(Problem(str(folder), "", "is not a folder"))
        return
    provinces = folder / "provinces"
    found = sorted(path for path in provinces.glob("*") if path.is_dir()) if provinces.is_dir() else []
    if not found:
        hint = "an inventory holds one folder per province, for example provinces/04"
        problems.append(Problem(str(provinces), "", "holds no province", hint))
    for path in found:
        if re.fullmatch(r"\d\d", path.name):
            yield path
        elif not path.name.startswith("."):
            problems.append(
                Problem(str(path), "", "is not the 2-digit code of a province", "rename it, for example 04")
            )


def _province(folder: Path, problems: list[Problem]) -> ProvinceFiles | None:
    others = sorted(path for pattern in ("*.yml", "*.yaml") for path in folder.glob(pattern))
    hint = f"known here: {', '.join(_EXPECTED)}"
    problems += (Problem(str(path), "", "is not read", hint) for path in others if path.name not in _EXPECTED)
    settings = _decode(folder / "province.yml", ProvinceFile, problems)
    offices = _decode(folder / "offices.yml", OfficesFile, problems)
    services = _decode(folder / "services.yml", ServicesFile, problems)
    contacts = _decode(folder / "contacts.yml", Contacts, problems)
    planned = _optional(folder / PLANNED, PlannedFile, problems)
    entries = _entries(offices, problems) if offices else {}
    if not (settings and offices and services and contacts):
        return None
    return ProvinceFiles(folder, settings, offices, services, contacts, entries, planned)


def _entries(offices: Document[OfficesFile], problems: list[Problem]) -> dict[str, OfficeEntry]:
    """Each office on its own, so that a slip in one does not hide what is wrong with the others."""
    entries: dict[str, OfficeEntry] = {}
    for office, raw in offices.value.offices.items():
        try:
            entries[office] = raw.decode(OfficeEntry)
        except DecodeError as error:
            problems.extend(error.problems)
    return entries


def _decode(path: Path, kind: type[T], problems: list[Problem]) -> Document[T] | None:
    try:
        return decode_file(path, kind)
    except DecodeError as error:
        problems.extend(error.problems)
        return None


def _optional(path: Path, kind: type[T], problems: list[Problem]) -> Document[T] | None:
    return _decode(path, kind, problems) if path.exists() else None
