"""Each family of cards, by derived answers of one card: every value in base units, and the verdict in every state."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from collectors.core.ports import SnmpValue
from collectors.ups.canonical import QUANTITIES, TEXTS
from collectors.ups.profile import PROFILES
from tests.unit.collectors.ups.cards import FIXTURES, collect, looked, seen, verdict

STANDARD = "1.3.6.1.2.1.33.1"
TRIPPLITE = "1.3.6.1.4.1.850.1.1.3.1.3"
WORDS = ("source", "battery", "test_result")
ELSEWHERE = {"powernet", "rfc1628"}  # have fixtures of their own


def families() -> list[Path]:
    return sorted((FIXTURES / "families").glob("*.yml"))


def read(path: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def card(family: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, SnmpValue]:
    base, standard = family["base"], family.get("standard", {})
    own = {f"{base}.{part}": _value(base, value) for part, value in {**family["online"]["card"], **changes}.items()}
    return {"1.3.6.1.2.1.1.1.0": b"Derived card", **own, **{f"{STANDARD}.{part}": standard[part] for part in standard}}


def _value(base: str, written: int | str) -> SnmpValue:
    if isinstance(written, int):
        return written
    return f"{base}.{written.removeprefix('OID ')}" if written.startswith("OID ") else written.encode()


def states() -> Iterator[Any]:
    for path in families():
        for state, changes in {"mains": {}, **read(path)["states"]}.items():
            yield pytest.param(read(path), changes, state, id=f"{path.stem}-{state}")


def test_every_family_has_a_derived_card() -> None:
    assert {path.stem.partition("-")[0] for path in families()} | ELSEWHERE == {profile.name for profile in PROFILES}


@pytest.mark.parametrize("path", families(), ids=lambda path: path.stem)
def test_a_card_on_mains_gives_these_values_and_no_other(path: Path) -> None:
    family = read(path)
    found, expected = seen(card(family, {})), dict(family["online"]["means"])
    for name in (*TEXTS, *WORDS):
        assert (getattr(found, name) or None) == expected.pop(name, None), name
    for name, quantity in QUANTITIES.items():
        value, meant = getattr(found, name), expected.pop(name, None)
        if quantity.per_line:
            assert list(value.values()) == pytest.approx(meant or []), name
        else:
            assert value == (None if meant is None else pytest.approx(meant)), name
    assert not expected, "every name is known"


@pytest.mark.parametrize(("family", "changes", "state"), list(states()))
def test_a_card_has_its_verdict_in_every_state(family: Mapping[str, Any], changes: dict[str, Any], state: str) -> None:
    assert verdict(card(family, changes)) == state


@pytest.mark.parametrize("path", families(), ids=lambda path: path.stem)
async def test_the_collector_finds_the_family_and_sees_the_same(path: Path) -> None:
    answers = card(read(path), {})
    assert looked(await collect(answers)) == seen(answers)


@pytest.mark.parametrize(
    ("source", "runtime", "unknown"),
    [
        (f"{STANDARD}.4.1.0", f"{STANDARD}.2.3.0", 999),
        (f"{STANDARD}.4.1.0", f"{STANDARD}.2.3.0", 1092),
        (f"{TRIPPLITE}.3.1.1.1.1", f"{TRIPPLITE}.1.1.1.3.1", 1092),
    ],
)
def test_minutes_that_stand_for_no_runtime_are_none(source: str, runtime: str, unknown: int) -> None:
    assert seen({source: 3, runtime: unknown - 1}).runtime == (unknown - 1) * 60
    assert seen({source: 3, runtime: unknown}).runtime is None
