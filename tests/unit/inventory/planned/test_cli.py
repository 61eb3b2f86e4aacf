"""`communewatch inventory planned import`, on the folder of the other tests, far in the future."""

from pathlib import Path

import pytest

from inventory.cli import main
from inventory.load import load

HEAD = "Mã;Khu vực;Từ;Đến;Lý do\n"
ROW = "A;Phường Thục Phán;07:30 25/11/2099;11:00 25/11/2099;Thay máy biến áp\n"
OTHER = "B;Xã Bảo Lâm;07:30 26/11/2099;11:00 26/11/2099;\n"
WRONG = "C;Xã Bình Long;07:30 26/11/2099;11:00 26/11/2099;\nD;Xã Bảo Lâm;sáng;chiều;\n"


def run(folder: Path, table: str, *options: str) -> int:
    path = folder / "cuts.csv"
    path.write_text(HEAD + table, encoding="utf-8")
    return main(["planned", "import", str(path), str(folder), *(options or ("--kind", "power"))])


def planned(folder: Path) -> Path:
    return folder / "provinces" / "04" / "planned.yml"


def test_an_import_writes_what_check_accepts_and_says_what_it_did(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, ROW + OTHER) == 0
    said = capsys.readouterr().out
    assert "07:30–11:00 25/11/2099  01273  Thay máy biến áp" in said
    assert said.endswith("2 new\n")
    assert [work.offices for work in load(folder).provinces["04"].works] == [("01273-1",), ("01290-1",)]


def test_the_same_again_changes_no_byte_and_what_vanished_is_cancelled_if_asked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(folder, ROW + OTHER)
    before = planned(folder).read_bytes()
    assert run(folder, ROW + OTHER) == 0
    assert planned(folder).read_bytes() == before
    assert run(folder, ROW, "--kind", "power", "--replace") == 0
    assert "1 cancelled" in capsys.readouterr().out
    assert [work.offices for work in load(folder).provinces["04"].works] == [("01273-1",)]


def test_every_problem_is_told_at_once_and_nothing_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, ROW + WRONG) == 2
    said = capsys.readouterr().err
    assert "cuts.csv:3 Khu vực: 'Xã Bình Long' names a place that is not known here" in said
    assert "cuts.csv:4 Từ: 'sáng' is not a moment; write 07:30 25/11/2026" in said
    assert said.endswith("2 problems: nothing was done\n")
    assert not planned(folder).exists()


def test_what_is_right_may_be_taken_over_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, ROW + WRONG, "--kind", "power", "--partial") == 1
    assert "cuts.csv:3" in capsys.readouterr().err
    assert len(load(folder).provinces["04"].works) == 1


def test_what_could_not_be_read_is_not_taken_for_what_vanished(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(folder, ROW + OTHER)
    assert run(folder, ROW + WRONG, "--kind", "power", "--partial", "--replace") == 1
    assert "nothing is cancelled" in capsys.readouterr().err
    assert len(load(folder).provinces["04"].works) == 2


def test_a_title_is_one_short_line_whatever_the_file_says(folder: Path) -> None:
    assert run(folder, ROW.replace("Thay máy biến áp", f"a\x07\x1b[31m\u202e{'b' * 500}")) == 0
    (work,) = load(folder).provinces["04"].works
    assert (len(work.title), work.title.isprintable()) == (200, True)


def test_a_dry_run_only_talks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, ROW, "--kind", "power", "--dry-run") == 0
    assert capsys.readouterr().out.endswith("1 new\n")
    assert not planned(folder).exists()


def test_peoples_own_entries_stay(folder: Path) -> None:
    own = "works:\n  own: {kind: power, offices: [01273-1], times: [2020-01-01T07:00/2020-01-01T08:00]}\n"
    planned(folder).write_text(own, encoding="utf-8")
    assert run(folder, ROW) == 0
    assert load(folder).provinces["04"].works[0].id == "own"


def test_the_provinces_own_words_for_places_count(folder: Path) -> None:
    settings = folder / "provinces" / "04" / "province.yml"
    settings.write_text(
        f"{settings.read_text(encoding='utf-8')}places: {{Xã Bình Long: ['01290']}}\n", encoding="utf-8"
    )
    assert run(folder, WRONG.splitlines()[0] + "\n") == 0
    assert load(folder).provinces["04"].works[0].offices == ("01290-1",)


def test_lines_and_services_are_named_by_the_file_or_by_the_command(folder: Path) -> None:
    assert run(folder, ROW, "--kind", "link", "--operator", "vnpt") == 0
    assert run(folder, ROW, "--kind", "service", "--service", "portal", "--province", "04") == 0
    link, service = sorted(load(folder).provinces["04"].works, key=lambda work: work.kind)
    assert (link.links, service.services) == ((("01273-1", "main"),), ("portal",))


def test_maintenance_for_the_whole_country_has_a_file_of_its_own(folder: Path) -> None:
    assert run(folder, ROW, "--kind", "service", "--service", "portal", "--country") == 0
    assert (folder / "planned.yml").exists()
    assert load(folder).provinces["04"].works[0].services == ("portal",)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--kind", "link"), "cuts.csv:2 operator: no operator is named (hint: say --operator ID"),
        (("--kind", "link", "--operator", "vnpk"), "--operator: there is no 'vnpk'"),
        (("--kind", "service"), "cuts.csv:2 service: no service is named"),
        (("--kind", "power", "--country"), "--country: is for services"),
        (("--kind", "power", "--province", "11"), "--province: which one? known here: 04"),
    ],
)
def test_what_the_command_lacks_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str
) -> None:
    assert run(folder, ROW, *options) == 2
    assert said in capsys.readouterr().err


def test_an_inventory_that_is_wrong_takes_no_import(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planned(folder).write_text("works: 5\n", encoding="utf-8")
    assert run(folder, ROW) == 2
    assert "planned.yml:1 works: should be a mapping" in capsys.readouterr().err


def test_a_series_that_is_called_off_leaves_nothing_of_it_planned(folder: Path) -> None:
    def calendar(first: str, *events: tuple[str, ...]) -> int:
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", first]
        for event in events:
            lines += ["BEGIN:VEVENT", "UID:weekly@owner", "DURATION:PT2H", *event, "END:VEVENT"]
        path = folder / "portal.ics"
        path.write_text("\r\n".join((*lines, "END:VCALENDAR", "")), encoding="utf-8")
        return main(
            [
                "planned",
                "import",
                str(path),
                str(folder),
                "--kind",
                "service",
                "--service",
                "portal",
                "--province",
                "04",
            ]
        )

    weekly = ("DTSTART:20990104T150000Z", "RRULE:FREQ=WEEKLY;COUNT=4")
    moved = ("RECURRENCE-ID:20990111T150000Z", "DTSTART:20990112T150000Z")
    assert calendar("METHOD:PUBLISH", weekly, moved) == 0
    assert load(folder).provinces["04"].works
    assert calendar("METHOD:CANCEL", ("DTSTART:20990104T150000Z", "SEQUENCE:1")) == 0
    assert not load(folder).provinces["04"].works
