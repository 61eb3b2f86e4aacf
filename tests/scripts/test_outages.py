"""The report on outages, on a real Prometheus that holds a morning of known outages."""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from alerts.planned import OFFICE_PLANNED_OUTAGE
from alerts.recorded import OFFICE_EXPECTED, OFFICE_VERDICT, PROVINCE_OFFICES, SERVICE_EXPECTED
from alerts.views import OFFICE_OUTAGE_CAUSE, OFFICE_SILENT_SINCE
from alerts.votes import SERVICE_VERDICT
from collectors.core.observed import ABSENCE_END, ABSENCE_SECONDS
from collectors.ups.metrics import ON_BATTERY
from dashboards.reports import cli
from dashboards.reports.period import moment_of
from inventory.facts import LINK_INFO, LINK_RANK
from tests.scripts.store import Row, prometheus

Printed = pytest.CaptureFixture[str]
DAY = "2026-10-12"
CUT, BACKLOG, PLANNED, GAP, JOURNAL, WELL = OFFICES = tuple(f"0{1273 + place}-ubnd" for place in range(6))
ASKED = ["--from", f"{DAY}T08:00", "--to", f"{DAY}T12:00"]


def at(clock: str) -> float:
    return moment_of(f"{DAY}T{clock}")


def identity(office: str) -> dict[str, str]:
    return {"province": "04", "commune": office[:5], "office": office}


def each_minute(name: str, labels: Mapping[str, str], begin: str, end: str, value: float = 1) -> Iterator[Row]:
    """As rules record it, but for the half hour in which the store was down."""
    for place in range(int((at(end) - at(begin)) / 60)):
        moment = at(begin) + 60 * place
        if not at("11:00") <= moment < at("11:30"):
            yield name, labels, value, moment


def verdict(office: str, begin: str, end: str, word: str, evidence: str) -> Iterator[Row]:
    labels = {**identity(office), "verdict": word, "evidence": evidence}
    yield from each_minute(OFFICE_VERDICT.name, labels, begin, end)


def silent(office: str, begin: str, end: str, since: str, told: str = "link", why: str = "mains") -> Iterator[Row]:
    yield from verdict(office, begin, end, told, why)
    yield from each_minute(OFFICE_SILENT_SINCE.name, identity(office), begin, end, at(since))


def register() -> Iterator[Row]:
    yield from each_minute(PROVINCE_OFFICES.name, {"province": "04"}, "07:50", "12:00", len(OFFICES))
    yield from each_minute(SERVICE_EXPECTED.name, {"service": "portal", "service_name": "Cổng"}, "11:50", "12:00")
    for office in OFFICES:
        names = {"province_name": "Cao Bằng", "commune_name": "Xã", "office_name": f"UBND {office}"}
        yield from each_minute(OFFICE_EXPECTED.name, {**identity(office), **names}, "11:50", "12:00")
        for rank, operator in enumerate(("viettel" if office == CUT else "vnpt", "mobifone"), 1):
            link = {**identity(office), "link": f"line{9 - rank}"}
            facts = {**link, "operator": operator, "technology": "ftth"}
            yield from each_minute(LINK_INFO.name, facts, "11:50", "12:00")
            yield from each_minute(LINK_RANK.name, link, "11:50", "12:00", rank)


def outages() -> Iterator[Row]:
    yield from silent(CUT, "08:10", "08:40", since="08:08")
    known = {**identity(CUT), "cause": "power", "evidence": "inferred"}
    yield from each_minute(OFFICE_OUTAGE_CAUSE.name, known, "08:40", "08:50", at("08:08"))

    yield from silent(BACKLOG, "09:00", "10:00", since="08:58")
    yield from each_minute(ON_BATTERY.name, {**identity(BACKLOG), "ups": "ups1"}, "08:59", "09:40")

    yield from verdict(PLANNED, "08:00", "09:20", "power", "battery")
    plan = {**identity(PLANNED), "kind": "power", "period": "08:00-09:00"}
    yield from each_minute(OFFICE_PLANNED_OUTAGE.name, plan, "08:00", "09:00")

    yield from verdict(GAP, "10:50", "11:50", "link", "down")
    for office in OFFICES:  # a store that has just begun hears nobody
        yield from silent(office, "11:30", "11:32", since="10:59", told="unknown", why="none")

    yield from silent(JOURNAL, "10:00", "10:20", since="09:58", told="unknown", why="none")
    why = {**identity(JOURNAL), "cause": "power", "evidence": "ups"}
    yield from each_minute(ABSENCE_SECONDS.name, why, "10:20", "10:59", 1200)
    yield from each_minute(ABSENCE_END.name, why, "10:20", "10:59", at("10:20"))

    portal = {"province": "04", "service": "portal", "scope": "national", "verdict": "broken"}
    yield from each_minute(SERVICE_VERDICT.name, portal, "09:00", "09:08")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prometheus(tmp_path_factory.mktemp("store"), [*register(), *outages()]) as url:
        yield url


@pytest.fixture
def folder(store: str, tmp_path: Path) -> Path:
    asked = ["outages", *ASKED, "--prometheus", store, "--province", "04", "--out", str(tmp_path / "report")]
    assert cli.main(asked, lambda: at("12:00")) == 0
    return tmp_path / "report"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


