"""The bandwidth report on a real Prometheus that holds a month of known tests: every figure is checked."""

import csv
import json
import re
import statistics
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path

import pytest

import communewatch
from alerts import contracts
from collectors.bandwidth.metrics import GOODPUT, TIMESTAMP, USED, VALID
from collectors.capacity import metrics as capacity
from collectors.ups.metrics import POWER_VERDICT
from dashboards.reports import cli
from inventory.facts import LINK_CONTRACT, LINK_INFO, OFFICE_INFO
from tests.scripts.store import Row, prometheus

VIETNAM = timezone(timedelta(hours=7))
MBIT = 1e6 / 8
MONTH, PROVINCE = "2026-10", "04"
STEADY, WEAK, SILENT, PROBED = "01273-ubnd", "01276-ubnd", "01279-ubnd", "01282-ubnd"
NAMES = {
    STEADY: "UBND phường Thục Phán",
    WEAK: "UBND xã Bảo Lâm",
    SILENT: "UBND xã <Lý Bôn>",
    PROBED: "UBND xã Nam Quang",
}
CONTRACTS = {STEADY: (100, 50), WEAK: (20, 10), SILENT: (20, 10), PROBED: (40, 40)}


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM).timestamp()


END = at("2026-11-01T00:00:00")
STEADY_DOWN = [60.0 + place for place in range(48)]  # Mbit/s, one test an hour for two days
WEAK_DOWN = [12.0, 13.0, 14.0, 15.0, 19.0]
LAST_MINUTE, TOO_LATE = at("2026-10-31T23:59:30"), at("2026-11-01T00:00:20")


def identity(office: str) -> dict[str, str]:
    return {"province": PROVINCE, "commune": office[:5], "office": office, "link": "main"}


def facts() -> Iterator[Row]:
    """As facts.prom is scraped; a few moments are enough here, and every block of history costs a second to make."""
    for moment in map(at, ("2026-10-01T00:30:00", "2026-10-10T00:30:00", "2026-10-31T23:59:00")):
        for office, (down, up) in CONTRACTS.items():
            names = {"province_name": "Cao Bằng", "commune_name": NAMES[office].removeprefix("UBND ")}
            place = {label: text for label, text in identity(office).items() if label != "link"}
            yield OFFICE_INFO.name, {**place, **names, "office_name": NAMES[office]}, 1, moment
            yield LINK_INFO.name, {**identity(office), "operator": "vnpt", "technology": "ftth"}, 1, moment
            yield LINK_CONTRACT.name, {**identity(office), "direction": "down"}, down * MBIT, moment
            yield LINK_CONTRACT.name, {**identity(office), "direction": "up"}, up * MBIT, moment


def scraped(office: str, stamp: float, rates: Mapping[str, float | None], minutes: int) -> Iterator[Row]:
    """One test as every scrape of the page shows it until it grows stale."""
    labels = {**identity(office), "collector": "bandwidth", "instance": "10.4.0.1:9817", "job": "agent"}
    for minute in range(minutes):
        moment = stamp + 10 + 60 * minute
        yield TIMESTAMP.name, labels, stamp, moment
        for direction, rate in rates.items():
            directed = {**labels, "direction": direction}
            yield VALID.name, directed, float(rate is not None), moment
            yield USED.name, directed, 2_000_000, moment
            if rate is not None:
                yield GOODPUT.name, directed, rate * MBIT, moment


def measured() -> Iterator[Row]:
    yield from scraped(STEADY, at("2026-09-30T23:30:00"), {"down": 1.0, "up": 1.0}, minutes=60)
    for place, down in enumerate(STEADY_DOWN):
        up = None if place % 8 == 0 else 45.0
        yield from scraped(STEADY, at("2026-10-10T00:00:00") + 3600 * place, {"down": down, "up": up}, minutes=55)
    for place, down in enumerate(WEAK_DOWN):
        yield from scraped(WEAK, at("2026-10-20T08:00:00") + 7200 * place, {"down": down}, minutes=90)
    yield from scraped(WEAK, LAST_MINUTE, {"down": 16.0}, minutes=1)
    yield from scraped(WEAK, TOO_LATE, {"down": 1.0}, minutes=5)


