"""What `inventory show` prints: the inventory in words, for a person. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from inventory import register
from inventory.model import Inventory, Link, Office, Province
from inventory.planned.work import Work
from inventory.probes import of_office
from inventory.render import duration

_BITS = 8 / 1e6


def lines(code: str, inventory: Inventory, units: register.Register, now: datetime) -> Iterator[str]:
    """About a province (04), a commune (01273) or an office (01273-1); nothing where there is none of that code.

    Of planned work, that which is not over `now`.
    """
    offices = [office for office in inventory.offices if code in (office.id, office.commune.code)]
    if code in units.provinces:
        yield from _province(units.provinces[code], inventory.provinces.get(code), now)
    elif code in units.communes:
        yield from _commune(units.communes[code], inventory, units)
    for office in offices:
        yield ""
        yield from _office(office, inventory.provinces[office.commune.province], now)


def _province(unit: register.Province, province: Province | None, now: datetime) -> Iterator[str]:
    yield f"{unit.code} {unit.title()} / {unit.title('en')}"
    if province is None:
        yield "  not in this inventory"
        return
    offices = province.offices
    communes = {office.commune.code for office in offices}
    yield f"  offices    {len(offices)} in {len(communes)} communes, {len(province.planned)} communes planned"
    yield f"  links      {_counted(link.operator.id for office in offices for link in office.links)}"
    yield f"  made of    {_counted(link.technology for office in offices for link in office.links)}"
    yield f"  UPSes      {_counted(ups.model for office in offices for ups in office.upses) or 'none'}"
    yield f"  services   {', '.join(service.id for service in province.enabled_services) or 'none turned on'}"
    for line in planned(province.works, now):
        yield f"  planned    {line}"


def _counted(words: Iterator[str]) -> str:
    return ", ".join(f"{word} {count}" for word, count in Counter(words).most_common())


def _commune(unit: register.Commune, inventory: Inventory, units: register.Register) -> Iterator[str]:
    home = units.provinces[unit.province]
    doubt = " (doubtful)" if unit.coord_source == "uncertain" else ""
    yield f"{unit.code} {unit.title()}, {home.title()} / {unit.title('en')}, {home.title('en')}"
    yield f"  point      {unit.latitude:.4f}, {unit.longitude:.4f}{doubt}"
    province = inventory.provinces.get(unit.province)
    if province is None:
        yield f"  offices    province {home.code} is not in this inventory"
    elif unit.code in province.planned:
        yield f"  offices    planned: {province.planned[unit.code]}"
    elif not any(office.commune == unit for office in province.offices):
        yield "  offices    none"


def _office(office: Office, province: Province, now: datetime) -> Iterator[str]:
    yield f"{office.id} {office.name.vi} / {office.name.en}"
    yield f"  address    {office.address or 'none: the province does not scrape it'}"
    yield f"  point      {office.latitude:.4f}, {office.longitude:.4f}"
    for link in office.links:
        yield f"  link       {_link(link)}"
    for ups in office.upses:
        server = "the NUT server " if ups.collector == "nut" else ""
        yield f"  UPS        {ups.id}: {ups.model} at {server}{ups.target['host']}"
    if not office.upses:
        yield "  UPS        none"
    concerned = (work for work in province.works if work.concerns(office.id))
    for line in planned(concerned, now):
        yield f"  planned    {line}"
    yield "  probes"
    for probe in of_office(office, province):
        name = "/".join((probe.collector, *probe.labels.values()))
        every = f"every {duration(probe.every)}" if probe.every else "at the collector's own pace"
        yield f"    {name:<28} {every}"


def _link(link: Link) -> str:
    circuit = f", circuit {link.circuit}" if link.circuit else ""
    return (
        f"{link.id}: {link.operator.name.vi} {link.technology}, {link.down * _BITS:g}/{link.up * _BITS:g} Mbit/s, "
        f"{link.monthly_budget / 1e9:g} GB a month for tests{circuit}"
    )


_SHOWN = 20  # of planned work


def planned(works: Iterable[Work], now: datetime) -> Iterator[str]:
    """When, of which kind, where and what; the next first."""
    coming = sorted((window, work.id, work) for work in works for window in work.times if window.end > now)
    for window, _, work in coming[:_SHOWN]:
        where = ", ".join(work.services) or _counted_places(work)
        yield f"{window.spoken()}  {work.kind}  {where}  {work.title}".rstrip()
    if len(coming) > _SHOWN:
        yield f"and {len(coming) - _SHOWN} more"


def _counted_places(work: Work) -> str:
    offices = dict.fromkeys((*work.offices, *(office for office, _ in work.links)))
    few = ", ".join(offices)
    return few if len(offices) <= 3 else f"{len(offices)} offices"
