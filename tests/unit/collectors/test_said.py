"""What a probe saw, told with values that strangers chose."""

import pytest

from collectors.core.credentials import shown
from collectors.messages.said import Said

CLEAR = "\x1b[2J"  # clears a terminal


@pytest.mark.parametrize("value", [f"a{CLEAR}b", "a\r\nevent=forged", "a\u202eb", "a\0b"])
def test_no_value_is_a_command_to_a_terminal_or_a_line_of_its_own(value: str) -> None:
    said = Said("in_phase", what=Said("clock.refused", word=value), phase=value)
    for told in (said, said.told("vi"), said.told("en")):
        assert told.isprintable()


def test_a_value_is_cut_where_a_person_would_stop_reading() -> None:
    assert len(Said("redirect.loop", url="https://a.example/" + "x" * 8000).told("vi")) < 400
    assert "Cổng Dịch vụ công" in Said("page.unmatched", pattern="'Cổng Dịch vụ công'", cut="").told("vi")


def test_an_address_is_shown_on_one_short_line() -> None:
    assert shown("https://a.example/cổng?x=1") == "https://a.example/cổng?..."
    assert len(shown("https://a.example/" + "x" * 8000)) < 400
    assert shown(f"https://a.example/{CLEAR}\u202e").isprintable()
