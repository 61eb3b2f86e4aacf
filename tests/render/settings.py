"""docs/settings.md: what every file may say, read off the dataclasses that decode it."""

import dataclasses
import inspect
from collections.abc import Iterator, Mapping
from enum import EnumType
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import agent.config
import collectors
from agent.gateway import config as gateway
from alerts import settings as thresholds
from alerts.relay import config as relay
from collectors.core.decode import Raw
from collectors.core.values import Duration, HostPort, Listen, Secret, Url
from inventory import catalogue, schema
from inventory.hours import Hours, TimeOfDay
from inventory.planned.schema import PlannedFile
from inventory.render import duration
from inventory.values import Day

PLAIN: Mapping[type, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Path: "path",
    Raw: "the collector's target, below",
    Secret: "secret",
    Day: "day, 2026-11-20",
    Duration: "duration",
    TimeOfDay: "time of the day, 07:30",
    Hours: "part of the day, 22:00-06:00",
    Url: "URL",
    HostPort: "host:port",
    Listen: "address:port",
}

INTRODUCTION = """\
# Settings

YAML, read strictly: repeated and unknown keys are refused, all problems of a file are told at once, codes stay text.
A field without a default must be there. Durations are written 500ms, 10s, 1m30s, 6h, 7d; a secret is `{file: path}`,
relative to the file that names it, or `{env: NAME}`.
"""

FILES: tuple[tuple[str, tuple[type, ...]], ...] = (
    ("agent.yml: one office", (agent.config.Settings,)),
    ("relay.yml: notifications", (relay.RelaySettings,)),
    ("gateway.yml: the way in for offices", (gateway.GatewaySettings,)),
    ("Inventory: the country", (catalogue.CatalogueFile, catalogue.OrganisationsFile)),
    ("Inventory: a province", (schema.ProvinceFile, schema.OfficeEntry, schema.ServicesFile, schema.Contacts)),
    ("Inventory: planned work", (PlannedFile,)),
    ("Alerts: thresholds and windows, in `alerts/settings.py`", (thresholds.Settings,)),
)


def page() -> str:
    """The whole page."""
    sections = [INTRODUCTION]
    for title, roots in FILES:
        shapes = dict.fromkeys(shape for root in roots for shape in reached(root))
        sections.append("\n".join((f"## {title}", "", *(table(shape) for shape in shapes))))
    sections.append("## Targets: what a probe of each collector may say\n")
    for name in collectors.names():
        target, *parts = dict.fromkeys(reached(collectors.load(name).target))
        sections += [table(target, name), *map(table, parts)]
    return "\n".join(sections)


def reached(shape: type) -> Iterator[type]:
    """A dataclass and those that its fields are made of; values such as Secret are one scalar for who writes YAML."""
    yield shape
    for hint in get_type_hints(shape).values():
        for part in (hint, *get_args(hint)):
            if dataclasses.is_dataclass(part) and isinstance(part, type) and not is_scalar(part):
                yield from reached(part)


def is_scalar(shape: type) -> bool:
    return shape.__module__ in ("collectors.core.values", "collectors.core.decode") or hasattr(shape, "parse")


def table(shape: type, title: str = "") -> str:
    """One dataclass: its docstring, then its fields."""
    rows = (f"| `{name}` | {kind} | {default} |" for name, kind, default in described(shape))
    return "\n".join(
        (
            f"### {title or shape.__name__}",
            "",
            prose(shape),
            "",
            "| field | type | default |",
            "|---|---|---|",
            *rows,
            "",
        )
    )


def prose(shape: type) -> str:
    """The docstring; its aligned list of fields keeps its shape."""
    text = inspect.getdoc(shape) or ""
    summary, _, rest = text.partition("\n\n")
    return f"{summary}\n\n```\n{rest}\n```" if rest else summary


def described(shape: type) -> Iterator[tuple[str, str, str]]:
    hints = get_type_hints(shape)
    for field in dataclasses.fields(shape):
        yield field.name, kind(hints[field.name]), default(field)


def kind(hint: Any) -> str:
    """A type as a reader of YAML would name it."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in arguments)
    if origin in (Union, UnionType):
        return " or ".join(kind(part) for part in arguments if part is not NoneType)
    if origin is tuple:
        return f"list of {kind(arguments[0])}"
    if origin is Mapping:
        return f"mapping of names to {kind(arguments[1])}"
    if isinstance(hint, EnumType):
        members: list[object] = list(hint)
        return " or ".join(f"`{member}`" for member in members)
    return PLAIN.get(hint, hint.__name__)


def default(field: "dataclasses.Field[Any]") -> str:
    """As it would be written, empty where nothing is written."""
    value = field.default
    if value is dataclasses.MISSING:
        return "required" if field.default_factory is dataclasses.MISSING else ""
    if value in ("", None, ()) or isinstance(value, Secret):
        return ""
    if dataclasses.is_dataclass(value) and not is_scalar(type(value)):
        return ""
    if isinstance(value, Duration):
        return f"`{duration(value)}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(map(str, value))}]`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
