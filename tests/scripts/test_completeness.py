"""The report on completeness, on a real Prometheus that holds hours of known losses."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards.reports import cli
from tests.scripts.store import Row, prometheus

Printed = pytest.CaptureFixture[str]
OFFICES = {"01273-1": "01273", "01290-1": "01290", "01293-1": "01293"}
WHOLE, GAP, PART = OFFICES
EVERY, SERIES = 15.0, 3
NOW = 1_789_999_200.0 + 1800  # half past an hour
BEGIN = NOW - 1800 - 2 * 3600  # two whole hours before this one


def identity(office: str) -> dict[str, str]:
    return {"province": "04", "commune": OFFICES[office], "office": office}


def history() -> Iterator[Row]:
    """The first office is whole; the second lacks 20 looks of the first hour; the third one sample of the second."""
    for office in OFFICES:
        for number in range(int(2 * 3600 / EVERY)):
            at = BEGIN + EVERY * number + 0.5
            if office == GAP and 100 <= number < 120:
                continue
            yield "agent_scrape_number", identity(office), 1000 + number, at
            yield "agent_scrape_samples", identity(office), 2 + SERIES, at
            for series in range(SERIES):
                if not (office == PART and series == 0 and number == 300):
                    yield f"toy_{series}", identity(office), number, at
            if number % 20 == 0:  # not what an office pushed
                yield "office:expected", identity(office), 1, at
                yield "office_info", {**identity(office), "job": "facts"}, 1, at


def test_what_is_missing_is_told_by_office_and_hour_with_what_to_do(tmp_path: Path, capsys: Printed) -> None:
    with prometheus(tmp_path, history()) as url:
        asked = [
            "completeness",
            "--prometheus",
            url,
            "--last",
            "2h45m",
            "--settle",
            "10m",
            "--province",
            "04",
        ]
        told = cli.main(asked, lambda: NOW)
        said = capsys.readouterr()
        assert said.err == ""
        lines = said.out.splitlines()
        cli.main([*asked, "--json"], lambda: NOW)
        rows = json.loads(capsys.readouterr().out)
        cli.main([*asked, "--csv"], lambda: NOW)
        table = capsys.readouterr().out.splitlines()
    states = {(row["office"], (row["begin"] - BEGIN) / 3600): row for row in rows if BEGIN <= row["begin"] < NOW - 1800}
    assert {key: row["state"] for key, row in states.items()} == {
        (WHOLE, 0): "complete", (WHOLE, 1): "complete",
        (GAP, 0): "missing", (GAP, 1): "complete",
        (PART, 0): "complete", (PART, 1): "missing",
    }  # fmt: skip
    lost = states[GAP, 0]
    assert (lost["expected"], lost["found"]) == (240 * 5, 220 * 5)
    assert lost["gaps"] == [[BEGIN + 99 * EVERY + 0.5, BEGIN + 120 * EVERY + 0.5]]
    assert (states[PART, 1]["expected"], states[PART, 1]["found"]) == (1200, 1199)
    assert told == 1
    assert any(line.startswith(GAP) and "91.66 %" in line and "kho thiếu" in line for line in lines)
    assert any("communewatch agent buffer resend --since" in line for line in lines)
    assert table[0] == "office,begin,state,expected,found,ratio,cause"
    assert len(table) == len(rows) + 1


def test_a_store_without_offices_that_push_is_said(tmp_path: Path, capsys: Printed) -> None:
    rows = [("office_info", {"office": WHOLE, "job": "facts"}, 1.0, BEGIN)]
    with prometheus(tmp_path, rows) as url:
        assert cli.main(["completeness", "--prometheus", url], lambda: NOW) == 1
    assert "Không trụ sở nào gửi số liệu" in capsys.readouterr().err


def test_a_time_without_a_whole_hour_is_no_claim_about_offices(capsys: Printed) -> None:
    asked = ["completeness", "--prometheus", "http://127.0.0.1:9", "--last", "1h", "--settle", "1m"]
    assert cli.main(asked, lambda: NOW) == 2
    assert "không có giờ nào trọn vẹn" in capsys.readouterr().err
