"""A walk that somebody recorded is read as the card would have been."""

from pathlib import Path

import pytest

from collectors.core.ports import SnmpValue
from tests.fakes.snmp import read_snmprec
from tests.tools import shared
from tests.ups import walk

SOURCE = "1.3.6.1.2.1.33.1.4.1.0"


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        (f".{SOURCE} = INTEGER: 3", 3),
        (f".{SOURCE} = INTEGER: normal(3)", 3),
        (f".{SOURCE} = INTEGER: -40 0.1 Volt", -40),
        (f".{SOURCE} = Timeticks: (2460) 0:00:24.60", 2460),
        (f".{SOURCE} = 2460", 2460),
        (f'.{SOURCE} = STRING: "Line 1000"', b"Line 1000"),
        (f'.{SOURCE} = ""', b""),
        (f".{SOURCE} = Hex-STRING: 4C 31 ", b"L1"),
        (f".{SOURCE} = OID: .1.3.6.1.2.1.33.1.6.3.2", "1.3.6.1.2.1.33.1.6.3.2"),
        (f".{SOURCE} = NULL", None),
        (f".{SOURCE} = No Such Object available on this agent at this OID", None),
        ("Timeout: No Response from 10.0.0.5", None),
    ],
)
def test_a_line_of_snmpwalk_is_the_value_that_the_card_sent(printed: str, value: SnmpValue | None) -> None:
    assert walk.parse_walk(printed).get(SOURCE) == value


def test_walks_that_others_have_converted_are_read_as_they_were() -> None:
    raw = sorted(shared("ups", "centreon").glob("*.snmpwalk"))
    assert raw
    for path in raw:
        assert walk.parse_walk(path.read_text(encoding="utf-8")) == read_snmprec(path.with_suffix(".snmprec")), path


def test_a_person_is_shown_the_verdict_and_what_was_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = tmp_path / "card.snmpwalk"
    recorded.write_text(f".{SOURCE} = INTEGER: 3\n.1.3.6.1.2.1.33.1.2.4.0 = INTEGER: 88\n", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["walk", str(recorded)])
    assert walk.main() == 0
    shown = capsys.readouterr().out
    assert "read as UPS-MIB (RFC 1628)" in shown
    assert "ups_battery_charge_ratio{} 0.88" in shown
    assert 'ups_power_verdict{verdict="mains"} 1' in shown


def test_a_card_of_an_unknown_family_is_named_by_its_makers_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = tmp_path / "card.snmpwalk"
    recorded.write_text(".1.3.6.1.4.1.99999.1.1.0 = INTEGER: 1\n", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["walk", str(recorded)])
    assert walk.main() == 1
    assert "enterprise numbers: 99999" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_a_wrong_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["walk", "/nowhere"])
    assert walk.main() == 2
