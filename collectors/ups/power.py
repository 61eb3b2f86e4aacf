"""Is there mains in the office? A state machine over looks at its UPS. Pure: time is an argument.

The rules, each with its reason:
- an outage needs two signs: the card's word "battery", and a bad input, another object, or the word again 5 s later;
- a good input contradicts the word alone: two minutes later the UPS's own count of seconds runs, or the flag is stuck;
- the word "mains" does not outweigh two signs of the battery: it is doubted, and with a bad input it is not believed;
- a self-test is no outage, until it lasts too long or the input turns bad; unseen input leaves a suspicion;
- overload and bypass are told of a UPS that has mains; in an outage they are part of it;
- whatever the card calls it, a battery that has lost a tenth of its charge does feed the office;
- the battery is low only in an outage, and stays so until clearly more is left;
- after an outage mains has to stay for a while; a look without an answer changes nothing, three in a row do;
- a card that has lost its UPS says nothing but that.

A machine that knows nothing (after a start) calls nothing an outage that it would not have called one before.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from collectors.ups.canonical import Condition, Observation, Source
from collectors.ups.said import Said, low, why
from collectors.ups.signs import (
    Mains,
    confirmed,
    denials,
    has_little_left,
    is_bypassed,
    is_low,
    is_overloaded,
    is_testing,
    link_lost,
    mains,
    measures_mains,
    output_is_live,
    says_battery,
)
from collectors.ups.spell import APART, DRAINED, Spell

LONGEST_TEST = 120.0  # seconds on battery that a self-test may take, or a contradiction may last
RETURN = 10.0  # seconds that mains has to stay after an outage
MISSES = 3  # looks without an answer, after which the last verdict counts no more
LOW_MARGIN = 1.5  # a low battery is one until so many times the limit is left
SOON = 3.0  # seconds to the next look in an outage


class Verdict(StrEnum):
    """One word for the power: a closed list, exported as the label `verdict` of `ups_power_verdict`."""

    MAINS = "mains"
    OUTAGE = "outage"
    SELF_TEST = "self_test"
    LOW_BATTERY = "low_battery"  # an outage, and the battery is about to end
    BYPASS = "bypass"
    OVERLOAD = "overload"
    UPS_LINK_LOST = "ups_link_lost"  # the card answers, but has lost its UPS
    NO_ANSWER = "no_answer"
    UNKNOWN = "unknown"

    @property
    def is_outage(self) -> bool:
        return self in (Verdict.OUTAGE, Verdict.LOW_BATTERY)

    @property
    def tells(self) -> bool:
        """Whether it says if there is an outage."""
        return self not in (Verdict.UPS_LINK_LOST, Verdict.NO_ANSWER, Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is known after one look.

    since    monotonic seconds at which the verdict began
    because  for a person
    suspect  there are first signs of an outage, not yet confirmed
    again    seconds to the next look, where the regular one would be too late
    age      seconds since the last values that are not old; None = there never were any
    """

    verdict: Verdict
    since: float
    because: Said
    suspect: bool = False
    again: float | None = None
    age: float | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered from look to look. `State()` knows nothing.

    at       of the last step
    heard    of the last look whose values were not old
    misses   looks without an answer since the last one
    back     since when the card says mains again, while that is not believed yet
    tested   since when the card says that a test is on, whatever feeds the load
    doubt    what is known since the input is bad, while the card says mains
    """

    at: float = 0.0
    last: Judgement | None = None
    heard: float | None = None
    misses: int = 0
    spell: Spell | None = None
    back: float | None = None
    tested: float | None = None
    doubt: Spell | None = None

    @property
    def in_outage(self) -> bool:
        return self.last is not None and self.last.verdict.is_outage

    @property
    def in_test(self) -> bool:
        return self.last is not None and self.last.verdict is Verdict.SELF_TEST


def step(state: State, seen: Observation | None, at: float) -> tuple[State, Judgement]:
    """One look: None = no usable answer. `at` in monotonic seconds; a time before the last one counts as that."""
    at = max(at, state.at)
    if seen is None:
        return _missed(state, at)
    if link_lost(seen):
        return _ruled(State(at, state.last, state.heard), Verdict.UPS_LINK_LOST, Said("because.link_lost"))
    tested = (at if state.tested is None else state.tested) if is_testing(seen) else None
    heard = replace(state, at=at, heard=at, misses=0, tested=tested)
    return _on_battery(heard, seen) if says_battery(seen) else _off_battery(heard, seen)


def _ruled(
    state: State, verdict: Verdict, because: Said, *, suspect: bool = False, again: float | None = None,
    since: float | None = None,
) -> tuple[State, Judgement]:  # fmt: skip
    """The step's end: `since` holds for a verdict that was another one before."""
    began = state.at if since is None else since
    if state.last is not None and state.last.verdict is verdict:
        began = state.last.since
    age = None if state.heard is None else state.at - state.heard
    judgement = Judgement(verdict, began, because, suspect, again, age)
    return replace(state, last=judgement), judgement


