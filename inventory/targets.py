"""Targets as plain data: checked against the collector's own Target, without a copy of what that may contain."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import yaml

import collectors
from collectors.core import Schedule
from collectors.core.decode import DecodeError, Document, decode_text
from collectors.core.problem import Problem
from collectors.core.values import UNREAD, Secret
from inventory.values import Fields, Tree

_HARMLESS = frozenset((UNREAD, Secret(""), Secret("public")))  # "public" protects nothing, so it needs no protection
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def to_yaml(value: object) -> str:
    """YAML text in the given order; the same value always gives the same bytes."""
    text: str = yaml.dump(value, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=120)
    return text


def plain(value: Tree) -> object:
    """A value for `to_yaml`; whole numbers, true and false are written without quotes."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if not isinstance(value, str):
        return [plain(item) for item in value]
    if value in ("true", "false"):
        return value == "true"
    return int(value) if re.fullmatch(r"0|[1-9]\d{0,17}", value) else value


def problems(collector: str, target: Fields, document: Document[Any], path: str) -> Iterator[Problem]:
    """What the collector's Target says against these fields, at the lines where `path` has them."""
    if collector in collectors.names():
        yield from problems_of(collectors.load(collector).target, target, document, path)


def problems_of(
    kind: type[object], target: Mapping[str, Tree], document: Document[Any], path: str
) -> Iterator[Problem]:
    """The same for any dataclass that an agent will read from these fields."""
    text = to_yaml({key: plain(value) for key, value in target.items()})
    try:
        value = decode_text(text, kind, "", read_secrets=False).value
    except DecodeError as error:
        for problem in error.problems:
            place = f"{path}.{problem.path}" if problem.path else path
            yield document.problem(place, problem.message, problem.hint)
        return
    for name in _plain_secrets(value):
        yield document.problem(
            f"{path}.{name}",
            "is a secret, and secrets do not belong in the inventory",
            "write {file: NAME} and put the file beside agent.yml on the office's machine",
        )


def schedule_problems(
    collector: str, every: float | None, timeout: float | None, document: Document[Any], path: str
) -> Iterator[Problem]:
    """An interval or timeout that the collector could not be run with."""
    if collector not in collectors.names():
        return
    usual = collectors.load(collector).schedule
    interval = every or usual.every
    try:
        Schedule(interval, timeout or min(usual.timeout, interval))
    except ValueError as error:
        yield document.problem(path, str(error))


def _plain_secrets(value: object, prefix: str = "") -> Iterator[str]:
    """Paths of secrets that were written out instead of named by {file:} or {env:}."""
    if not is_dataclass(value):
        return
    for field in fields(value):
        item = getattr(value, field.name)
        if isinstance(item, Secret):
            if item not in _HARMLESS:
                yield prefix + field.name
        elif isinstance(item, Mapping):
            for key, one in item.items():
                yield from _plain_secrets(one, f"{prefix}{field.name}.{key}.")
        else:
            yield from _plain_secrets(item, f"{prefix}{field.name}.")
