"""The command, as a person in the province uses it."""

import shutil
from pathlib import Path

import pytest

from inventory.cli import main
from inventory.load import EXAMPLE
from tests.unit.inventory.conftest import Edit

Printed = pytest.CaptureFixture[str]


def test_a_sound_folder_is_summed_up(folder: Path, capsys: Printed) -> None:
    assert main(["check", str(folder)]) == 0
    assert capsys.readouterr().out == "1 province, 2 offices, 3 links, 1 UPS\n"


def test_problems_end_with_their_number_and_status_2(folder: Path, edit: Edit, capsys: Printed) -> None:
    edit("offices.yml", "main: fibre", "main: fiber")
    assert main(["check", str(folder)]) == 2
    assert capsys.readouterr().err.endswith(f"1 problem in {folder}\n")


def test_a_missing_commune_gives_status_1_and_the_summary(folder: Path, edit: Edit, capsys: Printed) -> None:
    edit("province.yml", "  01279: year 2\n", "")
    assert main(["check", str(folder)]) == 1
    printed = capsys.readouterr()
    assert "01279 Nùng Trí Cao" in printed.err
    assert printed.out.startswith("1 province")


def explained(folder: Path, capsys: Printed) -> dict[str, str]:
    """What is said of each service and each other system, by id."""
    assert main(["check", str(folder), "--services"]) == 0
    lines = capsys.readouterr().out.splitlines()
    return {line.split()[1]: line for line in lines if line.startswith(("  o", "   -"))}


def test_services_say_in_both_languages_why_they_are_off(folder: Path, edit: Edit, capsys: Printed) -> None:
    edit("services.yml", "  one_stop", "  vneid: {verified: 2026-11-20}\n  one_stop")
    lines = explained(folder, capsys)
    assert lines["portal"].startswith("  on ")
    assert "đang đo, 2 phút một lần, địa chỉ đã kiểm chứng / measured every 2 min, address verified" in lines["portal"]
    assert "measured every 1 min, address verified" in lines["vneid"]
    assert "switched off by the province" in lines["one_stop"]
    assert "https://motcua.caobang.gov.vn/" in lines["one_stop"]
    assert "tỉnh chưa bật trong services.yml, địa chỉ chưa kiểm chứng" in lines["tax"]
    assert "address not verified" in lines["tax"]
    assert "not turned on by the province" in lines["tax"]
    assert "no address known" in lines["documents"]


def test_below_the_services_stands_how_one_is_verified(folder: Path, capsys: Printed) -> None:
    assert main(["check", str(folder), "--services"]) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if "ghi verified kèm ngày" in line)
    assert "see it answer from an office, then write verified and the day" in line


def test_a_feed_without_a_machine_says_that_it_needs_one(folder: Path, edit: Edit, capsys: Printed) -> None:
    assert (
        "needs its owner's reports, and the province has named no machine"
        in (explained(folder, capsys)["civil_status_data"])
    )
    edit("province.yml", "web_name", 'feeds: "01273-1"\nweb_name')
    told = explained(folder, capsys)["civil_status_data"]
    assert "by its owner's reports" in told
    assert "verified" not in told  # there is no address to verify


def test_what_is_no_service_says_how_it_is_covered_instead(folder: Path, capsys: Printed) -> None:
    lines = explained(folder, capsys)
    assert "ngoài phạm vi" in lines["data_rules"]
    assert "out of scope" in lines["data_rules"]
    assert "kept as a checklist" in lines["commune_archives"]
    assert "Measured by the service vneid" in lines["identity_documents"]


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("04", "offices    2 in 2 communes, 54 communes planned"),
        ("01273", "01273-1 Trung tâm Phục vụ hành chính công phường Thục Phán"),
        ("01279", "offices    planned: year 2"),
        ("00004", "offices    province 01 is not in this inventory"),
        ("18919", "point      17.8809, 105.8280 (doubtful)"),
        ("01", "not in this inventory"),
        ("01290-1", "link       main: VNPT ftth, 80/50 Mbit/s, 80 GB a month for tests, circuit CBG-7"),
        ("01273-1", "UPS        main: APC SMT1500 at 10.4.1.9"),
        ("01273-1", "bandwidth/backup             every 224m"),
    ],
)
def test_show_tells_about_a_province_a_commune_or_an_office(
    folder: Path, capsys: Printed, code: str, shown: str
) -> None:
    assert main(["show", code, str(folder)]) == 0
    assert shown in capsys.readouterr().out


def test_show_of_an_unknown_code_says_what_codes_look_like(folder: Path, capsys: Printed) -> None:
    assert main(["show", "1273", str(folder)]) == 1
    assert "a commune's 5" in capsys.readouterr().err


def test_diff_shows_which_office_gets_what(folder: Path, tmp_path: Path, edit: Edit, capsys: Printed) -> None:
    before = tmp_path / "before"
    shutil.copytree(folder / "provinces", before / "provinces")
    edit("offices.yml", "10.4.1.9", "10.4.1.10")
    assert main(["diff", str(before), str(folder)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "~ offices/01273-1/agent.yml"
    assert "    -    host: 10.4.1.9" in lines
    assert "    +    host: 10.4.1.10" in lines
    assert lines[-1] == "1 file would change"


def test_diff_of_the_same_folder_is_silent_about_files(folder: Path, capsys: Printed) -> None:
    assert main(["diff", str(folder), str(folder)]) == 0
    assert capsys.readouterr().out == "nothing would change\n"


def test_diff_names_offices_that_come_and_go(folder: Path, tmp_path: Path, edit: Edit, capsys: Printed) -> None:
    before = tmp_path / "before"
    shutil.copytree(folder / "provinces", before / "provinces")
    edit("offices.yml", "  01273-1:", "  01273-2:")
    assert main(["diff", "--names", str(before), str(folder)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "- offices/01273-1/agent.yml" in lines
    assert "+ offices/01273-2/agent.yml" in lines


def test_render_writes_and_says_how_much(folder: Path, tmp_path: Path, capsys: Printed) -> None:
    out = tmp_path / "out"
    assert main(["render", str(folder), "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: 5 written, 0 removed, 0 unchanged\n"
    assert (out / "offices/01290-1/agent.yml").exists()


@pytest.mark.parametrize("command", [["check"], ["render", "--out"]])
def test_who_names_no_folder_is_told_that_it_is_the_example(
    command: list[str], folder: Path, tmp_path: Path, capsys: Printed
) -> None:
    """In a hurry somebody would put the example's offices in the place of his own."""
    out = [str(tmp_path / "out")] if "--out" in command else []
    assert main([*command, *out]) == 0
    assert capsys.readouterr().err == f"{EXAMPLE}\n"
    main([command[0], str(folder), *command[1:], *out])
    assert EXAMPLE not in capsys.readouterr().err


def test_nothing_is_rendered_from_wrong_files(folder: Path, tmp_path: Path, edit: Edit, capsys: Printed) -> None:
    edit("offices.yml", "main: fibre", "main: fiber")
    assert main(["render", str(folder), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.endswith("1 problem: nothing was done\n")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_to_is_said(folder: Path, tmp_path: Path, capsys: Printed) -> None:
    (tmp_path / "file").write_text("in the way")
    assert main(["render", str(folder), "--out", str(tmp_path / "file")]) == 2
    assert "cannot write to" in capsys.readouterr().err