def probed(stamp: float, figure: float | None, why: str = "", at_least: float | None = None) -> Iterator[Row]:
    """One capacity probe, on the page for half an hour."""
    labels = {**identity(PROBED), "instance": "10.4.0.4:9817", "job": "agent"}
    directed = {**labels, "direction": "down"}
    for moment in (stamp + 10 + 60 * minute for minute in range(28)):
        yield capacity.TIMESTAMP.name, labels, stamp, moment
        yield capacity.VALID.name, directed, float(figure is not None), moment
        yield capacity.USED.name, directed, 1_000_000, moment
        for reason in ("unsaturated", "busy"):
            yield capacity.DOUBT.name, {**directed, "reason": reason}, float(reason == why), moment
        if figure is not None:
            yield capacity.CAPACITY.name, directed, figure * MBIT, moment
        if at_least is not None:
            yield capacity.AT_LEAST.name, directed, at_least * MBIT, moment


DIP_START, DIP_END, CUT = (at(f"2026-10-12T{time}:00") for time in ("08:00", "10:00", "14:00"))


def with_capacity() -> Iterator[Row]:
    """Six good probes, four low ones, one too busy to tell, one that the line outran; two in a power cut."""
    for place in range(6):
        yield from probed(at("2026-10-11T08:00:00") + 1800 * place, 40.0)
    for place in range(4):
        yield from probed(DIP_START + 1800 * place, 16.0)
    yield from probed(DIP_END, None, "busy")
    yield from probed(DIP_END + 1800, None, "unsaturated", at_least=60.0)
    for place in range(2):
        yield from probed(CUT + 1800 * place, 1.0)
    yield from scraped(PROBED, at("2026-10-12T08:05:00"), {"down": 15.0}, minutes=20)
    ups = {label: text for label, text in identity(PROBED).items() if label != "link"} | {"ups": "ups-1"}
    for minute in range(120):
        moment = CUT - 1800 + 60 * minute
        yield POWER_VERDICT.name, {**ups, "verdict": "outage"}, float(minute >= 30), moment


def recorded_dip(start: float, end: float, cause: str, low: int) -> Iterator[Row]:
    """What the rules have recorded of a dip."""
    link = {**identity(PROBED)}
    each = {**link, "direction": "down", "method": "capacity"}
    near = {**link, "area": "012", "operator": "vnpt"}
    for step in range(int((end - start) / 60)):
        moment = start + 60 * step
        yield contracts.LINK_DIP_SINCE.name, each, start - 300, moment
        yield contracts.LINK_DIP_CAUSE.name, {**each, "cause": cause}, 0.4, moment
        yield contracts.LINK_DIP_LOAD.name, each, 0.07, moment
        yield contracts.NEIGHBOURS_LOW.name, near, low, moment
        yield contracts.NEIGHBOURS_MEASURED.name, near, 4, moment


def dips() -> Iterator[Row]:
    yield from recorded_dip(DIP_START, DIP_END, "region", low=3)
    yield from recorded_dip(CUT, CUT + 600, "power", low=0)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prometheus(tmp_path_factory.mktemp("store"), [*facts(), *measured(), *with_capacity(), *dips()]) as url:
        yield url


