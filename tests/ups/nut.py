"""What NUT's snmp-ups 2.8.0 says to the same recordings, in the canonical form: a judge with mistakes of its own."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tests.ups.canonical import Fact, Value
from tests.ups.differences import Comparison
from tests.ups.recordings import Recording, folder, recordings

# NUT's variable -> our quantity, and what NUT's 1 is in our unit; # is the number of a phase
NAMES: Mapping[str, tuple[str, float]] = {
    "battery.charge": ("charge", 0.01),
    "battery.runtime": ("runtime", 1.0),
    "battery.runtime.low": ("low_runtime", 1.0),
    "battery.voltage": ("battery_voltage", 1.0),
    "battery.temperature": ("battery_temperature", 1.0),
    "ups.temperature": ("battery_temperature", 1.0),
    "input.voltage": ("input_voltage", 1.0),
    "input.L#-N.voltage": ("input_voltage", 1.0),
    "input.frequency": ("input_frequency", 1.0),
    "input.voltage.nominal": ("nominal_voltage", 1.0),
    "output.voltage": ("output_voltage", 1.0),
    "output.L#-N.voltage": ("output_voltage", 1.0),
    "output.frequency": ("output_frequency", 1.0),
    "ups.load": ("load", 0.01),
    "ups.L#.load": ("load", 0.01),
    "output.L#.power.percent": ("load", 0.01),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What NUT got out of one recording. mib: the MIB it chose; variables: none where it recognised nothing."""

    recording: Recording
    mib: str
    variables: Mapping[str, str]

    @property
    def status(self) -> frozenset[str]:
        """OL, OB, LB, BYPASS, OFF...; none where NUT does not say."""
        return frozenset(self.variables.get("ups.status", "").split())


@cache
def answers() -> Sequence[Answer]:
    """One for each recording that NUT read at all."""
    said = json.loads((folder() / "nut-2.8.0-oracle.json").read_text(encoding="utf-8"))
    found = ((each, said.get(f"{each.name}.snmprec", {})) for each in recordings())
    return [Answer(each, one["mib"] or "", one["vars"]) for each, one in found if one.get("vars")]


def beside_nut(answer: Answer, ours: Mapping[Fact, Value]) -> Sequence[Comparison]:
    """NUT's numbers beside our facts."""
    return [
        Comparison("nut", answer.recording.stem, variable, fact, float(text) * factor, ours.get(fact))
        for variable, text in sorted(answer.variables.items())
        for fact, factor in _facts(variable)
    ]


def numbers(variables: Mapping[str, str]) -> Sequence[tuple[Fact, float]]:
    """NUT's numbers in our units."""
    return [(fact, float(text) * factor) for name, text in variables.items() for fact, factor in _facts(name)]


def _facts(variable: str) -> Sequence[tuple[Fact, float]]:
    line = re.search(r"\.L(\d)", variable)
    known = NAMES.get(re.sub(r"\.L\d", ".L#", variable))
    return [(Fact(known[0], int(line[1]) if line else 1), known[1])] if known else []
