"""What a person writes behind `--set` for the fields of a target: texts, lists, mappings and secrets. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from collectors.core.decode import DecodeError, Problem
from collectors.core.scalar import is_subclass, reader
from collectors.core.values import Secret

Plain = str | list[Any] | dict[str, Any]


def settings(target: type[Any], pairs: Sequence[str]) -> dict[str, Plain]:
    """From FIELD=VALUE to what a file would say; the decoder judges it. Raises DecodeError for JSON that is none.

    list      status=401,403 (where no item can hold a comma itself), or the same field again, or a list in JSON
    mapping   headers.Accept-Language=vi, or a mapping in JSON; so are fields of a field: counters.interface=ppp0
    secret    @FILE: it is read from there, because everybody on this machine can read a command line
    """
    hints, found = get_type_hints(target), dict[str, Plain]()
    for pair in pairs:
        name, _, value = pair.partition("=")
        field, dot, key = name.partition(".")
        kind = _known(hints.get(field))
        if _is_mapping(kind) and (dot or value.startswith("{")):
            more = {key: _scalar(get_args(kind)[1], value)} if dot else _json(name, value)
            found[field] = {**_as(dict, found.get(field)), **more}
        elif isinstance(kind, type) and is_dataclass(kind) and (dot or value.startswith("{")):
            inner = settings(kind, [f"{key}={value}"]) if dot else _json(name, value)
            found[field] = {**_as(dict, found.get(field)), **inner}
        elif get_origin(kind) is tuple:
            found[name] = [*_as(list, found.get(name)), *_items(get_args(kind)[0], value)]
        else:
            found[name] = _scalar(kind, value)
    return found


def _known(hint: Any) -> Any:
    """Without `| None`."""
    choices = [kind for kind in get_args(hint) if kind is not NoneType]
    return choices[0] if NoneType in get_args(hint) and len(choices) == 1 else hint


def _is_mapping(kind: Any) -> bool:
    return is_subclass(get_origin(kind), Mapping)


def _as(kind: type[Any], value: Any) -> Any:
    return value if isinstance(value, kind) else kind()


def _scalar(kind: Any, value: str) -> Any:
    return {"file": value[1:]} if kind is Secret and value.startswith("@") else value


def _items(kind: Any, value: str) -> list[Any]:
    """A list in JSON; else one item where it can be one as it is (a pattern may begin with [ and hold commas)."""
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, list):
        return found
    try:
        reader(kind)(value)
    except ValueError:
        return [item.strip() for item in value.split(",")]
    except AttributeError:  # a mapping, which has no text of its own: the decoder says so
        pass
    return [value]


def _json(name: str, value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        message = f"is not JSON: {error}"
        raise DecodeError((Problem("command line", name, message, "quote it for the shell: '...'"),)) from None
