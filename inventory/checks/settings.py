"""province.yml: plans, UPS models, schedules, communes without an office."""

from collections.abc import Iterator, Mapping

from collectors.core.lastword import Receiver
from collectors.core.problem import Problem
from collectors.core.push import Push
from inventory import budgets, resolve, targets
from inventory.checks import communes, figures
from inventory.checks.names import bad_id, unknown
from inventory.files import National, ProvinceFiles
from inventory.register import Register
from inventory.schema import ProbeEntry

_OFFICE_PROBES = (  # services have a file of their own
    "bandwidth", "capacity", "echo", "host", "link", "modem", "nut", "path", "router", "ups", "wan",
)  # fmt: skip
_OF_UPSES = ("nut", "ups")  # complete only with a UPS's model
_CONTRACT = {"down_mbps": "10", "up_mbps": "10"}
_ANY_ADDRESS = "192.0.2.1"  # RFC 5737; stands for what each UPS adds to its model, and each office to its router
_ADDED = {"capacity": _CONTRACT, "wan": _CONTRACT, "router": {"router": _ANY_ADDRESS}}  # by each link or office


def problems(files: ProvinceFiles, country: National, register: Register) -> Iterator[Problem]:
    """Everything in province.yml."""
    yield from _identity(files, register)
    yield from _feeds(files)
    yield from _last_word(files)
    yield from _push(files)
    yield from _planned(files, register)
    yield from _plans(files, country)
    yield from _ups_models(files)
    yield from _probes(files)


def _identity(files: ProvinceFiles, register: Register) -> Iterator[Problem]:
    settings, code = files.settings, files.settings.value.province
    if code not in register.provinces:
        yield settings.problem("province", f"{code!r} is not the code of a province", 'two digits, for example "04"')
    elif files.folder.name != code:
        yield settings.problem("province", f"is {code}, but the folder is called {files.folder.name}")


def _feeds(files: ProvinceFiles) -> Iterator[Problem]:
    office, offices = files.settings.value.feeds, files.offices.value.offices
    if office and office not in offices:
        yield unknown(files.settings, "feeds", "office", office, offices)


def _last_word(files: ProvinceFiles) -> Iterator[Problem]:
    settings = files.settings
    if written := settings.value.agent.last_word:
        yield from targets.problems_of(Receiver, written, settings, "agent.last_word")


def _push(files: ProvinceFiles) -> Iterator[Problem]:
    settings = files.settings
    if settings.value.agent.push:
        written = settings.value.agent.push.plain()
        if isinstance(written, Mapping):
            yield from targets.problems_of(Push, written, settings, "agent.push")
        else:
            yield settings.problem("agent.push", "should be a mapping (key: value)")


def _planned(files: ProvinceFiles, register: Register) -> Iterator[Problem]:
    settings = files.settings
    with_office = {resolve.commune_code(office) for office in files.offices.value.offices}
    for commune in settings.value.planned:
        path = f"planned.{commune}"
        yield from communes.problems(commune, files, register, settings, path)
        if commune in with_office:
            yield settings.problem(path, "is planned, but has an office in offices.yml", "remove it here")


def _plans(files: ProvinceFiles, country: National) -> Iterator[Problem]:
    settings, operators = files.settings, country.organisations.value.operators
    known = resolve.organisations(operators)
    for name, plan in settings.value.plans.items():
        path = f"plans.{name}"
        yield from bad_id(settings, path, name)
        if plan.operator not in operators:
            yield unknown(settings, f"{path}.operator", "operator", plan.operator, operators)
            continue
        link = resolve.link(name, name, settings.value, known)
        for finding in figures.findings(link, settings.value.probes):
            yield settings.problem(f"{path}.{finding.field}", finding.message, finding.hint)


def _ups_models(files: ProvinceFiles) -> Iterator[Problem]:
    settings = files.settings
    for name, model in settings.value.ups_models.items():
        common = settings.value.probes.get(model.collector, ProbeEntry()).target
        yield from bad_id(settings, f"ups_models.{name}", name)
        target = {**common, **model.target, "host": _ANY_ADDRESS}
        yield from targets.problems(model.collector, target, settings, f"ups_models.{name}.target")


def _probes(files: ProvinceFiles) -> Iterator[Problem]:
    settings = files.settings
    for name, entry in settings.value.probes.items():
        path = f"probes.{name}"
        if name not in _OFFICE_PROBES:
            yield unknown(settings, path, "probe of an office", name, _OFFICE_PROBES)
            continue
        yield from targets.schedule_problems(name, entry.every, entry.timeout, settings, path)
        if budgets.is_too_seldom(name, entry):
            hint = f"{budgets.LONGEST[name] / 3600:.0f}h at most"
            yield settings.problem(f"{path}.every", "is too seldom to say anything about a day", hint)
        if name not in _OF_UPSES:
            target = {**_ADDED.get(name, {}), **entry.target}
            yield from targets.problems(name, target, settings, f"{path}.target")
