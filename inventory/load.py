"""The door to the inventory: `load` for those who need a sound one, `examine` for those who judge it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from collectors.core.decode import DecodeError
from collectors.core.problem import Problem
from inventory import register, resolve
from inventory.checks import country, offices, planned, services, settings
from inventory.files import SHIPPED, Files, National, ProvinceFiles, read
from inventory.model import Inventory

__all__ = ["EXAMPLE", "SHIPPED", "Findings", "examine", "load"]
EXAMPLE = "this is the example that comes with the product: name the folder of your own inventory"
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found out about an inventory folder.

    problems   what is wrong in the files; with any, there is no inventory
    gaps       files are right, the province is not complete: communes that have no office and are not planned
    """

    problems: tuple[Problem, ...]
    gaps: tuple[Problem, ...]
    inventory: Inventory | None


def load(folder: Path = SHIPPED) -> Inventory:
    """The inventory of a folder. Raises DecodeError with every problem; gaps are no obstacle."""
    findings = examine(folder)
    if findings.inventory is None:
        raise DecodeError(findings.problems)
    return findings.inventory


def examine(folder: Path) -> Findings:
    """Read, check and, where nothing is wrong, resolve."""
    files = read(folder)
    units = register.load()
    problems = (*files.problems, *_problems(files, units))
    gaps = tuple(gap for province in files.provinces for gap in _gaps(province, units))
    if problems or files.national is None:
        return Findings(_in_order(problems), gaps, None)
    return Findings((), gaps, resolve.inventory(files.national, files.provinces, units))


def _problems(files: Files, units: register.Register) -> Iterator[Problem]:
    if files.national:
        yield from country.problems(files.national)
        yield from planned.of_country(files.national)
        for province in files.provinces:
            yield from _province(province, files.national, units)


def _province(files: ProvinceFiles, national: National, units: register.Register) -> Iterator[Problem]:
    yield from settings.problems(files, national, units)
    yield from services.problems(files, national, units)
    yield from offices.problems(files, national, units)
    yield from planned.of_province(files, national, units)


def _gaps(files: ProvinceFiles, units: register.Register) -> Iterator[Problem]:
    settings = files.settings.value
    if settings.province != files.folder.name:
        return
    covered = {resolve.commune_code(office) for office in files.offices.value.offices} | settings.planned.keys()
    missing = [unit for unit in units.communes_of(settings.province) if unit.code not in covered]
    if missing:
        named = ", ".join(f"{unit.code} {unit.name}" for unit in missing[:_SHOWN])
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        count = f"{len(missing)} communes have" if len(missing) > 1 else "1 commune has"
        message = f"{count} no office in sight: {named}{more}"
        yield files.offices.problem(
            "offices", message, "add an office here, or the commune under `planned:` in province.yml"
        )


def _in_order(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """By file and line, as an editor goes through them; the same finding once."""
    return tuple(sorted(dict.fromkeys(problems), key=_place))


def _place(problem: Problem) -> tuple[str, int]:
    source, _, line = problem.where.rpartition(":")
    return (source, int(line)) if source and line.isdigit() else (problem.where, 0)
