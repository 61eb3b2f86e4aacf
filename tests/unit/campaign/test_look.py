"""What an agent would report."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from collectors.core import Reason
from collectors.core.lastword import Word
from tests.campaign import country, look
from tests.campaign.country import MINUTE, SERVICES, Site
from tests.campaign.faults import Fault, Kind
from tests.campaign.life import live
from tests.campaign.look import Line


@pytest.fixture(scope="module")
def site() -> Site:
    found = next(iter(country.build(["12"]).sites.values()))
    return replace(found, battery=30 * MINUTE, kept=True, learnt=True, spare=False)


def page(site: Site, moment: float, *faults: Fault) -> Mapping[tuple[str, ...], float]:
    """(metric, labels' values ...) -> value."""
    return {_key(line): line.sample.value for line in look.page(site, live(site, faults), moment)}


def _key(line: Line) -> tuple[str, ...]:
    about = [value for _, value in line.about]
    return (line.sample.metric.name, *about, *(value for name, value in line.sample.labels if name != "collector"))


def fault(site: Site, kind: Kind, **more: object) -> Fault:
    return Fault(kind, frozenset({site.id}), 100, 700, **more)  # type: ignore[arg-type]


def test_in_good_health_all_probes_succeed(site: Site) -> None:
    found = page(site, 500)
    assert all(found["probe_success", service] == 1 for service in SERVICES)
    assert found["link_up", "main"] == 1
    assert found["ups_on_battery", "main"] == 0


def test_a_service_fails_once_its_probe_has_had_its_turn_and_waited(site: Site) -> None:
    frozen = fault(site, Kind.SERVICE, service="portal", reason=Reason.FROZEN)
    seen = [page(site, moment, frozen)["probe_success", "portal"] for moment in range(100, 200)]
    assert seen[0] == 1
    assert seen[-1] == 0
    assert seen == sorted(seen, reverse=True)
    assert page(site, 300, frozen)["probe_success", "vneid"] == 1
    assert page(site, 300, frozen)["probe_result", "portal", "frozen"] == 1


def test_a_service_in_trouble_is_asked_less_often_and_its_end_seen_within_three_minutes(site: Site) -> None:
    error = fault(site, Kind.SERVICE, service="portal", reason=Reason.ERROR)
    back = next(moment for moment in range(700, 1000) if page(site, moment, error)["probe_success", "portal"] == 1)
    assert back - 700 <= 181


def test_a_battery_is_told_once_it_is_confirmed_and_runs_down(site: Site) -> None:
    cut = fault(site, Kind.POWER)
    assert page(site, 105, cut)["ups_on_battery", "main"] == 0
    assert page(site, 110, cut)["ups_on_battery", "main"] == 1
    assert (
        page(site, 600, cut)["ups_battery_charge_ratio", "main"]
        < page(site, 200, cut)["ups_battery_charge_ratio", "main"]
    )


def test_the_last_word_is_first_a_suspicion_then_an_outage_then_that_mains_is_back(site: Site) -> None:
    life = live(site, [fault(site, Kind.POWER)])
    words = [look.word(site, life, moment) for moment in (50, 106, 120, 720)]
    assert words == [None, Word.SUSPECT, Word.OUTAGE, Word.MAINS]


def test_what_it_was_away_for_is_told_afterwards_in_the_time_of_the_rules(site: Site) -> None:
    bare = replace(site, battery=0.0, kept=False)
    life = live(bare, [fault(bare, Kind.POWER)])
    assert [*look.absence(life, 600, 0, 10)] == []
    length, end = (line.sample for line in look.absence(life, 800, 1000, 10))
    assert (length.value, length.label("cause"), length.label("evidence")) == (67.5, "power", "inferred")
    assert end.value == 1000 + 77.5


def test_a_name_server_that_is_silent_fails_all_services_and_the_look_says_so(site: Site) -> None:
    found = page(site, 400, fault(site, Kind.NAMES))
    assert all(found["probe_result", service, "dns"] == 1 for service in SERVICES if service != "social_insurance")
    assert found["path_fault", "main", "dns"] == 1
