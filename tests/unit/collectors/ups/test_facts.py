"""Every value of every object of a state, fed alone, means what the MIB says: tests/fixtures/ups/facts.yml."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import pytest
import yaml

from collectors.core.ports import SnmpValue
from collectors.ups.canonical import Condition
from collectors.ups.objects import Enumeration, Part
from collectors.ups.observe import battery_of, observe, source_of
from collectors.ups.observe import test_result_of as result_of  # a name that pytest would collect
from collectors.ups.profile import PROFILES, Profile
from tests.unit.collectors.ups.cards import FIXTURES

FAMILIES = {profile.name: profile for profile in reversed(PROFILES)}
NUMBERS = (*range(-1, 41), 255)
Values = Mapping[str, list[int | str]]
Answers = dict[str, SnmpValue]

READERS: Mapping[str, Callable[[Answers, Profile], object]] = {
    "source": source_of,
    "battery": battery_of,
    "test_result": result_of,
}
IMPLIED = {  # by the battery's word
    "normal": {"battery_low": False},
    "low": {"battery_low": True},
    "depleted": {"battery_low": True},
    "fault": {"battery_replace": True},
    "absent": {"battery_replace": True},
}


@cache
def facts() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load((FIXTURES / "facts.yml").read_text(encoding="utf-8"))
    return found


def words(values: Values, value: int | str) -> set[str]:
    """The words below which a value stands."""
    parity = ("odd" if value % 2 else "even") if isinstance(value, int) else ""
    return {word for word, listed in values.items() if value in listed or parity in listed}


def fed(profile: Profile, values: Mapping[str, SnmpValue]) -> Answers:
    """Answers of these objects, and of those that say that a group is filled."""
    beside: Answers = {profile.oid(item.beside): 1 for item in profile.sources if item.beside is not None}
    return {**beside, **{profile.oid(Part(part)): value for part, value in values.items()}}


def spoken(value: int | str) -> SnmpValue:
    return value if isinstance(value, int) else value.title().encode()


def tried(values: Values) -> tuple[int | str, ...]:
    """Every number of an enumeration and those around it, and every text."""
    texts = {value for listed in values.values() for value in listed if isinstance(value, str)}
    return (*NUMBERS, *sorted(texts - {"even", "odd"}))


def conditions(facts: Mapping[str, Any], part: str, value: int | str) -> dict[str, bool]:
    """What a value says by its lists of conditions, and by what its battery and its test imply."""
    said: dict[str, bool] = {}
    for word in words(facts.get("battery", {}).get(part, {}), value):
        said |= IMPLIED.get(word, {})
    results = facts.get("test_result", {}).get(part, {})
    if "in_progress" in results and (found := words(results, value) - {"unknown"}):
        said["test_running"] = "in_progress" in found
    listed = facts.get("conditions", {}).get(part, {})
    if meant := words(listed, value):
        for condition in listed.keys() - {"clear"}:
            said[condition] = condition in meant or said.get(condition, False)
    return said


def enumerations() -> list[Any]:
    """(family, section, object) of each."""
    return [
        pytest.param(name, section, part, id=f"{name}-{section}-{part}")
        for name, family in facts().items()
        for section in (*READERS, "conditions")
        for part in family.get(section, {})
    ]


def test_every_family_has_its_facts() -> None:
    assert facts().keys() == FAMILIES.keys()


@pytest.mark.parametrize("name", FAMILIES)
def test_every_object_of_a_state_has_its_facts(name: str) -> None:
    profile, family = FAMILIES[name], facts()[name]
    switches = (item for switches in profile.switches for item in switches.conditions)
    sections: Mapping[str, Sequence[Enumeration]] = {
        "source": profile.sources,
        "battery": profile.batteries,
        "test_result": profile.test_results,
        "conditions": (*profile.conditions, *switches),
    }
    for section, items in sections.items():
        assert {item.oid for item in items} == family.get(section, {}).keys(), section
    assert {flags.oid for flags in profile.flags} == family.get("flags", {}).keys()
    assert bool(profile.alarms) == ("alarms" in family)


@pytest.mark.parametrize(("name", "section", "part"), enumerations())
def test_each_value_means_what_the_mib_says_and_no_other_value_means_anything(
    name: str, section: str, part: str
) -> None:
    profile, family = FAMILIES[name], facts()[name]
    for value in tried(family[section][part]):
        answers = fed(profile, {part: spoken(value)})
        assert observe(answers, (profile,)).conditions == conditions(family, part, value), value
        if section in READERS:
            found = READERS[section](answers, profile)
            assert ({str(found)} if found else set()) == words(family[section][part], value), value


@pytest.mark.parametrize("name", [name for name, family in facts().items() if "flags" in family])
def test_each_flag_means_what_the_mib_says(name: str) -> None:
    profile = FAMILIES[name]
    ((part, listed),) = facts()[name]["flags"].items()
    inverted = {word.removeprefix("not ") for word in listed if word.startswith("not ")}
    for position in range(1, 65):
        one = b"0" * (position - 1) + b"1" + b"0" * (64 - position)
        found = observe(fed(profile, {part: one}), (profile,)).conditions
        ones = {word.removeprefix("not ") for word in words(listed, position)}
        assert {condition for condition, holds in found.items() if holds} == ones ^ inverted, position


@pytest.mark.parametrize("name", [name for name, family in facts().items() if "alarms" in family])
def test_each_alarm_means_what_the_mib_says(name: str) -> None:
    profile, listed = FAMILIES[name], facts()[name]["alarms"]
    table = profile.alarms
    assert table
    for kind in range(1, 60):
        row: Answers = {str(table.count): 1, f"{table.rows}.1": f"{profile.oid(table.kinds)}.{kind}"}
        found = observe(fed(profile, row), (profile,)).conditions
        assert {condition for condition, holds in found.items() if holds} == words(listed, kind), kind
        assert found.keys() == {Condition(word) for word in listed}
