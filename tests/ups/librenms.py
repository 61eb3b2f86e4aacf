"""What LibreNMS expects of its recordings, in the canonical form; tests/ups/sensors.yml says which sensor is what."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from collectors.core.ports import Oid
from tests.ups.canonical import Fact, Value
from tests.ups.recordings import Recording, recordings

TABLE = Path(__file__).with_name("sensors.yml")
UNITS = {"charge": 0.01, "load": 0.01, "runtime": 60.0}  # LibreNMS's classes in per cent and minutes; the rest is base


@dataclass(frozen=True, slots=True)
class Sensor:
    """One expected sensor. item: its object as sensors.yml writes it; fact: what it is in the canonical form; beyond:
    else why it is nothing there.
    """

    recording: Recording
    item: str
    fact: Fact | None
    value: Value
    beyond: str = ""


class UnknownSensorError(Exception):
    """A sensor that tests/ups/sensors.yml does not speak of."""


@cache
def sensors() -> Sequence[Sensor]:
    """All that LibreNMS expects of all recordings."""
    table = _Table(yaml.safe_load(TABLE.read_text(encoding="utf-8")))
    return [sensor for recording in recordings() for sensor in _expected(recording, table)]


def _expected(recording: Recording, table: "_Table") -> Iterator[Sensor]:
    if recording.project != "librenms" or not recording.expected.exists():
        return
    found = json.loads(recording.expected.read_text(encoding="utf-8")).get("sensors", {}).get("discovery", {})
    states = {(each["state_name"], each["state_value"]): each["state_descr"] for each in found.get("state_indexes", ())}
    for each in found.get("sensors", []):
        oid = each["sensor_oid"].lstrip(".")
        if beyond := table.beyond(oid, each["sensor_class"]):
            yield Sensor(recording, table.short(oid), None, each["sensor_current"], beyond)
        else:
            fact = table.fact(oid)
            yield Sensor(recording, table.short(oid), fact, table.value(fact, each, states))


class _Table:
    """sensors.yml, ready for look-ups."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._bases: Mapping[str, str] = raw["bases"]
        self._facts = [
            (self._pattern(item), name, int(line or 1))
            for name, items in (raw["numbers"] | raw["words"]).items()
            for item, _, line in (text.partition("@") for text in items)
        ]
        self._meanings: Mapping[str, Mapping[str, Value]] = raw["meanings"]
        self._beyond = {
            why: (tuple(f"{self._oid(item)}." for item in what.get("objects", ())), what.get("classes", ()))
            for why, what in raw["beyond"].items()
        }

    def fact(self, oid: Oid) -> Fact:
        for pattern, name, line in self._facts:
            if match := pattern.fullmatch(oid):
                return Fact(name, int(match[1]) if pattern.groups else line)
        raise UnknownSensorError(f"{oid}: say in {TABLE.name} what it is, or why it is nothing to us")

    def beyond(self, oid: Oid, kind: str) -> str:
        """Why a sensor has no place in the canonical form, "" when it has one."""
        if any(pattern.fullmatch(oid) for pattern, _, _ in self._facts):
            return ""
        fits = (why for why, (below, kinds) in self._beyond.items() if f"{oid}.".startswith(below) or kind in kinds)
        return next(fits, "")

    def value(self, fact: Fact, sensor: Mapping[str, Any], states: Mapping[tuple[str, int], str]) -> Value:
        """In base units, or our word for LibreNMS's."""
        if sensor["sensor_class"] != "state":
            return float(sensor["sensor_current"]) * UNITS.get(sensor["sensor_class"], 1.0)
        word = states[sensor["state_name"], sensor["sensor_current"]].lower()
        if word not in self._meanings[fact.name]:
            raise UnknownSensorError(f"{sensor['sensor_oid']}: {TABLE.name} has no meaning for {word!r}")
        return self._meanings[fact.name][word]

    def short(self, oid: Oid) -> str:
        """The object with the letter of its base, without the .0 of scalars."""
        letter = next((letter for letter, base in self._bases.items() if oid.startswith(f"{base}.")), "")
        return re.sub(r"(\.0)+$", "", letter + oid.removeprefix(self._bases.get(letter, "")))

    def _oid(self, item: str) -> Oid:
        base, _, rest = item.partition(".")
        return f"{self._bases[base]}.{rest}" if base in self._bases else item

    def _pattern(self, item: str) -> re.Pattern[str]:
        return re.compile(re.escape(self._oid(item)).replace(r"\#", "([1-9])") + r"(?:\.0)*")
