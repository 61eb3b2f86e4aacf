from dataclasses import replace

from tests.lab import view
from tests.lab.phone import Notification
from tests.lab.state import UNKNOWN, AlertState, Cell, OfficeState, State

GOOD = OfficeState(
    "office1", "Phường Thục Phán", Cell("up", True), Cell("mains 100%", True), Cell("up 2.0 ms", True),
    {"portal": Cell("ok", True), "vneid": Cell("ok", True)}, Cell("scraped", True),
)  # fmt: skip
ON_BATTERY = replace(GOOD, power=Cell("outage 98%", False))
FIRING = AlertState("OnBattery", "office/power/01273-1", "Thục Phán mất điện", since=100)
GREEN = State(offices=(GOOD,))


def drawn(state: State) -> str:
    return view.COLOURS.sub(
        "", "\n".join(view.full(state, {"Prometheus": "http://198.18.0.18:9090"}, "lab 0", now=130))
    )


def test_all_green_needs_every_fact_known_good_and_nothing_firing() -> None:
    assert GREEN.green
    assert not State().green
    assert not State(offices=(ON_BATTERY,)).green
    assert not State(offices=(replace(GOOD, services={"portal": UNKNOWN}),)).green
    assert not State(offices=(GOOD,), alerts=(FIRING,)).green
    assert not State(offices=(GOOD,), troubles=("prometheus ended",)).green


def test_the_view_shows_offices_alerts_notifications_and_addresses() -> None:
    picture = drawn(State((ON_BATTERY,), (FIRING,), (Notification(0, "Mất điện: Thục Phán", ""),), ("relay ended",)))
    assert "outage 98%" in picture
    assert "OnBattery for 30 s  Thục Phán mất điện" in picture
    assert "Mất điện: Thục Phán" in picture
    assert "relay ended" in picture
    assert "http://198.18.0.18:9090" in picture
    assert "not all green" in picture


def test_columns_line_up_whatever_the_colours_and_accents() -> None:
    other = replace(GOOD, id="office2", name="Xã Bảo Lạc", power=Cell("outage 5%", False))
    header, *rows = drawn(State(offices=(GOOD, other))).splitlines()[2:5]
    assert {row.index("up ") for row in rows} == {header.index("agent")}
    assert [row[header.index("portal") :][:2] for row in rows] == ["ok", "ok"]


def test_only_changes_that_matter_are_told_line_by_line() -> None:
    assert list(view.changes(GREEN, State(offices=(replace(GOOD, power=Cell("mains 99%", True)),)))) == []
    broken = State((ON_BATTERY,), (FIRING,), (Notification(0, "Mất điện", ""),))
    assert list(view.changes(GREEN, broken)) == [
        "office1 power: outage 98%",
        "firing: OnBattery: Thục Phán mất điện",
        "on call: Mất điện",
        "not all green any more",
    ]
    assert list(view.changes(broken, replace(GREEN, notifications=broken.notifications))) == [
        "office1 power: mains 100%",
        "over: OnBattery: Thục Phán mất điện",
        "all green",
    ]


def test_an_incident_whose_subject_changes_stays_the_same_incident() -> None:
    worse = replace(FIRING, subject="Thục Phán mất điện, còn 50%")
    assert list(view.changes(State((GOOD,), (FIRING,)), State((GOOD,), (worse,)))) == []


def test_a_line_is_clipped_to_the_terminal_without_counting_its_colours() -> None:
    assert view.clip(f"ab{view.RED}cdef{view.PLAIN}gh", 4) == f"ab{view.RED}cd{view.PLAIN}"