STEM = f"outages-{DAY}T0800_{DAY}T1200-04"


def test_every_outage_has_its_time_and_the_cause_that_is_known_now(folder: Path) -> None:
    found = rows(folder / f"{STEM}.csv")
    assert [
        (row["office"] or row["service"], row["begin"][11:16], row["end"][11:16], row["minutes"], row["cause"],
         row["evidence"], row["told_cause"], row["planned"])
        for row in found
    ] == [
        (CUT, "08:08", "08:40", "32.0", "power", "inferred", "link", "0"),
        (BACKLOG, "08:58", "10:00", "62.0", "power", "backlog", "link", "0"),
        (PLANNED, "08:00", "09:00", "60.0", "power", "battery", "power", "1"),
        (PLANNED, "09:00", "09:20", "20.0", "power", "battery", "power", "0"),
        (GAP, "10:50", "11:50", "27.0", "link", "down", "link", "0"),  # the store was down, and then unsure
        (JOURNAL, "09:58", "10:20", "22.0", "power", "journal", "unknown", "0"),
        ("portal", "09:00", "09:08", "8.0", "service", "national", "service", "0"),
    ]  # fmt: skip
    assert {row["not_known_minutes"] for row in found} == {"0.0", "33.0"}
    assert (found[0]["operator"], found[0]["office_name"]) == ("viettel", f"UBND {CUT}")
    assert (found[-1]["service_name"], found[-1]["office"]) == ("Cổng", "")


def test_sums_tell_of_offices_the_province_and_operators(folder: Path) -> None:
    sums = {(row["of"], row["name"], row["cause"], row["planned"]): row for row in rows(folder / f"{STEM}-sums.csv")}
    power = sums["province", "04", "power", "0"]
    assert [power[name] for name in ("offices", "outages", "minutes", "longest_minutes")] == [
        "6", "4", "136.0", "62.0",
    ]  # fmt: skip
    assert sums["province", "04", "power", "1"]["minutes"] == "60.0"
    assert sums["operator", "viettel", "power", "0"]["outages"] == "1"
    known = 240 - 33
    assert sums["office", GAP, "link", "0"]["known_minutes"] == f"{known:.1f}"
    assert float(sums["office", GAP, "link", "0"]["link_available_ratio"]) == pytest.approx(1 - 27 / known, abs=1e-6)
    assert sums["office", WELL, "", "0"]["link_available_ratio"] == "1.000000"


def test_json_has_the_same_figures_as_numbers(folder: Path) -> None:
    plain = json.loads((folder / f"{STEM}.json").read_text(encoding="utf-8"))
    first = plain["outages"][0]
    assert (first["minutes"], first["planned"], first["cause"]) == (32.0, False, "power")
    assert len(plain["outages"]) == len(rows(folder / f"{STEM}.csv"))
    assert plain["begin"] == f"{DAY}T08:00:00+07:00"


def test_people_read_it_in_vietnamese_and_english(store: str, capsys: Printed) -> None:
    assert cli.main(["outages", *ASKED, "--prometheus", store], lambda: at("12:00")) == 0
    said = capsys.readouterr().out
    assert "Sự cố từ 2026-10-12 08:00 đến 2026-10-12 12:00" in said
    assert "08:58 – 2026-10-12 10:00    1:02  mất điện / power; số liệu trụ sở gửi bù" in said
    assert "lúc đó báo / told then: đường truyền / link" in said
    assert "theo kế hoạch / planned" in said
    assert "Cao Bằng" in said
    assert "Viettel" in said


def test_an_outage_that_goes_on_has_no_end(store: str, tmp_path: Path) -> None:
    asked = ["outages", "--from", f"{DAY}T08:00", "--prometheus", store, "--out", str(tmp_path)]
    assert cli.main(asked, lambda: at("08:30")) == 0
    (found,) = (row for row in rows(next(tmp_path.glob("*[0-9].csv"))) if row["office"] == CUT)
    assert (found["begin"][11:16], found["end"], found["cause"]) == ("08:08", "", "link")


def test_a_store_that_knows_nothing_of_the_time_is_said(store: str, capsys: Printed) -> None:
    assert cli.main(["outages", "--month", "2026-08", "--prometheus", store], lambda: at("12:00")) == 1
    assert "Kho không có số liệu nào về các trụ sở" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--month", "2099-01"], "has not begun yet"),
        (["--month", "2026-10", "--to", DAY], "--to goes with --from"),
        (["--from", DAY, "--to", "2026-10-11"], "--to should be later than --from"),
    ],
)
def test_a_time_that_cannot_be_reported_on_is_wrong_use(asked: list[str], said: str, capsys: Printed) -> None:
    assert cli.main(["outages", *asked], lambda: at("12:00")) == 2
    assert said in capsys.readouterr().err


def test_a_store_that_does_not_answer_is_no_report(capsys: Printed) -> None:
    assert cli.main(["outages", *ASKED, "--prometheus", "http://127.0.0.1:9"], lambda: at("12:00")) == 1
    assert "cannot reach Prometheus" in capsys.readouterr().err
