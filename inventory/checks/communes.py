"""Commune codes that people wrote."""

from collections.abc import Iterator
from typing import Any

from collectors.core.decode import Document
from collectors.core.problem import Problem
from inventory.files import ProvinceFiles
from inventory.register import Register


def problems(
    code: str, files: ProvinceFiles, register: Register, document: Document[Any], path: str
) -> Iterator[Problem]:
    """The code exists and belongs to the province; otherwise a hint with the likeliest slip.

    Where the province itself is in doubt, that is said once (checks/settings.py), not once per commune.
    """
    commune, province = register.communes.get(code), files.settings.value.province
    if commune is None:
        yield document.problem(path, f"{code!r} is not the code of a commune", _hint(code, province, register))
    elif commune.province != province == files.folder.name and province in register.provinces:
        home = register.provinces[commune.province]
        message = f"{code} is {commune.title()} of {home.name} ({home.code}), not of province {province}"
        yield document.problem(path, message)


def _hint(code: str, province: str, register: Register) -> str:
    if not code.isdigit():
        return "an NSO code of 5 digits, for example 01273"
    padded = code.zfill(5)
    if padded in register.communes:
        return f"did you mean {padded}, {register.communes[padded].title()}? Codes keep their leading zeros"
    known = [commune.code for commune in register.communes_of(province)]
    near = sorted(known, key=lambda other: abs(int(other) - int(code)))[:3]
    return "near it: " + ", ".join(f"{other} {register.communes[other].title()}" for other in near) if near else ""