@pytest.fixture(scope="module")
def folder(store: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report")
    assert report(store, out) == 0
    return out


def report(store: str, out: Path, *more: str, month: str = MONTH, now: float = END + 86400) -> int:
    return cli.main(["bandwidth", "--month", month, "--out", str(out), "--prometheus", store, *more], now=lambda: now)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def line(folder: Path, office: str, direction: str, method: str = "") -> dict[str, str]:
    (found,) = (
        row
        for row in table(folder / "bandwidth-2026-10.csv")
        if (row["office"], row["direction"]) == (office, direction) and method in ("", row["method"])
    )
    return found


def figures(row: Mapping[str, str], *columns: str) -> list[float]:
    return [float(row[column]) for column in columns]


RATES = tuple(f"{name}_mbit_per_second" for name in ("contract", "mean", "median", "p5", "p95"))


def test_the_figures_of_a_link_are_those_of_its_tests(folder: Path) -> None:
    row = line(folder, STEADY, "down")
    cuts = statistics.quantiles(STEADY_DOWN, n=20, method="inclusive")
    expected = [100, statistics.mean(STEADY_DOWN), statistics.median(STEADY_DOWN), cuts[0], cuts[-1]]
    assert figures(row, *RATES) == pytest.approx(expected, abs=1e-4)
    assert (row["tests"], row["valid_samples"]) == ("48", "48")
    assert figures(row, "mean_of_contract_ratio") == pytest.approx([0.835])
    assert figures(row, "below_80_percent_ratio") == pytest.approx([20 / 48], abs=1e-4)
    assert (row["verdict"], row["indicative"]) == ("meets", "1")


def test_tests_without_a_valid_figure_are_counted_apart(folder: Path) -> None:
    row = line(folder, STEADY, "up")
    assert (row["tests"], row["valid_samples"]) == ("48", "42")
    assert figures(row, "mean_mbit_per_second", "mean_of_contract_ratio") == pytest.approx([45, 0.9])
    assert row["measuring_bytes"] == str(48 * 2_000_000)


def test_few_samples_give_figures_but_no_verdict(folder: Path) -> None:
    row = line(folder, WEAK, "down")
    assert (row["valid_samples"], row["verdict"]) == ("6", "too_few")
    assert figures(row, "median_mbit_per_second") == [14.5]


def test_the_last_minute_belongs_to_the_month_and_the_first_after_it_does_not(folder: Path) -> None:
    stamps = [row["time"] for row in table(folder / "bandwidth-2026-10-tests.csv") if row["office"] == WEAK]
    assert stamps[-1] == "2026-10-31T23:59:30+07:00"


def test_a_link_without_tests_is_listed_as_without_data(folder: Path) -> None:
    row = line(folder, SILENT, "down")
    assert (row["tests"], row["verdict"], row["mean_mbit_per_second"]) == ("0", "no_data", "")
    assert row["office_name"] == NAMES[SILENT]


def test_a_direction_that_was_never_tested_has_no_data(folder: Path) -> None:
    assert line(folder, WEAK, "up")["verdict"] == "no_data"


def test_capacity_judges_a_link_and_each_figure_names_its_method(folder: Path) -> None:
    row, beside = (line(folder, PROBED, "down", method) for method in ("capacity", "goodput"))
    assert (row["judges"], beside["judges"]) == ("1", "0")
    assert (row["tests"], row["valid_samples"], row["at_least_samples"]) == ("14", "11", "1")
    assert row["rejected"] == "power=2 busy=1"
    assert figures(row, "below_80_percent_ratio", "mean_of_contract_ratio") == pytest.approx(
        [4 / 11, (6 + 4 * 0.4 + 1) / 11], abs=1e-4
    )
    assert figures(beside, "mean_mbit_per_second") == [15.0]


def test_a_test_in_a_power_cut_is_in_the_raw_file_and_does_not_count(folder: Path) -> None:
    rows = [row for row in table(folder / "bandwidth-2026-10-tests.csv") if row["office"] == PROBED]
    cut = [row for row in rows if row["reason"] == "power"]
    assert [(row["valid"], row["mbit_per_second"]) for row in cut] == [("0", "1.0000")] * 2
    (faster,) = (row for row in rows if row["at_least_mbit_per_second"])
    assert (faster["reason"], faster["at_least_mbit_per_second"]) == ("unsaturated", "60.0000")


def test_dips_are_listed_with_their_cause_but_for_those_in_power_cuts(folder: Path) -> None:
    """The store shows a last value for five minutes, where nobody has told it that the series is gone."""
    (row,) = table(folder / "bandwidth-2026-10-dips.csv")
    assert (row["office"], row["direction"], row["method"]) == (PROBED, "down", "capacity")
    assert (row["start"], row["end"], row["cause"]) == (
        "2026-10-12T07:55:00+07:00", "2026-10-12T10:04:00+07:00", "region",
    )  # fmt: skip
    assert figures(row, "minutes", "depth_ratio", "own_load_ratio", "neighbours_low", "neighbours_measured") == [
        129, 0.4, 0.07, 3, 4,
    ]  # fmt: skip


def test_programs_get_the_same_figures_as_json(folder: Path) -> None:
    found = json.loads((folder / "bandwidth-2026-10.json").read_text(encoding="utf-8"))
    (row,) = (row for row in found["links"] if (row["office"], row["method"]) == (PROBED, "capacity"))
    assert (row["judges"], row["valid_samples"], row["commune"], row["verdict"]) == (True, 11, "01282", "too_few")
    assert found["dips_in_power_outages"] == 1
    assert [dip["depth_ratio"] for dip in found["dips"]] == [0.4]


def test_the_terminal_shows_the_dips(store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report(store, tmp_path)
    heading, dip = capsys.readouterr().out.splitlines()[1:]
    assert heading == "1 dip, 1 more in power outages left out"
    assert dip == (
        "2026-10-12 07:55 to 10:04  UBND xã Nam Quang, main (vnpt), down: 40% of the contract by capacity, "
        "own load 7%, 3 of 4 neighbours low, cause: region"
    )


def test_codes_keep_their_zeros_and_excel_finds_its_mark(folder: Path) -> None:
    assert (folder / "bandwidth-2026-10.csv").read_bytes().startswith(b"\xef\xbb\xbfmonth,province,")
    assert line(folder, STEADY, "down")["commune"] == "01273"


def test_every_test_can_be_recomputed_from_the_raw_file(folder: Path) -> None:
    rows = table(folder / "bandwidth-2026-10-tests.csv")
    down = [float(row["mbit_per_second"]) for row in rows if (row["office"], row["direction"]) == (STEADY, "down")]
    assert down == pytest.approx(STEADY_DOWN)
    assert {row["contract_mbit_per_second"] for row in rows if row["direction"] == "up"} == {"50.0000"}


class Page(HTMLParser):
    """What a browser would load, and what a person reads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.outside: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "link", "img", "iframe", "object") or any(name in ("src", "href") for name, _ in attrs):
            self.outside.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_stands_alone_and_speaks_vietnamese_first(folder: Path) -> None:
    text = (folder / "bandwidth-2026-10.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.outside == []
    assert not re.search(r"url\(|@import", text)
    assert page.text.index("Báo cáo băng thông") < page.text.index("Bandwidth report")
    assert "83,5\u202f%" in page.text
    assert NAMES[SILENT] in page.text
    assert "VNPT" in page.text


def test_one_province_can_be_asked_for(store: str, tmp_path: Path) -> None:
    assert report(store, tmp_path, "--province", PROVINCE) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "bandwidth-2026-10-04-dips.csv",
        "bandwidth-2026-10-04-tests.csv",
        "bandwidth-2026-10-04.csv",
        "bandwidth-2026-10-04.html",
        "bandwidth-2026-10-04.json",
    ]


def test_a_province_without_tests_gets_an_empty_report_that_says_so(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(store, tmp_path, "--province", "79") == 1
    assert "no bandwidth test in 2026-10" in capsys.readouterr().err
    assert "không có phép đo" in (tmp_path / "bandwidth-2026-10-79.html").read_text(encoding="utf-8")


def test_a_running_month_says_up_to_when(store: str, tmp_path: Path) -> None:
    assert report(store, tmp_path, now=at("2026-10-15T12:00:00")) == 0
    assert "15/10/2026 12:00" in (tmp_path / "bandwidth-2026-10.html").read_text(encoding="utf-8")


def test_a_month_to_come_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report("http://127.0.0.1:1", tmp_path / "new", month="2027-01") == 2
    assert "has not begun" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_store_that_is_down_leaves_no_half_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report("http://127.0.0.1:1", tmp_path) == 1
    assert "cannot reach Prometheus at http://127.0.0.1:1" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_prometheus_is_recognised(store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(f"{store}/graph", tmp_path) == 1
    assert f"{store}/graph refused the question (404)" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert report("http://127.0.0.1:1", tmp_path / "file") == 2
    assert "cannot write to" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["bandwidth", "--month", "2026-13", "--out", "x"], "write it as 2026-11"),
        (["bandwidth", "--month", "2026-10", "--out", "x", "--province", "4"], "is not the code of a province"),
        (["bandwidth", "--month", "2026-10", "--out", "x", "--prometheus", "localhost:9090"], "is not an http:// or"),
        (["bandwidth", "--month", "2026-10", "--out", "x", "--step", "1s"], "is not between 10s and 1h"),
        (["tables"], "invalid choice"),
        ([], "required"),
    ],
)
def test_wrong_use_is_refused_with_a_hint(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        communewatch.main(["report", *arguments])
    assert ended.value.code == 2
    assert complaint in capsys.readouterr().err
