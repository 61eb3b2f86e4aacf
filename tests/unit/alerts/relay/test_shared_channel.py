"""Two receivers that share one channel, which sleeps at night: neither takes what the other is to hear."""

from pathlib import Path

import pytest

from alerts.relay.people import Party
from tests.unit.alerts.relay.office import Office, office
from tests.unit.alerts.relay.test_desk import MORNING, NIGHT, accept, held, soon
from tests.unit.alerts.relay.webhook import alert, notification
from tests.unit.inventory.test_hours import at

OWNER = {"receiver": "province-04-owner-portal"}


def shared(folder: Path) -> Office:
    """The province and an owner share the channel `duty`, which sleeps at night."""
    asleep = Party(("duty",), night=NIGHT, digest=MORNING)
    return office(folder, parties={"province-04": [asleep], "province-04-owner-portal": [asleep]})


def test_what_two_receivers_of_one_channel_hear_at_night_is_told_in_the_morning_each(tmp_path: Path) -> None:
    place, more = shared(tmp_path), alert(office="01273-2")
    accept(place, notification(alert(), more), now=at(1))
    accept(place, notification(**OWNER), now=at(1))
    assert held(place) == {"duty": [at(6), at(6)]}
    accept(place, notification(alert("resolved"), more), now=at(2))
    accept(place, notification(alert("resolved"), **OWNER), now=at(2))
    assert held(place) == {"duty": [at(6)]}
    assert "01273-2" in place.waiting["duty"][0].facts["office"]


def test_what_came_and_went_at_night_for_two_receivers_is_one_line_of_the_morning(tmp_path: Path) -> None:
    place = shared(tmp_path)
    for body in (notification(), notification(**OWNER)):
        accept(place, body, now=at(1))
    place = shared(tmp_path)
    for body in (notification(alert("resolved")), notification(alert("resolved"), **OWNER)):
        accept(place, body, now=at(2))
    assert place.waiting == {}
    ((note,),) = place.notes.due(at(7, 30)).values()
    assert note.line_vi.startswith("[ĐÃ HẾT]")


@pytest.mark.parametrize("ended", [{}, OWNER])
def test_what_ends_for_one_receiver_is_told_in_the_morning_while_it_lasts_for_another(
    tmp_path: Path, ended: dict[str, str]
) -> None:
    place = shared(tmp_path)
    for body in (notification(), notification(**OWNER)):
        accept(place, body, now=at(1))
    accept(place, notification(alert("resolved"), **ended), now=at(2))
    assert held(place) == {"duty": [at(6)]}
    assert len(place.notes) == 0


def test_what_one_receiver_hears_more_of_leaves_the_others_letter_in_place(tmp_path: Path) -> None:
    place, more = shared(tmp_path), alert(office="01273-2")
    for body in (notification(), notification(**OWNER), notification(alert(), more)):
        accept(place, body, now=at(1))
    assert [letter.facts["office"] for letter in place.waiting["duty"]] == ["01273-1", "01273-1,01273-2"]
    accept(place, notification(alert("resolved"), alert("resolved", office="01273-2")), now=at(2))
    assert [letter.facts["office"] for letter in place.waiting["duty"]] == ["01273-1"]


def test_what_came_and_went_at_night_takes_no_line_of_what_could_wait_anyway(tmp_path: Path) -> None:
    place, calm = shared(tmp_path), {"groupKey": "calm"}
    accept(place, notification(alert(severity="info", office="01273-2"), **calm), now=at(12))
    accept(place, notification(), now=at(23))
    accept(place, notification(alert("resolved")), now=at(23, 30))
    assert [note.line_vi[:8] for note in place.notes.due(at(7, 30, day=23))["duty"]] == ["[LƯU Ý] ", "[ĐÃ HẾT]"]


def test_what_can_wait_is_one_line_of_the_morning_though_two_receivers_heard_of_it(tmp_path: Path) -> None:
    place, calm = shared(tmp_path), alert(severity="info")
    for body in (notification(calm), notification(calm, **OWNER)):
        accept(place, body, now=at(12))
    soon(lambda: place.clerk.tick(at(7, 30, day=23)))
    (letter,) = place.waiting["duty"]
    assert letter.facts["alerts"] == "1"
    assert letter.body.count("[LƯU Ý]") == 1