def _missed(state: State, at: float) -> tuple[State, Judgement]:
    missed = replace(state, at=at, misses=state.misses + 1)
    if state.last is None or state.last.verdict is Verdict.NO_ANSWER or missed.misses >= MISSES:
        silent = replace(missed, spell=None, back=None, doubt=None)
        return _ruled(silent, Verdict.NO_ANSWER, Said("because.silent", {"times": missed.misses}))
    age = round(at - (at if state.heard is None else state.heard))
    because = Said("because.missed", {"seconds": age})
    return _ruled(missed, state.last.verdict, because, suspect=state.last.suspect, again=APART)


# --- the card says mains, or something else that is not the battery ---------------------------------------------------


def _off_battery(state: State, seen: Observation) -> tuple[State, Judgement]:
    fed = seen.source is not None and seen.source.is_mains
    bad = mains(seen) is Mains.BAD
    doubt = (state.doubt or Spell(seen.charge, Mains.BAD, state.at, seen.on_battery_time)) if fed and bad else None
    state = replace(state, doubt=doubt)
    against = denials(seen) if fed else 0
    if against >= 2 and bad and not measures_mains(seen):
        spell = state.spell or Spell(seen.charge, Mains.BAD, state.at, seen.on_battery_time)
        return _outage(replace(state, spell=spell, back=None), spell, seen, why(seen, "against_source"))
    back = state.at if state.back is None else state.back
    if state.in_outage and not fed and (bad or _has_gone_silent(state, seen)):
        return _goes_on(replace(state, back=None), seen, why(seen, "still_bad"))
    if state.in_outage and state.at - back < RETURN:
        key = "because.returning" if fed else "because.leaving"
        return _goes_on(replace(state, back=back), seen, Said(key, {"seconds": round(RETURN)}))
    calm = replace(state, spell=None, back=None)
    used = doubt is not None and (doubt.runs(seen, state.at) or doubt.falls(seen))
    if against + used >= 2:
        return _ruled(calm, Verdict.UNKNOWN, why(seen, "contested"), suspect=True, again=APART)
    return _on_mains(calm, seen, fed=fed, bad=bad)


def _on_mains(state: State, seen: Observation, *, fed: bool, bad: bool) -> tuple[State, Judgement]:
    if seen.source is Source.OFF:
        return _ruled(state, Verdict.UNKNOWN, Said("because.off_live" if output_is_live(seen) else "because.off"))
    if bad and (not fed or is_overloaded(seen)):
        return _ruled(state, Verdict.UNKNOWN, why(seen, "bad_untold"), suspect=True, again=APART)
    if is_overloaded(seen):
        return _ruled(state, Verdict.OVERLOAD, Said("because.overload"))
    if is_bypassed(seen):
        return _ruled(state, Verdict.BYPASS, Said("because.bypass"))
    if not fed:
        return _ruled(state, Verdict.UNKNOWN, Said("because.untold"))
    return _ruled(state, Verdict.MAINS, Said("because.mains"))


def _goes_on(state: State, seen: Observation, because: Said) -> tuple[State, Judgement]:
    """The outage that there was, whatever the card calls it now."""
    spell = state.spell or Spell(seen.charge, Mains.BAD, state.at, seen.on_battery_time)
    return _outage(replace(state, spell=spell), spell, seen, because)


def _has_gone_silent(state: State, seen: Observation) -> bool:
    """Whether an input that was bad has no value now: off the battery a 0 V is taken for one that nobody measures."""
    return state.spell is not None and state.spell.mains is Mains.BAD and not seen.input_voltage


# --- the card says battery --------------------------------------------------------------------------------------------


def _on_battery(state: State, seen: Observation) -> tuple[State, Judgement]:
    spell = _continued(state, seen)
    state = replace(state, spell=spell, back=None, doubt=None)
    if spell.mains is Mains.BAD:
        return _outage(state, spell, seen, why(seen, "input_bad"))
    if (lost := spell.lost(seen)) >= DRAINED:
        return _outage(state, spell, seen, why(seen, "drained", percent=round(lost * 100)))
    if spell.testing is not None:
        return _test(state, spell, spell.testing, seen)
    if spell.mains is Mains.GOOD:
        return _contradiction(state, spell, seen)
    return _unclear(state, spell, seen)


