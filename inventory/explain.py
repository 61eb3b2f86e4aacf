"""What `inventory check --services` prints: what is measured, what is not, and why, in Vietnamese and English. Pure."""

from collections.abc import Iterator, Mapping

from collectors.messages import Language, spoken, text
from inventory.catalogue import ElsewhereEntry
from inventory.model import FRESHNESS, Province, Service
from inventory.resolve import has_address


def services(province: Province) -> Iterator[str]:
    """Each service of the catalogue: on or off, why, and where; what is on comes first, then what matters most."""
    yield f"{province.code} {province.unit.title()}: {len(province.enabled_services)} of {len(province.services)} on"
    for service in sorted(
        province.services, key=lambda service: (not service.enabled, not service.listed, service.tier)
    ):
        state = "on " if service.enabled else "off"
        why = " / ".join(", ".join(text(key, language, **_values(service, language)) for key in _why(service, province))
                         for language in ("vi", "en"))  # fmt: skip
        yield f"  {state} {service.id:<21} tier {service.tier}  {why}  {_target(service)}".rstrip()
    yield " / ".join(text("inventory.why.how_to_verify", language) for language in ("vi", "en"))


def joint(province: Province) -> Iterator[str]:
    """Each errand that needs several services: judged, or which of them are still off."""
    for key, entry in province.joint.items():
        missing = ", ".join(province.missing_for(entry))
        reason = "inventory.why.joint_missing" if missing else "inventory.why.joint_on"
        why = " / ".join(text(reason, language, missing=missing) for language in ("vi", "en"))
        yield f"  {'off' if missing else 'on '} {key:<21} {why}"


def elsewhere(entries: Mapping[str, ElsewhereEntry]) -> Iterator[str]:
    """The systems of the government's list that are no service to turn on, and how they are covered."""
    yield " / ".join(text("inventory.why.elsewhere", language) for language in ("vi", "en"))
    for key, entry in entries.items():
        cover = f"inventory.why.{entry.cover}"
        vi, en = f"{text(cover, 'vi')}: {entry.note.vi}", f"{text(cover, 'en')}: {entry.note.en}"
        yield f"   -  {key:<21} no. {entry.system:<3}  {entry.name.vi}: {vi} / {entry.name.en}: {en}"


def _why(service: Service, province: Province) -> Iterator[str]:
    """Keys of the reasons, the most telling one first."""
    if service.enabled:
        yield "inventory.why.on"
    else:
        yield f"inventory.why.{'switched_off' if service.listed else 'not_chosen'}"
    if service.collector == FRESHNESS:
        yield f"inventory.why.{'feed' if province.feeds else 'needs_feed'}"
    elif not has_address(service.target):
        yield "inventory.why.no_address"
    else:
        yield f"inventory.why.{'verified' if service.verified else 'not_verified'}"


def _values(service: Service, language: Language) -> Mapping[str, str]:
    return {"every": spoken(service.every, language)}


def _target(service: Service) -> str:
    target = service.target
    place = target.get("url") or target.get("file")
    return str(place or ":".join(str(target[key]) for key in ("kind", "host", "port") if key in target))
