"""The one word on the office's power, from the readings of all its UPSes."""

import pytest

from agent.power.word import FORGOTTEN, Power, Upses, of_reading, said
from collectors.core import Reading, Reason, Sample
from collectors.core.lastword import Word
from collectors.core.observed import LAST_WORD
from collectors.ups import CHARGE, POWER_VERDICT, RUNTIME, SUSPECTED, Verdict


def reading(verdict: Verdict, *more: Sample) -> Reading:
    """As a collector of UPSes gives it: one verdict holds, the others do not."""
    return Reading(Reason.OK, (*(POWER_VERDICT(one is verdict, verdict=one) for one in Verdict), *more))


WORDS = {
    Verdict.MAINS: Word.MAINS,
    Verdict.SELF_TEST: Word.MAINS,
    Verdict.BYPASS: Word.MAINS,
    Verdict.OVERLOAD: Word.MAINS,
    Verdict.OUTAGE: Word.OUTAGE,
    Verdict.LOW_BATTERY: Word.LOW_BATTERY,
    Verdict.UPS_LINK_LOST: Word.UNKNOWN,
    Verdict.NO_ANSWER: Word.UNKNOWN,
    Verdict.UNKNOWN: Word.UNKNOWN,
}


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_its_word(verdict: Verdict) -> None:
    answered = verdict not in (Verdict.NO_ANSWER, Verdict.UPS_LINK_LOST)
    assert of_reading(reading(verdict)) == Power(WORDS[verdict], answered=answered)


@pytest.mark.parametrize("verdict", [Verdict.MAINS, Verdict.UNKNOWN, Verdict.BYPASS])
def test_first_signs_of_an_outage_are_a_word_of_their_own(verdict: Verdict) -> None:
    assert of_reading(reading(verdict, SUSPECTED(1))) == Power(Word.SUSPECT)


def test_a_confirmed_outage_is_no_suspicion() -> None:
    assert of_reading(reading(Verdict.OUTAGE, SUSPECTED(1))) == Power(Word.OUTAGE)


def test_what_is_left_in_the_battery_comes_along() -> None:
    assert of_reading(reading(Verdict.OUTAGE, CHARGE(0.4), RUNTIME(600))) == Power(Word.OUTAGE, 0.4, 600)


def test_the_reading_of_anything_else_says_nothing_of_power() -> None:
    assert of_reading(Reading(Reason.OK)) is None


def test_without_a_ups_the_office_knows_nothing() -> None:
    assert Upses().office() == Power(Word.UNKNOWN)


@pytest.mark.parametrize(
    ("first", "second", "worst"),
    [
        (Power(Word.MAINS), Power(Word.OUTAGE), Power(Word.OUTAGE)),
        (Power(Word.UNKNOWN), Power(Word.MAINS), Power(Word.MAINS)),
        (Power(Word.SUSPECT), Power(Word.MAINS), Power(Word.SUSPECT)),
        (Power(Word.LOW_BATTERY), Power(Word.OUTAGE), Power(Word.LOW_BATTERY)),
        (Power(Word.OUTAGE, runtime=60), Power(Word.OUTAGE, runtime=600), Power(Word.OUTAGE, runtime=60)),
        (Power(Word.OUTAGE), Power(Word.OUTAGE, runtime=600), Power(Word.OUTAGE, runtime=600)),
    ],
)
def test_of_several_upses_the_worst_speaks(first: Power, second: Power, worst: Power) -> None:
    assert Upses().with_one("a", first, 0).with_one("b", second, 0).office() == worst
    assert Upses().with_one("b", second, 0).with_one("a", first, 0).office() == worst


def test_a_ups_that_falls_silent_on_battery_is_believed_for_a_while() -> None:
    upses = Upses().with_one("a", Power(Word.OUTAGE), 100)
    assert upses.with_one("a", Power(), 100 + FORGOTTEN - 1).office().word is Word.OUTAGE
    assert upses.with_one("a", Power(), 100 + FORGOTTEN).office().word is Word.UNKNOWN


def test_a_ups_that_is_not_configured_any_more_says_nothing() -> None:
    upses = Upses().with_one("a", Power(Word.OUTAGE), 0).with_one("b", Power(Word.MAINS), 0)
    assert upses.only(["b"]).office().word is Word.MAINS


def test_what_is_pushed_names_every_word_and_one_that_holds() -> None:
    samples = said(Power(Word.DYING, 0.05, 90))
    words = {sample.label("word"): sample.value for sample in samples if sample.metric == LAST_WORD}
    assert words == {word: float(word is Word.DYING) for word in Word}
    assert [(sample.metric.name, sample.value) for sample in samples[len(words) :]] == [
        ("office_last_word_charge_ratio", 0.05),
        ("office_last_word_runtime_seconds", 90),
    ]


@pytest.mark.parametrize(
    ("before", "answered", "word"),
    [
        (Word.SUSPECT, True, Word.UNKNOWN),
        (Word.SUSPECT, False, Word.SUSPECT),
        (Word.OUTAGE, True, Word.OUTAGE),
        (Word.MAINS, True, Word.MAINS),
    ],
)
def test_a_suspicion_ends_with_an_answer_that_does_not_repeat_it_and_not_with_silence(
    before: Word, answered: bool, word: Word
) -> None:
    upses = Upses().with_one("a", Power(before), 0.0).with_one("a", Power(Word.UNKNOWN, answered=answered), 5.0)
    assert upses.office().word is word
