"""The last absence as officers read it."""

import pytest

from agent.journal.absence import Absence
from agent.journal.story import TOLD, story
from collectors.core.lastword import Away, Evidence

END = 1_795_302_000.0  # 2026-11-22 06:00 in Vietnam


def test_a_power_cut_that_the_ups_saw_is_told_with_its_times() -> None:
    told = story(Absence(Away.POWER, Evidence.UPS, 8100, END), END + 60)
    assert told
    assert told.vi == (
        "Lần mất điện gần nhất: từ 03:45 22/11 đến 06:00 22/11, "
        "máy tại trụ sở ngừng hoạt động 2 giờ 15 phút (theo bộ lưu điện)."
    )
    assert "down from 03:45 22/11 to 06:00 22/11, 2 h 15 min" in told.en


def test_what_is_inferred_is_said_to_be() -> None:
    told = story(Absence(Away.POWER, Evidence.INFERRED, 8100, END), END + 60)
    assert told
    assert "suy đoán" in told.vi


@pytest.mark.parametrize(
    "absence",
    [Absence(Away.POWER, Evidence.UPS, None, END), Absence(Away.UNKNOWN, Evidence.NONE, None, END),
     Absence(Away.UNKNOWN, Evidence.NONE, 60, END)],
)  # fmt: skip
def test_what_is_not_known_is_not_made_up(absence: Absence) -> None:
    told = story(absence, END + 60)
    assert told
    assert "06:00 22/11" in told.vi
    assert "chưa rõ" in told.vi


@pytest.mark.parametrize("cause", [Away.AGENT, Away.SHUTDOWN])
def test_what_officers_did_themselves_or_never_noticed_is_no_story(cause: Away) -> None:
    assert story(Absence(cause, Evidence.JOURNAL, 50000, END), END + 60) is None


def test_after_a_day_it_is_an_old_story() -> None:
    absence = Absence(Away.POWER, Evidence.UPS, 60, END)
    assert story(absence, END + TOLD - 1)
    assert story(absence, END + TOLD) is None
    assert story(None, END) is None
