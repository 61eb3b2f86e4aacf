"""offices.yml: ids, links, UPSes, addresses."""

import re
from collections.abc import Iterator

from collectors.core.problem import Problem
from inventory import resolve, targets
from inventory.checks import communes, figures
from inventory.checks.names import bad_id, unknown
from inventory.files import National, ProvinceFiles
from inventory.register import Register, in_vietnam
from inventory.schema import LinkEntry, OfficeEntry, ProbeEntry, UpsEntry

_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")  # the office's own, whichever office that is
_FEEDER = re.compile(r"[\w./-]{1,40}")
_OFFICE = re.compile(r"\d{5}-[a-z0-9]{1,16}")


def problems(files: ProvinceFiles, country: National, register: Register) -> Iterator[Problem]:
    """Every office by itself, then what they must not have in common."""
    for key, entry in files.entries.items():
        path = f"offices.{key}"
        yield from _identity(files, key, path, register)
        yield from _point(files, entry, path)
        yield from _links(files, entry, path, country)
        yield from _upses(files, entry, path)
        yield from _path(files, entry, path)
        yield from _router(files, entry, path)
    yield from _shared_addresses(files)


def _identity(files: ProvinceFiles, key: str, path: str, register: Register) -> Iterator[Problem]:
    if not _OFFICE.fullmatch(key):
        hint = "the commune's code, a hyphen and a suffix of small letters and digits, for example 01273-1"
        yield files.offices.problem(path, f"{key!r} is not the id of an office", hint)
    else:
        yield from communes.problems(resolve.commune_code(key), files, register, files.offices, path)


def _path(files: ProvinceFiles, entry: OfficeEntry, path: str) -> Iterator[Problem]:
    if entry.path == "push" and files.settings.value.agent.push is None:
        hint = "name a receiver there, or leave `path` out"
        yield files.offices.problem(f"{path}.path", "is push, but province.yml has no agent.push", hint)


def _point(files: ProvinceFiles, entry: OfficeEntry, path: str) -> Iterator[Problem]:
    if entry.latitude is not None and entry.longitude is not None and not in_vietnam(entry.latitude, entry.longitude):
        message = f"the point {entry.latitude}, {entry.longitude} is not in Vietnam"
        yield files.offices.problem(f"{path}.latitude", message, "latitude is about 8 to 23, longitude 102 to 110")


def _links(files: ProvinceFiles, entry: OfficeEntry, path: str, country: National) -> Iterator[Problem]:
    if not entry.links:
        yield files.offices.problem(f"{path}.links", "the office has no link", "name at least one plan: {main: PLAN}")
    for name, written in entry.links.items():
        place = f"{path}.links.{name}"
        yield from bad_id(files.offices, place, name)
        yield from _link(files, name, written, place, country)
    yield from _ways(files, entry, path, country)


def _link(files: ProvinceFiles, name: str, written: str | LinkEntry, path: str, country: National) -> Iterator[Problem]:
    settings = files.settings.value
    plan = written if isinstance(written, str) else written.plan
    if plan not in settings.plans:
        yield unknown(files.offices, path, "plan", plan, settings.plans)
    elif isinstance(written, LinkEntry) and settings.plans[plan].operator in country.organisations.value.operators:
        link = resolve.link(name, written, settings, resolve.organisations(country.organisations.value.operators))
        for finding in figures.findings(link, settings.probes):
            yield files.offices.problem(f"{path}.{finding.field}", finding.message, finding.hint)


def _ways(files: ProvinceFiles, entry: OfficeEntry, path: str, country: National) -> Iterator[Problem]:
    """The first link carries the default route; each further one is told apart by an interface and a reference."""
    settings, operators = files.settings.value, resolve.organisations(country.organisations.value.operators)
    usual = str(settings.probes.get("link", ProbeEntry()).target.get("reference", ""))
    taken: dict[str, str] = {}
    for index, (name, written) in enumerate(entry.links.items()):
        plan = settings.plans.get(written if isinstance(written, str) else written.plan)
        if plan is None or plan.operator not in operators:
            continue  # told already
        link = resolve.link(name, written, settings, operators)
        ways = {"interface": link.interface, "reference": link.reference or (usual if index == 0 else "")}
        for key, value in ways.items():
            if value and value in taken:
                message = f"has the {key} {value}, which {taken[value]} has too"
            elif not value and index > 0:
                message = f"has no {key} of its own, so its probes would measure the link that comes first"
            else:
                taken[value] = name
                continue
            yield files.offices.problem(f"{path}.links.{name}", message, f"set its own {key}: here or in the plan")


def _upses(files: ProvinceFiles, entry: OfficeEntry, path: str) -> Iterator[Problem]:
    models = files.settings.value.ups_models
    for name, ups in entry.ups.items():
        place = f"{path}.ups.{name}"
        yield from bad_id(files.offices, place, name)
        if ups.model not in models:
            yield unknown(files.offices, f"{place}.model", "UPS model", ups.model, models)
        elif ups.target:
            target = resolve.ups_target(files.settings.value, ups)
            yield from targets.problems(models[ups.model].collector, target, files.offices, f"{place}.target")


def _router(files: ProvinceFiles, entry: OfficeEntry, path: str) -> Iterator[Problem]:
    """How the centre looks at its router, and which line of the power company feeds it."""
    if entry.router:
        target = resolve.router_target(files.settings.value, entry.router)
        yield from targets.problems("router", target, files.offices, f"{path}.router")
    if entry.feeder and not _FEEDER.fullmatch(entry.feeder):
        hint = "letters, digits, dots, slashes and hyphens, as on the power company's notices: 471-E16.2"
        yield files.offices.problem(f"{path}.feeder", f"{entry.feeder!r} is no code of a feeder", hint)


def _shared_addresses(files: ProvinceFiles) -> Iterator[Problem]:
    """Two things at one address: most likely a copied line that was not changed."""
    first: dict[tuple[str, str], str] = {}
    for scope, address, path in _addresses(files):
        if (scope, address) in first:
            where = files.offices.where(first[scope, address])
            message = f"{address} is an address given before, on line {where.rpartition(':')[2]}"
            hint = "" if scope else "where every office's network uses the same addresses, set addresses_repeat: true"
            yield files.offices.problem(path, message, hint)
        first.setdefault((scope, address), path)


def _addresses(files: ProvinceFiles) -> Iterator[tuple[str, str, str]]:
    """(office where addresses repeat from office to office, else "", address, path) of every UPS and machine."""
    repeat = files.settings.value.addresses_repeat
    for office, entry in files.entries.items():
        if entry.address:
            yield "", str(entry.address), f"offices.{office}.address"
        if entry.router:
            at = entry.router if isinstance(entry.router, str) else entry.router.host
            yield "", at, f"offices.{office}.router"
        for name, ups in entry.ups.items():
            own = repeat or ups.host.host in _THIS_MACHINE
            yield office if own else "", _place(files, ups), f"offices.{office}.ups.{name}.host"


def _place(files: ProvinceFiles, ups: UpsEntry) -> str:
    """Its address; UPSes that one NUT server reads have a name there too."""
    model = files.settings.value.ups_models.get(ups.model)
    if model is None or model.collector != "nut":
        return str(ups.host)
    return f"{resolve.ups_target(files.settings.value, ups).get('ups', '')}@{ups.host}"
