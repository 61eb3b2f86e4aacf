"""What `communewatch rollout` refuses before it speaks to anybody."""

import re
from pathlib import Path

import pytest

from inventory.rollout.cli import main
from tests.unit.inventory.rollout.test_bundle import packed


@pytest.mark.parametrize("arguments", [["--at-once", "0"], ["--at-once", "many"], ["--failures", "-1"]])
def test_numbers_with_which_nothing_would_happen_are_wrong_use(
    tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["plan", "--bundle", str(tmp_path / "b.tar.gz"), *arguments])
    assert ended.value.code == 2
    assert "should be" in capsys.readouterr().err


def test_an_inventory_in_which_no_office_can_be_reached_is_no_success(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    offices = folder / "provinces" / "04" / "offices.yml"
    offices.write_text(re.sub(r"\n    address: .*", "", offices.read_text(encoding="utf-8")), encoding="utf-8")
    bundle = packed(folder / "b.tar.gz")
    assert main(["plan", "--bundle", str(bundle), "--inventory", str(folder)]) == 2
    assert "no office of this inventory has an address" in capsys.readouterr().err