def _continued(state: State, seen: Observation) -> Spell:
    """The spell with this look counted in; begun if there was none."""
    now = mains(seen)
    spell = state.spell or Spell(seen.charge, now, state.at, seen.on_battery_time)
    if spell.charge is None:
        spell = replace(spell, charge=seen.charge)
    if spell.mains is not now:
        spell = replace(spell, mains=now, since=state.at, counted=seen.on_battery_time)
    no_test_now = state.in_outage and now is not Mains.GOOD
    old = state.tested is not None and state.at - state.tested > LONGEST_TEST  # a word that stays set on mains too
    if not is_testing(seen) or (spell.testing is None and (no_test_now or old)):
        return replace(spell, testing=None)
    return replace(spell, testing=state.at if spell.testing is None else spell.testing)


def _test(state: State, spell: Spell, began: float, seen: Observation) -> tuple[State, Judgement]:
    if state.at - began <= LONGEST_TEST:
        unseen = not seen.input_voltage  # a word that is stuck would hide an outage
        return _ruled(state, Verdict.SELF_TEST, why(seen, "testing"), suspect=unseen, again=APART)
    if spell.mains is Mains.GOOD and spell.stands(seen, state.at):
        return _stuck(state, spell, seen)
    too_long = why(seen, "test_too_long", seconds=round(LONGEST_TEST))
    return _outage(state, spell, seen, too_long)


def _contradiction(state: State, spell: Spell, seen: Observation) -> tuple[State, Judgement]:
    """The input is good. After an outage or a test the UPS may just take its time; else see LONGEST_TEST."""
    lasted, runs = state.at - spell.since, spell.runs(seen, state.at)
    if lasted > LONGEST_TEST and runs:
        return _outage(state, spell, seen, why(seen, "counting", seconds=round(lasted)))
    if _is_explained(spell, seen, runs=runs):
        return _outage(state, spell, seen, why(seen, "agreed"))
    if lasted > LONGEST_TEST or spell.stuck:
        return _stuck(state, spell, seen)
    if state.in_outage:
        return _outage(state, spell, seen, why(seen, "retransfer"))
    if state.in_test:
        return _ruled(state, Verdict.SELF_TEST, why(seen, "testing"), again=APART)
    return _ruled(state, Verdict.UNKNOWN, why(seen, "against_input"), suspect=True, again=APART)


def _is_explained(spell: Spell, seen: Observation, *, runs: bool) -> bool:
    """Whether other objects outweigh a good input. The cause of the transfer may be an old one: not it alone."""
    if seen.says(Condition.CAUSE_SELF_TEST):
        return False
    return confirmed(seen) or (seen.says(Condition.CAUSE_MAINS) and (runs or spell.falls(seen)))


def _unclear(state: State, spell: Spell, seen: Observation) -> tuple[State, Judgement]:
    """The input does not tell."""
    lasted = state.at - spell.since
    moves = spell.runs(seen, state.at) or spell.falls(seen)
    if confirmed(seen) or (seen.says(Condition.CAUSE_MAINS) and (moves or not spell.stuck)):
        return _outage(state, spell, seen, why(seen, "agreed"))
    blind = not seen.input_voltage and not state.in_outage
    frozen = blind and spell.is_frozen(seen, state.at) and not moves
    if (spell.stuck and not moves) or (frozen and lasted > LONGEST_TEST):
        return _stuck(state, spell, seen)
    if lasted >= APART and not frozen:
        return _outage(state, spell, seen, why(seen, "twice", seconds=round(lasted)))
    if state.in_outage:
        return _outage(state, spell, seen, why(seen, "still"))
    return _ruled(state, Verdict.UNKNOWN, why(seen, "once"), suspect=True, again=APART)


def _stuck(state: State, spell: Spell, seen: Observation) -> tuple[State, Judgement]:
    because = why(seen, "stuck", seconds=round(state.at - spell.since))
    return _ruled(replace(state, spell=replace(spell, stuck=True)), Verdict.UNKNOWN, because)


def _outage(state: State, spell: Spell, seen: Observation, because: Said) -> tuple[State, Judgement]:
    was_low = state.last is not None and state.last.verdict is Verdict.LOW_BATTERY
    verdict = Verdict.OUTAGE
    if is_low(seen) or has_little_left(seen, LOW_MARGIN if was_low else 1.0):
        verdict, because = Verdict.LOW_BATTERY, low(because, seen)
    began = state.at if state.in_outage or state.in_test else spell.since
    sure = replace(state, spell=replace(spell, stuck=False))
    return _ruled(sure, verdict, because, again=SOON, since=began)
