"""Real cards with the habits of other real cards: what is read stays the same, and what is lost cries no wolf.

The habits are those that were seen in the field: integers as text, rows one index deeper, padded texts, objects that a
firmware leaves out, one object that says what it likes.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.core.ports import Oid, SnmpValue
from tests.fakes.snmp import FakeSnmp, parse_snmprec
from tests.fakes.time import run
from tests.ups.canonical import facts
from tests.ups.derive import State, derived
from tests.ups.product import CARD, collected, looks, observation, repeated, verdict
from tests.ups.recordings import Recording, folder, recordings

Answers = Mapping[Oid, SnmpValue]

OFTEN = 30  # looks, more than the two minutes that a contradiction may last
CONTRADICTORY = "cetpower"  # says battery while mains is there: without its input voltage nobody can tell
TABLES = re.compile(r"1\.3\.6\.1\.2\.1\.33\.1\.(3\.3|4\.4)\.1\.\d+\.\d+")


@cache
def on_line() -> Sequence[Recording]:
    return [each for each in recordings() if each.has_state and each.stem != CONTRADICTORY]


@cache
def in_outage() -> Sequence[tuple[str, Answers]]:
    made = ((each.stem, derived(each, State.OUTAGE)) for each in on_line())
    return [(stem, parse_snmprec(lines)) for stem, lines in made if lines is not None]


def as_text(answers: Answers) -> Answers:
    return {oid: str(value).encode() if isinstance(value, int) else value for oid, value in answers.items()}


def one_index_deeper(answers: Answers) -> Answers:
    return {f"{oid}.0" if TABLES.fullmatch(oid) else oid: value for oid, value in answers.items()}


def padded(answers: Answers) -> Answers:
    return {oid: value + b" \0\0" if isinstance(value, bytes) else value for oid, value in answers.items()}


@pytest.mark.parametrize("habit", [as_text, one_index_deeper, padded])
async def test_a_habit_of_writing_changes_nothing_that_is_read(habit: Callable[[Answers], Answers]) -> None:
    for each in on_line():
        plain, odd = await collected(each.answers()), await collected(habit(each.answers()))
        assert facts(observation(odd)) == facts(observation(plain)), each.stem
        assert observation(odd).model == observation(plain).model, each.stem


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_a_card_on_mains_that_leaves_out_any_objects_is_no_outage(data: st.DataObject) -> None:
    folder()
    each = data.draw(st.sampled_from(on_line()))
    kept = without_some(each.answers(), data)
    assert {verdict(reading) for reading in repeated(run(collected(kept)), OFTEN)}.isdisjoint({"outage", "low_battery"})


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_a_card_in_an_outage_that_leaves_out_any_objects_never_says_that_all_is_well(data: st.DataObject) -> None:
    folder()
    _, answers = data.draw(st.sampled_from(in_outage()))
    kept = without_some(answers, data)
    said = {verdict(reading) for reading in repeated(run(collected(kept)), OFTEN)}
    assert said <= {"outage", "low_battery", "unknown", "no_answer"}


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_one_object_that_says_what_it_likes_makes_no_outage_at_the_first_look(data: st.DataObject) -> None:
    folder()
    answers = dict(data.draw(st.sampled_from(on_line())).answers())
    oid = data.draw(st.sampled_from(asked(answers)))
    answers[oid] = data.draw(st.one_of(st.integers(0, 16), st.integers(-(2**31), 2**32), st.binary(max_size=64)))
    (reading,) = repeated(run(collected(answers)), 1)
    assert verdict(reading) not in ("outage", "low_battery")


def asked(answers: Answers) -> Sequence[Oid]:
    """Of the objects that a card has, those that a poll wants."""
    snmp = FakeSnmp({CARD.host: answers})
    run(looks(snmp, CARD, 1))
    return sorted({oid for _, oids in snmp.asked for oid in oids if oid in answers})


def without_some(answers: Answers, data: st.DataObject) -> Answers:
    """Each object stays or goes by its own chance."""
    chance = Random(data.draw(st.integers(0, 2**32)))
    share = data.draw(st.floats(0, 0.9))
    return {oid: value for oid, value in answers.items() if chance.random() >= share}
