"""planned.yml, of a province and of the country: whether what it names is there."""

from collections.abc import Iterator

from collectors.core.decode import Document
from collectors.core.problem import Problem
from inventory.checks import communes
from inventory.checks.names import bad_id, unknown
from inventory.files import National, ProvinceFiles
from inventory.planned.schema import Kind, PlannedFile, WorkEntry
from inventory.register import Register


def of_province(files: ProvinceFiles, country: National, register: Register) -> Iterator[Problem]:
    """Communes, offices, operators and services exist; each piece of work concerns something that is measured."""
    yield from _words(files, register)
    if (document := files.planned) is None:
        return
    for key, entry in document.value.works.items():
        path = f"works.{key}"
        yield from bad_id(document, path, key)
        yield from _times(document, path, entry)
        yield from _places(files, document, path, entry, register)
        yield from _services(document, path, entry, country)
        if entry.operator:
            yield from _operator(files, document, path, entry, country)


def of_country(country: National) -> Iterator[Problem]:
    """The country's has services only: power and lines are told for places in a province."""
    if country.planned is None:
        return
    for key, entry in country.planned.value.works.items():
        path = f"works.{key}"
        yield from bad_id(country.planned, path, key)
        yield from _times(country.planned, path, entry)
        yield from _services(country.planned, path, entry, country)
        if entry.kind is not Kind.SERVICE:
            hint = "write it into planned.yml of each province that it concerns"
            yield country.planned.problem(f"{path}.kind", f"is {entry.kind}, but here only services are told", hint)


def _words(files: ProvinceFiles, register: Register) -> Iterator[Problem]:
    """What the province calls a place is a commune, an office or a feeder."""
    settings = files.settings
    known = {*files.entries, *(office.feeder for office in files.entries.values())} - {""}
    for word, meant in settings.value.places.items():
        for index, one in enumerate(meant):
            if one not in known:
                yield from communes.problems(one, files, register, settings, f"places.{word}[{index}]")


def _times(document: Document[PlannedFile], path: str, entry: WorkEntry) -> Iterator[Problem]:
    seen = set()
    for index, window in enumerate(entry.times):
        if window in seen:
            yield document.problem(f"{path}.times[{index}]", f"{window} is given twice")
        seen.add(window)


def _places(
    files: ProvinceFiles, document: Document[PlannedFile], path: str, entry: WorkEntry, register: Register
) -> Iterator[Problem]:
    for index, commune in enumerate(entry.communes):
        yield from communes.problems(commune, files, register, document, f"{path}.communes[{index}]")
    for index, office in enumerate(entry.offices):
        if office not in files.offices.value.offices:
            yield unknown(document, f"{path}.offices[{index}]", "office", office, files.offices.value.offices)
    feeders = {office.feeder for office in files.entries.values()}
    for index, feeder in enumerate(entry.feeders):
        if feeder not in feeders:
            yield unknown(document, f"{path}.feeders[{index}]", "feeder", feeder, feeders - {""})


def _services(document: Document[PlannedFile], path: str, entry: WorkEntry, country: National) -> Iterator[Problem]:
    known = country.catalogue.value.services
    for index, service in enumerate(entry.services):
        if service not in known:
            yield unknown(document, f"{path}.services[{index}]", "service", service, known)


def _operator(
    files: ProvinceFiles, document: Document[PlannedFile], path: str, entry: WorkEntry, country: National
) -> Iterator[Problem]:
    operators = country.organisations.value.operators
    if entry.operator not in operators:
        yield unknown(document, f"{path}.operator", "operator", entry.operator, operators)
    elif entry.operator not in _operators(files):
        message = f"no link of this province is one of {entry.operator}'s"
        yield document.problem(f"{path}.operator", message, "the plans in province.yml say whose links are")


def _operators(files: ProvinceFiles) -> set[str]:
    return {plan.operator for plan in files.settings.value.plans.values()}
