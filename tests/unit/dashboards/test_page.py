"""How the report writes: numbers as Vietnamese write them, pictures to scale, nothing that a name could break."""

import csv
import re
from pathlib import Path

import pytest

from alerts.methods import Method
from alerts.rules.dips import Blame
from dashboards.reports import drawing
from dashboards.reports.bandwidth import LinkMonth, by_operator, line
from dashboards.reports.dips import Dip, LinkDip
from dashboards.reports.link import DIRECTIONS, Link
from dashboards.reports.measured import Measurement, Tally
from dashboards.reports.month import Month
from dashboards.reports.page import page
from dashboards.reports.report import Report
from dashboards.reports.table import COLUMNS, csv_file, line_rows
from dashboards.reports.words import mbit, percent, size

MONTH = Month.parse("2026-11")
HOSTILE = '=cmd|"/c calc"!A1<script>alert(1)</script>'


def link_month(rates: list[float], name: str = "Thục Phán", contract: float = 12.5e6) -> LinkMonth:
    tally = Tally([Measurement(MONTH.start + 3600 * place, rate, 1e6) for place, rate in enumerate(rates)])
    lines = tuple(line(direction, Method.CAPACITY, tally, {1: contract}, MONTH) for direction in DIRECTIONS)
    return LinkMonth(Link("04", "01273", "01273-a", "main", "Cao Bằng", name, name, name, "ftth"), lines)


def rendered(*links: LinkMonth, written: float = MONTH.end, dips: tuple[LinkDip, ...] = ()) -> str:
    report = Report(MONTH, "Tỉnh Cao Bằng", written, links, tuple(by_operator(links)), dips, "a.csv", "b.csv", "c.csv")
    return "".join(page(report))


@pytest.mark.parametrize(
    ("rate", "shown"), [(65_000, "0,52"), (1.1837e6, "9,47"), (1.2494e6, "10,0"), (11.76e6, "94,1"), (117.6e6, "941")]
)
def test_rates_have_three_figures_and_a_decimal_comma(rate: float, shown: str) -> None:
    assert mbit(rate) == shown


@pytest.mark.parametrize(
    ("octets", "shown"), [(0, "0\u202fB"), (999, "999\u202fB"), (1_500_000, "1,5\u202fMB"), (250e9, "250\u202fGB")]
)
def test_sizes_are_in_decimal_units(octets: float, shown: str) -> None:
    assert size(octets) == shown


def test_a_percentage_keeps_its_sign() -> None:
    assert percent(0.875) == "88\u202f%"
    assert percent(0.8749, 1) == "87,5\u202f%"


def test_the_band_lies_where_the_samples_lie() -> None:
    picture = drawing.spread(0.6, 0.9, 1.2, "label")
    band = re.search(r'class="band" x="([\d.]+)" y="6" width="([\d.]+)"', picture)
    assert band
    assert (float(band[1]), float(band[2])) == pytest.approx((drawing.WIDTH / 2, drawing.WIDTH / 2))


def test_what_is_beyond_the_scale_is_drawn_at_its_edge() -> None:
    coordinates = [float(x) for x in re.findall(r' x="([\d.]+)"', drawing.spread(0.5, 3, 9, "label"))]
    assert max(coordinates) <= drawing.WIDTH


def test_days_without_samples_break_the_line() -> None:
    picture = drawing.days([0.9, 0.8, None, 0.7, None, 0.9, 0.9], "label")
    assert (picture.count("<polyline"), picture.count("<circle")) == (2, 1)


def test_a_hostile_name_stays_a_name_on_the_page() -> None:
    text = rendered(link_month([1e6] * 30, HOSTILE))
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_a_hostile_name_is_no_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    with csv_file(tmp_path / "a.csv", COLUMNS) as writer:
        writer.writerows(line_rows(MONTH, [link_month([1e6], HOSTILE)]))
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert next(csv.DictReader(stream))["operator"] == f"'{HOSTILE}"


def test_a_table_that_breaks_off_never_appears(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), csv_file(tmp_path / "a.csv", COLUMNS):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_too_few_samples_show_counts_instead_of_intervals() -> None:
    text = rendered(link_month([11e6] * 5 + [1e6] * 3))
    assert "3/8" in text
    assert "Ít mẫu" in text


def test_an_empty_month_says_so_first() -> None:
    text = rendered()
    assert text.index("không có phép đo băng thông nào") < text.index("Cách đo và cách tính")
    assert "<table>" not in text


def test_a_month_that_is_over_names_only_when_it_was_written() -> None:
    assert "tháng chưa kết thúc" not in rendered(link_month([1e6]))
    assert "tháng chưa kết thúc" in rendered(link_month([1e6]), written=MONTH.end - 1)


def dip(cause: Blame, end: float | None = MONTH.start + 5400, name: str = "Thục Phán") -> LinkDip:
    found = Dip(MONTH.start, end, "down", Method.CAPACITY, 0.4, 0.05, (2, 5), cause)
    return LinkDip(link_month([], name).link, found)


def test_dips_are_told_but_for_those_in_power_cuts() -> None:
    text = rendered(link_month([1e6]), dips=(dip(Blame.REGION), dip(Blame.POWER, name="Bảo Lâm")))
    assert "1:30" in text
    assert "2/5" in text
    assert "Nhà mạng, cả khu vực" in text
    assert "Bảo Lâm" not in text
    assert "Không kể 1 đợt" in text


def test_a_dip_that_goes_on_has_no_length() -> None:
    assert "chưa hết" in rendered(link_month([1e6]), dips=(dip(Blame.LINE, end=None),))
    assert "Không có đợt sụt giảm nào" in rendered(link_month([1e6]))


def test_the_page_is_well_formed() -> None:
    text = rendered(link_month([11e6] * 30), link_month([], "Bảo Lâm"), dips=(dip(Blame.LINE), dip(Blame.POWER)))
    for tag in ("table", "tbody", "tr", "td", "div", "section", "svg", "dl", "main"):
        assert len(re.findall(rf"<{tag}[ >]", text)) == text.count(f"</{tag}>"), tag
