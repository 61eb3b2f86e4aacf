"""What becomes of an office when something fails."""

from dataclasses import replace

import pytest

from tests.campaign import country
from tests.campaign.centre import routers
from tests.campaign.country import MINUTE, Site
from tests.campaign.faults import Fault, Kind
from tests.campaign.life import BOOT, ROUTER_BOOT, Life, live


@pytest.fixture(scope="module")
def any_site() -> Site:
    return next(iter(country.build(["12"]).sites.values()))


@pytest.fixture
def site(any_site: Site) -> Site:
    return replace(any_site, battery=20 * MINUTE, kept=True, learnt=True, spare=False)


def struck(site: Site, kind: Kind, start: float = 100, end: float = 700) -> Life:
    return live(site, [Fault(kind, frozenset({site.id}), start, end)])


def test_an_office_lives_on_its_battery(site: Site) -> None:
    life = struck(site, Kind.POWER)
    assert life.runs(600)
    assert life.online(site, 600)


def test_whom_the_centre_does_not_hear_has_a_line_and_power(site: Site) -> None:
    life = struck(site, Kind.CENTRE)
    assert not life.heard(site, 600)
    assert not life.router_seen(600)
    assert life.online(site, 600)
    assert life.first_link(600)
    assert life.heard(site, 700)


def test_an_empty_battery_ends_all_until_everything_has_started_again(site: Site) -> None:
    life = struck(site, Kind.POWER, 100, 3000)
    empty = 100 + site.battery
    assert life.runs(empty - 1)
    assert not life.runs(empty)
    assert not life.runs(3000 + BOOT - 1)
    assert life.runs(3000 + BOOT)


def test_a_router_that_hangs_on_mains_takes_the_line_with_it(site: Site) -> None:
    bare = replace(site, kept=False)
    life = struck(bare, Kind.POWER)
    assert life.runs(101)
    assert not life.online(bare, 101)
    assert not life.online(bare, 700 + ROUTER_BOOT - 1)
    assert life.online(bare, 700 + ROUTER_BOOT)


def test_an_office_without_ups_is_dead_at_once(site: Site) -> None:
    assert not struck(replace(site, battery=0.0, kept=False), Kind.POWER).runs(100)


def test_a_spare_line_stands_in_for_the_first(site: Site) -> None:
    assert struck(site, Kind.LINE).online(replace(site, spare=True), 200)
    assert not struck(site, Kind.LINE).online(site, 200)


def test_nothing_leaves_an_office_whose_network_is_dead(site: Site) -> None:
    assert not struck(site, Kind.LAN).online(replace(site, spare=True), 200)


def test_faults_of_others_do_not_matter(site: Site) -> None:
    assert live(site, [Fault(Kind.POWER, frozenset({"other"}), 0, 1e6)]).faults == ()


def test_the_router_answers_the_centre_while_it_has_power_and_a_line(site: Site) -> None:
    def answers(life: Life) -> float:
        (value,) = routers([(site, life)], 300).values()
        return value

    assert answers(live(site, [])) == 1
    assert answers(struck(site, Kind.AGENT)) == 1
    assert answers(struck(site, Kind.LAN)) == 1
    assert answers(struck(site, Kind.LINE)) == 0
    assert answers(struck(site, Kind.POWER)) == 1
