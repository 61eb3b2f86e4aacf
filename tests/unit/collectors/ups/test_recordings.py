"""Recordings of real cards, judged by what other projects expect of them. Read in place; skipped where they are not."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from collectors.core import ProbeError, Reason
from collectors.ups.observe import observe
from collectors.ups.profile import PROFILES
from tests.fakes.snmp import read_snmprec
from tests.tools import shared
from tests.unit.collectors.ups.cards import collect, recordings, seen, spoken, verdict

ZERO_IS_NO_SENSOR = "0 degrees mean that there is no sensor"
PHANTOM = "the phase does not exist"
TENTHS = "the card gives tenths where the MIB wants volts"

# (recording, quantity, line) -> why LibreNMS expects another value than ours.
EXPLAINED = {
    ("abbups_abbups", "battery_temperature", 1): ZERO_IS_NO_SENSOR,
    ("dell-ups_tower1000w", "battery_temperature", 1): ZERO_IS_NO_SENSOR,
    ("eaton-mgeups_9px", "battery_temperature", 1): ZERO_IS_NO_SENSOR,
    ("deltaups_rfc1628string", "input_voltage", 1): TENTHS,
    ("deltaups_rfc1628string", "output_voltage", 1): TENTHS,
    ("netmanplus_204", "battery_current", 1): "-1 means that it is not measured",
    ("apc_powerchute", "load", 1): "LibreNMS overwrites the 31 % of the recording with 0 while it polls",
    **{("netmanplus_204", name, line): PHANTOM
       for name in ("input_voltage", "input_frequency", "output_voltage", "load") for line in (2, 3)},
}  # fmt: skip

LIBRENMS_UNITS = {"charge": 100, "load": 100, "runtime": 1 / 60}

NUT_NAMES = {
    "battery.charge": ("charge", 0.01), "battery.runtime": ("runtime", 1), "battery.voltage": ("battery_voltage", 1),
    "battery.temperature": ("battery_temperature", 1), "ups.temperature": ("battery_temperature", 1),
    "input.voltage": ("input_voltage", 1), "input.frequency": ("input_frequency", 1),
    "output.voltage": ("output_voltage", 1), "output.frequency": ("output_frequency", 1), "ups.load": ("load", 0.01),
}  # fmt: skip

NUT_EXPLAINED = {
    ("cetpower", "battery.temperature"): ZERO_IS_NO_SENSOR,
    ("eaton-mgeups_9px", "battery.runtime"): "NUT reads seconds from the maker's MIB, RFC 1628 has whole minutes",
    ("eastpower-istars-swv053", "battery.runtime"): "0 minutes on mains mean that it is not known",
    ("huawei-gse200m", "battery.charge"): "-1 in RFC 1628; NUT reads the maker's MIB",
    ("huawei-gse200m", "battery.runtime"): "-1 in RFC 1628; NUT reads the maker's MIB",
    ("phoenixtec-power", "ups.load"): "0 in RFC 1628, 2 in the maker's MIB",
    ("phoenixtec-power", "ups.temperature"): "RFC 1628 has whole degrees",
}
NUT_STATUS_EXPLAINED = {"cetpower": "NUT trusts one sign: battery, although mains is there and 0 s on battery"}


def test_no_recording_of_a_ups_on_mains_is_an_outage() -> None:
    outages = [path.stem for path in recordings() if verdict(read_snmprec(path)).is_outage]
    assert outages == []


async def test_every_recording_of_a_mib_that_we_know_is_read() -> None:
    known = [answers for path in recordings() if spoken(answers := read_snmprec(path))]
    assert len(known) >= 29
    assert {(await collect(answers)).result for answers in known} == {Reason.OK}


async def test_every_other_recording_is_refused_as_unsupported() -> None:
    for path in recordings():
        if not spoken(answers := read_snmprec(path)):
            with pytest.raises(ProbeError, match="no UPS that we can read"):
                await collect(answers)


@pytest.mark.parametrize(("recording", "expected"), [("generex-ups_cs141", "bypass"), ("cetpower", "unknown")])
def test_recordings_of_rare_states_have_their_verdict(recording: str, expected: str) -> None:
    answers = read_snmprec(shared("ups", "librenms", "snmpsim", f"{recording}.snmprec"))
    assert verdict(answers) == expected


def test_values_are_those_that_librenms_expects() -> None:
    compared = list(_librenms())
    wrong = [item for item in compared if not item.agrees and item.key not in EXPLAINED]
    assert wrong == []
    assert {item.key for item in compared if not item.agrees} == EXPLAINED.keys(), "every explanation is needed"
    assert len(compared) >= 250


def test_values_are_those_that_nut_reads() -> None:
    compared = list(_nut())
    wrong = [item for item in compared if not item.agrees and (item.key[0], item.key[1]) not in NUT_EXPLAINED]
    assert wrong == []
    assert len(compared) >= 120


def test_verdicts_are_those_of_nut() -> None:
    words = {"mains": "OL", "outage": "OB", "low_battery": "OB", "bypass": "BYPASS"}
    for name, path, variables in _oracle():
        if variables.get("ups.status") and name not in NUT_STATUS_EXPLAINED:
            assert words[verdict(read_snmprec(path))] in variables["ups.status"].split(), name


@dataclass(frozen=True)
class Compared:
    """A value of ours beside another project's."""

    key: tuple[str, str, int]
    ours: float | None
    theirs: float

    @property
    def agrees(self) -> bool:
        return self.ours is not None and self.ours == pytest.approx(self.theirs, rel=0.006, abs=0.006)


