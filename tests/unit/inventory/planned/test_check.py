"""planned.yml: every slip with its line; what is right, resolved to offices, links and services, and published."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from collectors.core import exposition
from collectors.core.values import VIETNAM
from inventory import facts, register, show
from inventory.load import examine, load

POWER = """\
works:
  tram-e16:
    kind: power
    times: [2026-11-25T07:30/2026-11-25T11:00, 2026-11-26T07:30/2026-11-26T11:00]
    title: Thay máy biến áp
    communes: ["01273"]
"""
LINK = "works:\n  cable: {kind: link, operator: vnpt, times: [2026-11-25T00:00/2026-11-25T04:00]}\n"
SERVICE = "works:\n  portal: {kind: service, services: [portal], times: [2026-11-25T00:00/2026-11-25T04:00]}\n"
Write = Callable[[str], Path]


@pytest.fixture
def write(folder: Path) -> Write:
    def written(text: str) -> Path:
        (folder / "provinces" / "04" / "planned.yml").write_text(text, encoding="utf-8")
        return folder

    return written


@pytest.mark.parametrize(
    ("text", "old", "new", "said"),
    [
        (POWER, '"01273"', '"01274"', "6 works.tram-e16.communes[0]: '01274' is not the code of a commune"),
        (POWER, 'communes: ["01273"]', "offices: [01273-2]", "there is no office '01273-2' (hint: did you mean"),
        (POWER, 'communes: ["01273"]', "feeders: [471E16.2]", "there is no feeder '471E16.2'"),
        (POWER, 'communes: ["01273"]', "", "is power, but neither communes nor offices nor feeders say where"),
        (POWER, "11-26T11:00", "11-26T07:00", "4 works.tram-e16.times[1]: '2026-11-26T07:30/2026-11-26T07:00' ends"),
        (POWER, "2026-11-26T07:30/2026-11-26T11:00", "2026-11-25T07:30/2026-11-25T11:00", "is given twice"),
        (POWER, "kind: power", "kind: water", "'water' is not one of power, link, service"),
        (POWER, "tram-e16", "Trạm E16", "'Trạm E16' is not an id"),
        (LINK, "vnpt", "vnpk", "there is no operator 'vnpk' (hint: did you mean vnpt?)"),
        (LINK, "operator: vnpt, ", "", "belongs to work of kind link"),
        (LINK, "vnpt", "fpt", "no link of this province is one of fpt's"),
        (SERVICE, "[portal]", "[portla]", "there is no service 'portla' (hint: did you mean portal?)"),
        (SERVICE, "[portal]", "[]", "belongs to work of kind service"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_line(write: Write, text: str, old: str, new: str, said: str) -> None:
    assert old in text
    findings = examine(write(text.replace(old, new)))
    assert findings.inventory is None
    assert said in "\n".join(str(problem) for problem in findings.problems)


def test_a_cut_concerns_the_offices_of_its_communes(write: Write) -> None:
    (work,) = load(write(POWER)).provinces["04"].works
    assert (work.offices, work.links, len(work.times)) == (("01273-1",), (), 2)


def test_work_on_lines_concerns_the_operators_links_and_the_offices_whose_first_link_is_one(write: Write) -> None:
    (vnpt,) = load(write(LINK)).provinces["04"].works
    assert (vnpt.offices, vnpt.links) == (("01273-1", "01290-1"), (("01273-1", "main"), ("01290-1", "main")))
    (viettel,) = load(write(LINK.replace("vnpt", "viettel"))).provinces["04"].works
    assert (viettel.offices, viettel.links) == ((), (("01273-1", "backup"),))


def test_what_is_cancelled_is_no_work(write: Write) -> None:
    assert load(write(POWER + "    cancelled: true\n")).provinces["04"].works == ()


def test_the_countrys_maintenance_is_that_of_every_province_and_nothing_but_services_stands_there(folder: Path) -> None:
    (folder / "planned.yml").write_text(SERVICE, encoding="utf-8")
    (work,) = load(folder).provinces["04"].works
    assert work.services == ("portal",)
    (folder / "planned.yml").write_text(LINK, encoding="utf-8")
    assert "here only services are told" in str(examine(folder).problems[0])


def test_the_facts_say_when_in_seconds_and_in_words_and_whom(write: Write) -> None:
    page = exposition.page(facts.samples(load(write(POWER))))
    identity = 'province="04",work="tram-e16",kind="power"'
    assert f'planned_start_timestamp_seconds{{{identity},period="07:30–11:00 25/11/2026"}} 1795566600' in page
    assert f'planned_end_timestamp_seconds{{{identity},period="07:30–11:00 26/11/2026"}} 1795665600' in page
    assert 'planned_office{province="04",commune="01273",office="01273-1",work="tram-e16"} 1' in page
    assert f'planned_work_info{{{identity},title="Thay máy biến áp"}} 1' in page


def test_show_lists_what_is_to_come_and_not_what_is_over(write: Write) -> None:
    inventory, units = load(write(POWER)), register.load()
    now = datetime(2026, 11, 25, 12, tzinfo=VIETNAM)
    for code in ("04", "01273-1"):
        planned = [line for line in show.lines(code, inventory, units, now) if "planned  " in line]
        assert planned == ["  planned    07:30–11:00 26/11/2026  power  01273-1  Thay máy biến áp"]
    assert not any("planned  " in line for line in show.lines("01290-1", inventory, units, now))


def test_what_a_word_for_a_place_means_exists(folder: Path) -> None:
    settings = folder / "provinces" / "04" / "province.yml"
    settings.write_text(f"{settings.read_text(encoding='utf-8')}places: {{Trạm 3: ['1273']}}\n", encoding="utf-8")
    (problem,) = examine(folder).problems
    assert problem.path == "places.Trạm 3[0]"
    assert "did you mean 01273, Phường Thục Phán?" in str(problem)
