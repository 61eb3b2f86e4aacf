"""WHAT a person reads: the one message catalogue, Vietnamese first, English second.

One YAML file per reader (status, alerts, boards, reports, ...); a key is the file's name, a dot and the path inside it.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

Language = Literal["vi", "en"]
_FOLDER = Path(__file__).parent
_TEXTS_ONLY = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_UNITS = (("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1000), ("millisecond", 1))
_PLACEHOLDER = re.compile(r"{(\w+)}")


def text(key: str, lang: Language = "vi", /, **values: object) -> str:
    """The message in one language with its {placeholders} filled in. KeyError for an unknown key or a missing value."""
    return _PLACEHOLDER.sub(lambda match: str(values[match[1]]), catalogue()[key][lang])


def spoken(seconds: float, lang: Language = "vi") -> str:
    """A duration as people write it: 90 -> "1 phút 30 giây", "1 min 30 s"; to the millisecond."""
    left, parts = round(seconds * 1000), []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(text(f"units.{unit}", lang, count=count))
    return " ".join(parts) or text("units.second", lang, count=0)


@cache
def catalogue() -> Mapping[str, Mapping[Language, str]]:
    """Every message: key -> language -> text."""
    found: dict[str, Mapping[Language, str]] = {}
    for path in sorted(_FOLDER.glob("*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_TEXTS_ONLY)  # noqa: S506 - makes texts only
        found.update(_flatten(path.stem, content or {}))
    return found


def _flatten(prefix: str, node: Mapping[str, object]) -> dict[str, Mapping[Language, str]]:
    if node.keys() == {"vi", "en"}:
        return {prefix: {"vi": str(node["vi"]), "en": str(node["en"])}}
    found: dict[str, Mapping[Language, str]] = {}
    for key, child in node.items():
        if not isinstance(child, Mapping):
            raise TypeError(f"{prefix}.{key}: a message has exactly the keys vi and en")
        found.update(_flatten(f"{prefix}.{key}", child))
    return found


def placeholders(message: str) -> frozenset[str]:
    """The names between braces in a message."""
    return frozenset(_PLACEHOLDER.findall(message))
