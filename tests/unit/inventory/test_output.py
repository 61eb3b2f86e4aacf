"""A folder holds what was rendered, no more and no less."""

from pathlib import Path

from inventory import output

FILES = {"facts.prom": "a 1\n", "offices/01273-1/agent.yml": "version: 1\n"}


def below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_files_and_their_manifest_are_written(tmp_path: Path) -> None:
    written = output.write(tmp_path, FILES)
    assert written.changed == tuple(FILES)
    assert below(tmp_path) == {*FILES, "MANIFEST"}
    assert (tmp_path / "MANIFEST").read_text().splitlines()[0].endswith("  facts.prom")


def test_an_unchanged_file_keeps_its_time(tmp_path: Path) -> None:
    output.write(tmp_path, FILES)
    before = (tmp_path / "facts.prom").stat().st_mtime_ns
    written = output.write(tmp_path, {**FILES, "offices/01273-1/agent.yml": "version: 2\n"})
    assert (written.changed, written.unchanged) == (("offices/01273-1/agent.yml",), 1)
    assert (tmp_path / "facts.prom").stat().st_mtime_ns == before


def test_an_office_that_left_the_inventory_leaves_the_folder(tmp_path: Path) -> None:
    output.write(tmp_path, FILES)
    assert output.write(tmp_path, {"facts.prom": "a 1\n"}).removed == ("offices/01273-1/agent.yml",)
    assert below(tmp_path) == {"facts.prom", "MANIFEST"}
    assert not (tmp_path / "offices").exists()


def test_what_others_put_into_the_folder_stays(tmp_path: Path) -> None:
    output.write(tmp_path, FILES)
    (tmp_path / "offices/01273-1/responder.key").write_text("theirs")
    output.write(tmp_path, {"facts.prom": "a 1\n"})
    assert below(tmp_path) == {"facts.prom", "MANIFEST", "offices/01273-1/responder.key"}


def test_a_manifest_cannot_name_files_outside(tmp_path: Path) -> None:
    out, victim = tmp_path / "out", tmp_path / "victim"
    victim.write_text("precious")
    out.mkdir()
    (out / "MANIFEST").write_text(f"{'0' * 64}  ../victim\n{'0' * 64}  {victim}\n")
    assert output.write(out, FILES).removed == ()
    assert victim.read_text() == "precious"
