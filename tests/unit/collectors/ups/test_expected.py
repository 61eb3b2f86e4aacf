"""Real cards: what we read of them is what other projects expect of the same recordings, and no verdict cries wolf."""

from collections.abc import Mapping, Sequence

from collectors.core import Reading, Reason
from tests.ups import nut
from tests.ups.canonical import Fact, Value, facts
from tests.ups.differences import Comparison, beside_librenms, needless, unexplained
from tests.ups.librenms import sensors
from tests.ups.product import collected, looks_at, observation, repeated, verdict
from tests.ups.recordings import Recording, recordings

OFTEN = 200  # looks, a quarter of an hour or more
WORDS_OF_NUT = {"mains": "OL", "outage": "OB", "low_battery": "OB", "bypass": "BYPASS", "overload": "OL"}
STATES = {"generex-ups_cs141": "bypass", "cetpower": "unknown"}  # all others that show their state are on mains
# Where NUT's word for the state is not ours, and why.
OTHER_WORDS = {"cetpower": "NUT trusts one sign: battery, although mains is there and no second is counted"}


async def look(recording: Recording) -> Reading:
    (reading,) = await looks_at(recording.answers())
    return reading


async def ours(recording: Recording) -> Mapping[Fact, Value]:
    return facts(observation(await look(recording)))


def test_every_value_that_librenms_expects_is_compared_or_has_its_reason() -> None:
    assert len(sensors()) >= 979
    assert all((sensor.fact is None) == bool(sensor.beyond) for sensor in sensors())
    assert sum(sensor.fact is not None for sensor in sensors()) >= 484


async def beside_all_of_librenms() -> Sequence[Comparison]:
    found: list[Comparison] = []
    for recording in recordings():
        expected = [sensor for sensor in sensors() if sensor.recording == recording]
        if any(sensor.fact for sensor in expected):
            found.extend(beside_librenms(expected, await ours(recording)))
    return found


async def beside_all_of_nut() -> Sequence[Comparison]:
    return [each for answer in nut.answers() for each in nut.beside_nut(answer, await ours(answer.recording))]


async def test_values_are_those_that_librenms_expects_or_the_difference_is_explained() -> None:
    compared = await beside_all_of_librenms()
    assert not unexplained(compared), "\n".join(unexplained(compared))
    assert needless("librenms", compared) == []


async def test_values_are_those_that_nut_reads_or_the_difference_is_explained() -> None:
    compared = await beside_all_of_nut()
    assert len(compared) >= 160
    assert not unexplained(compared), "\n".join(unexplained(compared))
    assert needless("nut", compared) == []


async def test_every_recorded_ups_that_shows_its_state_is_read() -> None:
    results = {each.stem: (await look(each)).result for each in recordings() if each.has_state}
    assert [stem for stem, result in results.items() if result is not Reason.OK] == []
    assert len(results) >= 39


async def test_every_device_that_nut_recognises_is_read() -> None:
    assert [
        answer.recording.stem for answer in nut.answers() if (await look(answer.recording)).result is not Reason.OK
    ] == []


async def test_what_is_no_ups_or_shows_no_value_is_refused_with_a_reason() -> None:
    for each in recordings():
        reading = await look(each)
        assert reading.result in (Reason.OK, Reason.UNSUPPORTED, Reason.BAD_ANSWER), each.stem
        assert reading.success or reading.evidence[-1], each.stem


async def test_the_verdict_on_a_recording_is_its_state_at_the_first_look_and_however_often_it_is_repeated() -> None:
    wrong: list[str] = []
    for each in recordings():
        verdicts = {verdict(reading) for reading in repeated(await collected(each.answers()), OFTEN)}
        allowed = {STATES.get(each.stem, "mains")} if each.has_state else {"mains", "unknown", "no_answer"}
        if not verdicts <= allowed:
            wrong.append(f"{each.stem}: {', '.join(sorted(verdicts))}")
    assert not wrong, "\n".join(wrong)


async def test_verdicts_are_those_of_nut_or_the_difference_is_explained() -> None:
    for answer in nut.answers():
        ours = verdict(await look(answer.recording))
        if answer.status and answer.recording.stem not in OTHER_WORDS:
            assert WORDS_OF_NUT[ours] in answer.status, answer.recording.stem