def _librenms() -> Iterator[Compared]:
    """Each expected sensor whose OID one of our profiles reads, through that profile alone."""
    ours = {
        oid: (profile, name, line)
        for profile in PROFILES
        for name, items in profile.numbers.items()
        for item in items
        for line, row in profile.rows(item)
        for oid in (row, f"{row}.0")
    }
    for path in sorted(shared("ups", "librenms", "data").glob("*.json")):
        answers = read_snmprec(shared("ups", "librenms", "snmpsim", f"{path.stem}.snmprec"))
        for sensor in _sensors(path):
            found = ours.get(sensor["sensor_oid"].lstrip("."))
            if found and sensor["sensor_class"] != "state":
                profile, name, line = found
                value = _value(observe(answers, (profile,)), name, line)
                scaled = None if value is None else value * LIBRENMS_UNITS.get(name, 1)
                yield Compared((path.stem, name, line), scaled, float(sensor["sensor_current"]))


def _sensors(path: Path) -> list[dict[str, Any]]:
    found = json.loads(path.read_text(encoding="utf-8")).get("sensors", {}).get("discovery", {})
    sensors: list[dict[str, Any]] = found.get("sensors", [])
    return sensors


def _nut() -> Iterator[Compared]:
    for name, path, variables in _oracle():
        observation = seen(read_snmprec(path))
        for variable, (quantity, factor) in NUT_NAMES.items():
            if variable in variables:
                ours = _value(observation, quantity, 1)
                yield Compared((name, variable, 1), ours, float(variables[variable]) * factor)


def _oracle() -> Iterator[tuple[str, Path, dict[str, str]]]:
    """What NUT's snmp-ups 2.8.0 said to the recordings that we can read too."""
    answers = json.loads(shared("ups", "nut-2.8.0-oracle.json").read_text(encoding="utf-8"))
    for file, answer in answers.items():
        path = shared("ups", *file.split("/"))
        if answer.get("vars") and path.exists() and spoken(read_snmprec(path)):
            yield path.stem, path, answer["vars"]


def _value(observation: Any, quantity: str, line: int) -> float | None:
    value = getattr(observation, quantity)
    if value is None or isinstance(value, float):
        return value
    found: float | None = value.get(line)
    return found
