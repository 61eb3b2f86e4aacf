"""Cards for the UPS tests: derived ones in tests/fixtures/ups, recorded ones in the shared folder."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from collectors.core import Reading
from collectors.core.ports import Oid, SnmpValue
from collectors.ups import COLLECTOR, Target, detection
from collectors.ups.canonical import Observation
from collectors.ups.detection import first_row
from collectors.ups.observe import observe
from collectors.ups.power import State, Verdict, step
from collectors.ups.profile import PROFILES, Profile
from collectors.ups.spell import APART
from collectors.ups.watch import Look
from tests.fakes.ports import FakePorts
from tests.fakes.snmp import FakeSnmp, read_snmprec
from tests.tools import shared

FIXTURES = Path(__file__).parents[3] / "fixtures" / "ups"
HOST = "10.0.0.5"

Answers = Mapping[Oid, SnmpValue]


def derived(name: str) -> dict[Oid, SnmpValue]:
    return read_snmprec(FIXTURES / f"derived-{name}.snmprec")


def recordings() -> Sequence[Path]:
    return sorted(shared("ups").rglob("*.snmprec"))


def spoken(answers: Answers) -> tuple[Profile, ...]:
    """The profiles that a card speaks, with its rows, as the collector finds them out."""
    found = detection.spoken(answers.keys() & set(detection.marks(PROFILES)), PROFILES)
    if not found:
        further = detection.further_marks(answers.get(detection.SYS_OBJECT_ID), PROFILES)
        found = detection.spoken(answers.keys() & {*detection.marks(PROFILES), *further}, PROFILES)
    return tuple(_placed(profile, answers) for profile in found)


def _placed(profile: Profile, answers: Answers) -> Profile:
    rows = {name: first_row(answers, column) for name, column in profile.unplaced(answers).items()}
    return profile.with_rows({name: row for name, row in rows.items() if row is not None})


def seen(answers: Answers) -> Observation:
    return observe(answers, spoken(answers))


def looked(reading: Reading) -> Observation:
    """What a poll saw."""
    assert isinstance(reading.seen, Look)
    return reading.seen.seen


async def collect(answers: Answers, mib: str = "auto") -> Reading:
    ports = FakePorts(snmp=FakeSnmp({HOST: answers}))
    return await COLLECTOR.collect(Target(HOST, mib=mib), ports, 10)


async def judged(answers: Answers, mib: str = "auto", looks: int = 1) -> Reading:
    """What the agent publishes after so many looks at a card that always says the same."""
    reading, watch = await collect(answers, mib), COLLECTOR.past()
    look = reading.seen
    assert isinstance(look, Look)
    found = reading
    for number in range(looks):
        at = number * APART
        found, watch = COLLECTOR.compare(replace(reading, seen=replace(look, at=at)), watch, 1.8e9 + at)
    return found


def verdict(answers: Answers, looks: int = 2) -> Verdict:
    """The verdict after so many looks at a card that always says the same."""
    state, found, first = State(), Verdict.UNKNOWN, seen(answers)
    for number in range(looks):
        state, judgement = step(state, first, number * APART)
        found = judgement.verdict
    return found


_WORDS = ("ups_power_verdict", "ups_source", "ups_battery_state", "ups_self_test_result")


def exported(reading: Reading) -> dict[str, float]:
    """`name{label value,...}` -> value, without the words that do not hold and the info."""
    return {
        sample.metric.name + ("{" + ",".join(value for _, value in sample.labels) + "}" if sample.labels else ""):
            sample.value
        for sample in reading.samples
        if sample.metric.name != "ups_info" and (sample.metric.name not in _WORDS or sample.value)
    }  # fmt: skip
