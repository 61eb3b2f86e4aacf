"""Any value of any type for any object of any family: no crash, one verdict, and no outage out of noise."""

import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.core import ProbeError, Reading
from collectors.core.ports import Oid, SnmpValue
from collectors.ups import COLLECTOR, POWER_VERDICT, Target, Verdict
from collectors.ups.canonical import Condition
from collectors.ups.profile import PROFILES, Profile
from collectors.ups.signs import Mains, confirmed, denials, link_lost, mains, says_battery
from collectors.ups.spell import APART
from collectors.ups.watch import Look
from tests.fakes.ports import FakePorts
from tests.fakes.snmp import FakeSnmp
from tests.fakes.time import FakeClock, run
from tests.unit.collectors.ups.cards import HOST

ROW, KIND = "1.3.6.1.2.1.33.1.6.2.1.2", "1.3.6.1.2.1.33.1.6.3"
SENTINELS = (-1, 255, 999, 9999, 65535, 2**31 - 1, 2**32 - 1, 2**64)
EACH_FAMILY = pytest.mark.parametrize("profile", PROFILES, ids=[profile.name for profile in PROFILES])

Answers = Mapping[Oid, SnmpValue]


def objects(profile: Profile) -> Sequence[Oid]:
    alarms = [f"{ROW}.{row}" for row in range(3)] if profile.alarms else []
    return (*profile.state_oids, *profile.detail_oids, *alarms)


def values() -> st.SearchStrategy[SnmpValue]:
    numbers = st.integers(-2, 40) | st.integers(-(2**70), 2**70) | st.sampled_from(SENTINELS)
    texts = st.binary(max_size=70) | st.from_regex(rb"[-+]?[0-9.]{1,12}|[01]{64}", fullmatch=True)
    return numbers | texts | st.integers(0, 30).map(lambda kind: f"{KIND}.{kind}") | st.just("1.3.6.1")


async def polls(profile: Profile, answers: Sequence[Answers]) -> list[Reading]:
    """What is published of a card that answers these, one after the other."""
    watch, found, clock = COLLECTOR.past(), [], FakeClock()
    for one in answers:
        ports = FakePorts(snmp=FakeSnmp({HOST: one}), clock=clock)
        try:
            reading = await COLLECTOR.collect(Target(HOST, mib=profile.name), ports, 10)
        except ProbeError as error:
            reading = Reading(error.reason)
        judged, watch = COLLECTOR.compare(reading, watch, clock.now())
        found.append(judged)
        await clock.sleep(APART)
    return found


def verdict(reading: Reading) -> Verdict:
    (held,) = (one.label("verdict") for one in reading.samples if one.metric == POWER_VERDICT and one.value)
    return Verdict(held)


@EACH_FAMILY
@settings(max_examples=12)
@given(st.data())
def test_any_answers_are_survived_and_an_outage_has_two_signs(profile: Profile, data: st.DataObject) -> None:
    answers = st.dictionaries(st.sampled_from(objects(profile)), values())
    words = 0
    for reading in run(polls(profile, data.draw(st.lists(answers, min_size=1, max_size=4)))):
        seen = reading.seen.seen if isinstance(reading.seen, Look) else None
        said = seen is not None and says_battery(seen) and not link_lost(seen)
        if verdict(reading).is_outage and seen is not None and said:
            agrees = confirmed(seen) or seen.says(Condition.CAUSE_MAINS)
            assert mains(seen) is Mains.BAD or agrees or words
        words += said or (seen is not None and mains(seen) is Mains.BAD and denials(seen) >= 2)
        assert words or not verdict(reading).is_outage


def test_noise_is_hardly_ever_an_outage() -> None:
    """Small numbers everywhere, the worst of noise: they are words of enumerations. Two looks at it, of each family."""
    generator = random.Random(4)
    found = [verdict(run(polls(profile, noise(profile, generator)))[-1]) for profile in PROFILES for _ in range(25)]
    assert sum(one.is_outage for one in found) <= 0.05 * len(found)
    assert sum(one in (Verdict.UNKNOWN, Verdict.NO_ANSWER) for one in found) >= 0.75 * len(found)


def noise(profile: Profile, generator: random.Random) -> list[Answers]:
    values = (lambda: generator.randint(-1, 30), lambda: b"\x00?", lambda: b"12")
    return [{oid: generator.choice(values)() for oid in objects(profile)} for _ in range(2)]
