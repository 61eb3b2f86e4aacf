"""How long the agent was away and why, as far as the journal and the clocks can tell."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.journal.absence import Absence
from agent.journal.entry import Entry, Known, Mark
from agent.journal.judge import SHORTEST_CUT, Start, judge
from agent.journal.ledger import Ledger, Total
from collectors.core.lastword import WHYS, Away, Evidence, Word

NOON = 1.8e9
LAST = Entry("boot one", 5000, NOON, trusted=True, known=Known(power=Word.MAINS))


def start(after: float, *, boot: str = "boot two", up: float = 40, trusted: bool = True) -> Start:
    """An agent that starts so long after the last entry, `up` seconds after its machine did."""
    return Start(boot, NOON + after - up, NOON + after, up, trusted)


def last(power: Word = Word.MAINS, mark: Mark = Mark.RUNNING) -> Entry:
    return replace(LAST, mark=mark, known=Known(power=power))


def why(entry: Entry, start: Start) -> tuple[Away, Evidence]:
    absence = judge(entry, start)
    return absence.cause, absence.evidence


@pytest.mark.parametrize("word", [Word.SUSPECT, Word.OUTAGE, Word.LOW_BATTERY, Word.DYING])
@pytest.mark.parametrize("mark", Mark)
def test_an_end_on_battery_is_power_by_the_ups_also_when_the_machine_shut_itself_down(word: Word, mark: Mark) -> None:
    assert judge(last(word, mark), start(7200)) == Absence(Away.POWER, Evidence.UPS, 7200, NOON + 7200)


@pytest.mark.parametrize("word", [Word.UNKNOWN, Word.MAINS])
def test_an_unclean_end_and_a_long_darkness_is_power_as_inferred(word: Word) -> None:
    assert judge(last(word), start(7200)) == Absence(Away.POWER, Evidence.INFERRED, 7200, NOON + 7200)


def test_a_short_darkness_may_have_been_a_crash_or_the_reset_button() -> None:
    assert why(last(), start(SHORTEST_CUT + 39)) == (Away.UNKNOWN, Evidence.NONE)
    assert why(last(), start(SHORTEST_CUT + 40)) == (Away.POWER, Evidence.INFERRED)


def test_a_machine_that_boots_for_long_was_not_dark_for_long() -> None:
    assert why(last(), start(600, up=590)) == (Away.UNKNOWN, Evidence.NONE)


def test_a_clean_end_and_a_new_boot_is_a_shutdown() -> None:
    assert judge(last(mark=Mark.STOPPED), start(50000)) == Absence(Away.SHUTDOWN, Evidence.JOURNAL, 50000, NOON + 50000)


@pytest.mark.parametrize("mark", Mark)
@pytest.mark.parametrize("word", Word)
def test_in_the_same_boot_only_the_agent_was_away_by_the_clock_that_nobody_sets(word: Word, mark: Mark) -> None:
    stepped = Start("boot one", NOON, NOON - 86400, 5090, trusted=False)
    assert judge(last(word, mark), stepped) == Absence(Away.AGENT, Evidence.JOURNAL, 90, NOON - 86400)


def test_without_a_clock_power_by_the_ups_is_known_but_not_for_how_long() -> None:
    assert judge(last(Word.DYING, Mark.DYING), start(7200, trusted=False)).seconds is None
    assert why(last(Word.DYING, Mark.DYING), start(7200, trusted=False)) == (Away.POWER, Evidence.UPS)


@pytest.mark.parametrize(
    ("entry", "now"),
    [
        (last(), start(7200, trusted=False)),
        (replace(last(), trusted=False), start(7200)),
        (last(), start(-86400)),
    ],
    ids=["the clock of now", "the clock of then", "a clock that went back"],
)
def test_with_a_clock_that_cannot_be_trusted_nothing_is_inferred(entry: Entry, now: Start) -> None:
    assert judge(entry, now) == Absence(Away.UNKNOWN, Evidence.NONE, None, now.now)


def test_a_machine_without_ids_of_boots_is_never_taken_for_the_same_boot() -> None:
    assert why(replace(last(), boot=""), start(7200, boot="")) == (Away.POWER, Evidence.INFERRED)


@given(
    word=st.sampled_from(Word),
    mark=st.sampled_from(Mark),
    then=st.booleans(),
    now=st.booleans(),
    after=st.floats(-1e6, 1e6),
    up=st.floats(0, 1e6),
    same=st.booleans(),
)
def test_whatever_the_clocks_say_no_absence_is_negative_and_power_needs_a_new_boot(
    word: Word, mark: Mark, then: bool, now: bool, after: float, up: float, same: bool
) -> None:
    entry = replace(last(word, mark), trusted=then)
    absence = judge(entry, start(after, boot="boot one" if same else "boot two", up=up, trusted=now))
    assert absence.seconds is None or absence.seconds >= 0
    assert (absence.cause is Away.AGENT) is same


def test_absences_are_counted_by_cause_and_evidence_with_the_seconds_that_are_known() -> None:
    cut, unknown = Absence(Away.POWER, Evidence.UPS, 60, NOON), Absence(Away.POWER, Evidence.UPS, None, NOON + 9)
    ledger = Ledger().with_one(cut).with_one(Absence(Away.AGENT, Evidence.JOURNAL, 3, NOON)).with_one(unknown)
    assert ledger.totals == {
        (Away.POWER, Evidence.UPS): Total(2, 60),
        (Away.AGENT, Evidence.JOURNAL): Total(1, 3),
    }
    shown = {(sample.metric.name, sample.label("evidence")): sample.value for sample in ledger.samples()}
    assert shown["office_absences_total", "ups"] == 2
    assert shown["office_absence_seconds_total", "ups"] == 60
    assert shown["office_last_absence_end_timestamp_seconds", "ups"] == NOON + 9
    assert "office_last_absence_seconds" not in {name for name, _ in shown}


def test_what_never_happened_is_counted_as_nought_so_that_its_first_time_is_an_increase() -> None:
    counts = [sample for sample in Ledger().samples() if sample.metric.name == "office_absences_total"]
    assert {(sample.label("cause"), sample.label("evidence")): sample.value for sample in counts} == dict.fromkeys(
        WHYS, 0.0
    )


@given(mark=st.sampled_from(Mark), word=st.sampled_from(Word), trusted=st.booleans(), after=st.floats(0, 1e6))
def test_every_reason_that_is_ever_given_is_one_of_those(mark: Mark, word: Word, trusted: bool, after: float) -> None:
    assert why(last(word, mark), start(after, trusted=trusted)) in WHYS
