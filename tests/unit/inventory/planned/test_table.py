"""Tables as power companies and operators send them: the columns found, the lines named, every slip told at once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core.decode import DecodeError
from inventory.planned import content, table
from tests.tools.debian import CHECKOUT

EXAMPLES = CHECKOUT / "tests" / "fixtures" / "planned"
ROWS = "Khu vực;Từ;Đến\nXã A;07:30 25/11/2026;11:00 25/11/2026\n"


def test_a_table_as_excel_writes_it_in_vietnam_is_read_with_its_title_above_and_a_cell_of_two_lines() -> None:
    notices = table.read(content.read(EXAMPLES / "evn.csv"), "evn.csv")
    assert notices.problems == ()
    assert [(notice.where, notice.places, notice.station) for notice in notices.found] == [
        ("evn.csv:3", "Tổ 3, Phường Thục Phán", "CBG-T01"),
        ("evn.csv:4", "Xã Bảo Lâm, xã Lý Bôn", "CBG-T14"),
        ("evn.csv:6", "Xã Bảo Lâm", "CBG-T14"),
    ]
    assert [notice.title for notice in notices.found][1] == "Đấu nối đường dây 35 kV"
    assert [notice.times[0].spoken() for notice in notices.found] == [
        "07:30–11:00 25/11/2026",
        "07:00–17:00 26/11/2026",
        "22:00 27/11/2026 – 05:00 28/11/2026",
    ]


def test_a_table_of_an_operator_says_the_day_once_and_what_is_called_off() -> None:
    notices = table.read(content.read(EXAMPLES / "viettel.csv"), "viettel.csv")
    assert [(notice.ref, notice.operator, notice.cancelled) for notice in notices.found] == [
        ("VT-118", "Viettel", False),
        ("VT-119", "viettel", False),
        ("VT-120", "viettel", True),
    ]
    assert notices.found[0].times[0].spoken() == "00:00–04:00 28/11/2026"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_usual_separator_will_do(separator: str) -> None:
    (notice,) = table.read(ROWS.replace(";", separator), "a.csv").found
    assert (notice.places, notice.where) == ("Xã A", "a.csv:2")


def test_english_headings_will_do_as_well() -> None:
    (notice,) = table.read("Area,From,To\nXã A,2026-11-25 07:30,2026-11-25 11:00\n", "a.csv").found
    assert notice.times[0].spoken() == "07:30–11:00 25/11/2026"


def test_every_wrong_row_is_told_with_its_line_and_column_and_the_others_are_read() -> None:
    wrong = "Xã B;07:30 25/13/2026;11:00 25/11/2026\nXã C;11:00 25/11/2026;07:30 25/11/2026\n"
    notices = table.read(ROWS + wrong, "a.csv")
    assert len(notices.found) == 1
    assert [str(problem) for problem in notices.problems] == [
        "a.csv:3 Từ: 25/13/2026 is no day: the day comes first, then the month",
        "a.csv:4 Từ: '11:00 25/11/2026 - 07:30 25/11/2026' ends before it begins",
    ]


def test_a_short_row_lacks_its_cells_and_an_empty_one_is_none() -> None:
    notices = table.read(ROWS + ";;\n\nXã B\n", "a.csv")
    assert [problem.where for problem in notices.problems] == ["a.csv:5"]


def test_a_file_without_a_heading_is_told_which_columns_it_needs() -> None:
    (problem,) = table.read("hello;world\n1;2\n", "a.csv").problems
    assert "has no heading that says where and when" in str(problem)
    assert "Khu vực, Từ, Đến" in problem.hint


def test_columns_that_nobody_knows_are_named() -> None:
    notices = table.read("STT;Khu vực;Từ;Đến;Số khách hàng\n", "a.csv")
    assert notices.remarks == ("columns that are not read: Số khách hàng",)


@given(st.text(alphabet='Khu vực;,\t"\nTừĐến0123456789/: \0', max_size=200))
def test_whatever_a_table_holds_it_is_read_or_told(text: str) -> None:
    notices = table.read(text, "a.csv")
    assert notices.found or notices.problems or notices.remarks or table.read(text + "\n", "a.csv").found == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_encoding_that_says_its_name_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(ROWS.encode(encoding))
    assert content.read(path) == ROWS


def test_letters_that_are_composed_of_two_signs_are_read_as_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Xa\u0303".encode())
    assert content.read(path) == "Xã"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Xa\u0303 A".encode("cp1258"), "is not UTF-8 text: byte 2 is 0xde (hint: save it as CSV UTF-8; an old file"),
        ("Phường Thục Phán, phường Tân Giang".encode("utf-16-le"), "it looks like UTF-16 without a mark"),
    ],
)
def test_another_encoding_is_refused_and_named_not_guessed(tmp_path: Path, written: bytes, said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(written)
    with pytest.raises(DecodeError) as refused:
        content.read(path)
    assert said in str(refused.value)


def test_old_files_are_read_in_the_encoding_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Xa\u0303 Ba\u0309o".encode("cp1258"))
    assert content.read(path, "cp1258") == "Xã Bảo"
    with pytest.raises(DecodeError, match="there is no encoding of that name"):
        content.read(path, "viscii-9")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DecodeError, match="No such file"):
        content.read(tmp_path / "a.csv")


def test_lines_may_end_as_they_did_on_old_machines() -> None:
    assert [notice.where for notice in table.read(ROWS.replace("\n", "\r"), "a.csv").found] == ["a.csv:2"]


def test_a_cell_without_an_end_is_told() -> None:
    notices = table.read(f"{ROWS}{'x' * 140_000};;\n", "a.csv")
    assert not notices.found
    assert "is no table" in str(notices.problems[0])


CALLED_OFF = ("Hủy", "Đã huỷ lịch", "HỦY BỎ", "Lịch đã hủy", "Tạm hoãn", "Không thực hiện", "CANCELLED")


def with_status(status: str) -> str:
    rows = ROWS.replace("Đến\n", "Đến;Trạng thái\n")
    return rows.replace("11:00 25/11/2026\n", f"11:00 25/11/2026;{status}\n")


@pytest.mark.parametrize("status", CALLED_OFF)
def test_however_it_is_called_off_it_is(status: str) -> None:
    assert table.read(with_status(status), "a.csv").found[0].cancelled


def test_what_is_done_or_agreed_is_not_called_off() -> None:
    for status in ("", "Hoàn thành", "Đã duyệt", "Theo kế hoạch"):
        assert not table.read(with_status(status), "a.csv").found[0].cancelled


def test_a_quotation_mark_that_is_not_closed_loses_no_row_in_silence() -> None:
    head, row = ROWS.splitlines()
    said = ("Lý do;Ghi chú", '"Thay "TU;', '"Đấu nối, xem\n trang 2";', "c;", '"Cột 5"";', "d;", 'e;"x', "f;")
    text = "".join(f"{head if place == 0 else row};{words}\n" for place, words in enumerate(said))
    notices = table.read(text, "a.csv")
    assert [notice.title for notice in notices.found] == ["Thay TU", "Đấu nối, xem trang 2", "c", "f"]
    assert "is not closed before" in str(notices.problems[0])
    (problem,) = table.read(f'{head};Ghi chú\n{row};"x\n{row};y\n', "a.csv").problems
    assert str(problem).startswith("a.csv:2 column 4: has a quotation mark that is not closed before 'Xã A")
