"""What holds for the verdict whatever a UPS says, in whatever order and at whatever times."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from collectors.messages import Language
from collectors.ups.canonical import QUANTITIES, Battery, Condition, Observation, Source, TestResult
from collectors.ups.power import LONGEST_TEST, MISSES, RETURN, Judgement, State, Verdict, step
from collectors.ups.signs import Mains, confirmed, denials, is_testing, link_lost, mains, says_battery
from collectors.ups.spell import APART, DRAINED

BATTERY = (Source.BATTERY, Source.BATTERY_TEST)
ON_LINE = tuple(source for source in Source if source.is_mains)
LANGUAGES: tuple[Language, ...] = ("vi", "en")

Look = tuple[float, Observation | None]


def agrees(seen: Observation) -> bool:
    """Whether another object than the input confirms the word battery."""
    return confirmed(seen) or seen.says(Condition.CAUSE_MAINS)


def observations(
    sources: Sequence[Source | None] = (None, *Source), conditions: Sequence[Condition] = tuple(Condition)
) -> st.SearchStrategy[Observation]:
    """Any observation that observe() could give: every number is within what its quantity believes."""
    fields = {}
    for name, quantity in QUANTITIES.items():
        number = st.floats(quantity.least, quantity.most)
        fields[name] = st.dictionaries(st.integers(1, 3), number) if quantity.per_line else st.none() | number
    return st.builds(
        Observation,
        source=st.sampled_from(sources),
        battery=st.none() | st.sampled_from(Battery),
        test_result=st.none() | st.sampled_from(TestResult),
        conditions=st.dictionaries(st.sampled_from(conditions), st.booleans()),
        contradicted=st.booleans() if set(sources) <= set(ON_LINE) else st.just(False),
        **fields,
    )


def looks(seen: st.SearchStrategy[Observation], failures: bool = True) -> st.SearchStrategy[list[Look]]:
    """Looks at times that rise, some of them without an answer."""
    gaps = st.sampled_from((0.0, 1.0, 3.0, 5.0, 15.0, 130.0, 4000.0))
    pairs = st.lists(st.tuples(gaps, st.none() | seen if failures else seen), min_size=1, max_size=8)
    return pairs.map(_timed)


def _timed(pairs: Sequence[tuple[float, Observation | None]]) -> list[Look]:
    at, found = 100.0, []
    for gap, seen in pairs:
        at += gap
        found.append((at, seen))
    return found


def history(looked: Sequence[Look], state: State | None = None) -> list[Judgement]:
    state, found = state or State(), []
    for at, seen in looked:
        state, judgement = step(state, seen, at)
        found.append(judgement)
    return found


@given(looks(observations()))
def test_any_looks_give_a_verdict_with_a_reason_in_both_languages(looked: list[Look]) -> None:
    for (at, seen), judgement in zip(looked, history(looked), strict=True):
        assert judgement.verdict in Verdict
        assert judgement.since <= at
        assert judgement.again is None or 1 <= judgement.again <= APART
        assert judgement.age is None or judgement.age >= 0
        assert all(judgement.because.text(lang) for lang in LANGUAGES)
        assert (judgement.verdict is Verdict.NO_ANSWER) <= (seen is None)


@given(looks(observations()))
def test_an_outage_begins_only_with_two_signs(looked: list[Look]) -> None:
    before = None
    for number, judgement in enumerate(history(looked)):
        began = judgement.verdict.is_outage and not (before and before.verdict.is_outage)
        if began:
            at, seen = looked[number]
            assert seen is not None
            assert not link_lost(seen)
            if seen.source in ON_LINE:
                assert mains(seen) is Mains.BAD
                assert denials(seen) >= 2
                before = judgement
                continue
            assert says_battery(seen)
            earlier = looked[:number]
            assert mains(seen) is Mains.BAD or agrees(seen) or _said_before(earlier, at) or _drained(earlier, seen)
        before = judgement


def _drained(looked: Sequence[Look], now: Observation) -> bool:
    """Whether the charge has fallen since an earlier look that had the word battery too."""
    begun = [seen.charge for _, seen in looked if seen and seen.charge is not None and says_battery(seen)]
    return now.charge is not None and any(round(charge - now.charge, 3) >= DRAINED for charge in begun)


def _said_before(looked: Sequence[Look], at: float) -> bool:
    """Whether an earlier look, far enough away to be a sign of its own, had the word battery too."""
    words = ((then, seen) for then, seen in looked if seen is not None)
    return any(at - then >= APART and says_battery(seen) for then, seen in words)


UNDENIED = observations(ON_LINE).filter(lambda seen: denials(seen) < 2)  # on line, and at most one sign against it
CALM = observations(ON_LINE).filter(lambda seen: denials(seen) == 0)


@given(looks(UNDENIED))
def test_no_single_sign_makes_an_outage_of_a_ups_on_line(looked: list[Look]) -> None:
    assert not any(judgement.verdict.is_outage for judgement in history(looked))


@given(looks(CALM))
def test_a_ups_on_line_that_nothing_denies_is_not_even_suspected(looked: list[Look]) -> None:
    assert not any(judgement.verdict.is_outage or judgement.suspect for judgement in history(looked))


@given(looks(observations(ON_LINE).filter(lambda seen: denials(seen) >= 2)))
def test_a_ups_on_line_against_two_signs_is_never_just_mains(looked: list[Look]) -> None:
    """Each look that is answered is an outage or a suspicion, or the card has lost its UPS."""
    for (_, seen), judged in zip(looked, history(looked), strict=True):
        if seen is not None and not link_lost(seen):
            assert judged.verdict.is_outage or (judged.verdict, judged.suspect) == (Verdict.UNKNOWN, True)


@given(observations())
def test_a_single_look_makes_an_outage_only_by_two_objects_that_agree(seen: Observation) -> None:
    (only,) = history([(5.0, seen)])
    if only.verdict.is_outage:
        assert says_battery(seen) or denials(seen) >= 2
        assert mains(seen) is Mains.BAD or agrees(seen)


GOOD: Mapping[str, Any] = {"input_voltage": {1: 230.0}, "nominal_voltage": 230.0, "output_voltage": {1: 230.0}}
SIGNS = (Condition.INPUT_BAD, Condition.TEST_RUNNING, Condition.BATTERY_LOW)
STEADY = tuple(each for each in Condition if each not in SIGNS)


@given(observations(BATTERY[:1], STEADY), st.sampled_from((1.0, 3.0, 15.0, 60.0)))
def test_words_that_stay_set_against_a_good_input_never_make_an_outage(seen: Observation, gap: float) -> None:
    """Even beside an old cause and an alarm: but not beside a battery that discharges or is low."""
    stuck = replace(seen, battery=None, **GOOD)
    assert not any(judged.verdict.is_outage for judged in history([(gap * number, stuck) for number in range(40)]))


@given(observations(BATTERY[:1]), looks(observations(ON_LINE)), st.sampled_from((APART, 15.0)))
def test_mains_that_is_lost_is_an_outage_within_two_looks(lost: Observation, past: list[Look], gap: float) -> None:
    """Lost: the word battery, no test, no lost link, no count that stands, and an input that is not good."""
    quiet = {**lost.conditions, Condition.LINK_LOST: False, Condition.TEST_RUNNING: False}
    lost = replace(lost, conditions=quiet, input_voltage={}, on_battery_time=None)
    end = past[-1][0]
    assert history([*past, (end + gap, lost), (end + 2 * gap, lost)])[-1].verdict.is_outage
    gone = replace(lost, input_voltage={1: 10.0})
    assert history([*past, (end + gap, gone)])[-1].verdict.is_outage


@given(observations(BATTERY), st.floats(1, LONGEST_TEST))
def test_a_test_on_a_good_input_is_no_outage_while_it_is_short_and_light(seen: Observation, lasts: float) -> None:
    quiet = {**seen.conditions, Condition.LINK_LOST: False, Condition.INPUT_BAD: False, Condition.TEST_RUNNING: True}
    test = replace(seen, conditions=quiet, **GOOD)
    assert is_testing(test)
    found = history([(0.0, test), (lasts / 2, test), (lasts, test)])
    assert {judgement.verdict for judgement in found} == {Verdict.SELF_TEST}


STUCK = observations(BATTERY[:1], STEADY).map(
    lambda seen: replace(seen, battery=None, on_battery_time=None, charge=None, **GOOD)
)


@given(looks(UNDENIED | STUCK), st.integers(0, 7))
def test_a_restart_invents_no_outage(looked: list[Look], restart: int) -> None:
    """On line or stuck, in any order: neither the machine that saw it all nor one that begins anywhere calls it one."""
    for found in (history(looked), history(looked[restart:])):
        assert not any(judgement.verdict.is_outage for judgement in found)


@given(looks(observations()), observations())
def test_the_same_look_at_the_same_time_is_judged_the_same(looked: list[Look], seen: Observation) -> None:
    state = State()
    for at, one in looked:
        state, _ = step(state, one, at)
    once, first = step(state, seen, looked[-1][0] + 5)
    _, second = step(once, seen, looked[-1][0] + 5)
    assert (second.verdict, second.since, second.suspect) == (first.verdict, first.since, first.suspect)


@given(looks(observations()), observations(), st.floats(0, 1e6))
def test_a_time_that_goes_back_counts_as_the_last_one(looked: list[Look], seen: Observation, back: float) -> None:
    state = State()
    for at, one in looked:
        state, _ = step(state, one, at)
    assert step(state, seen, state.at - back) == step(state, seen, state.at)


@given(looks(observations()), st.none() | UNDENIED)
def test_an_outage_that_is_over_or_silent_does_not_last(looked: list[Look], then: Observation | None) -> None:
    """Whatever was, mains that stays and silence that stays end it."""
    end = looked[-1][0]
    if then is not None:
        then = replace(then, conditions={**then.conditions, Condition.LINK_LOST: False})
    after: list[Look] = [(end + RETURN * number, then) for number in range(1, MISSES + 1)]
    assert not history([*looked, *after])[-1].verdict.is_outage
