"""The certificate and its key change together, wherever the power is cut."""

import os
from pathlib import Path

import pytest

from agent.certificate.due import is_due
from agent.certificate.files import Pair, write
from tests.tools import needs_root

DAY = 86_400.0


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    found = Pair(tmp_path / "office.crt", tmp_path / "office.key")
    found.certificate.write_text("certificate 1")
    found.key.write_text("key 1")
    return found


def in_use(pair: Pair) -> tuple[str, str]:
    return pair.certificate.read_text(), pair.key.read_text()


class PowerCutError(Exception):
    pass


def cut_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power fails instead of the so-manieth change of a name."""
    count, real = iter(range(1000)), os.replace

    def replace(path: Path, target: Path) -> Path:
        if next(count) == step:
            raise PowerCutError
        real(path, target)
        return target

    monkeypatch.setattr(Path, "replace", replace)


def change(pair: Pair) -> None:
    pair.write_next_key(b"key 2")
    pair.install(b"certificate 2")


@pytest.mark.parametrize("step", range(4))
def test_a_power_cut_at_any_step_leaves_a_pair_that_belongs_together(
    pair: Pair, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        cut_at(step, patched)
        with pytest.raises(PowerCutError):
            change(pair)
    pair.settle()
    assert in_use(pair) in (("certificate 1", "key 1"), ("certificate 2", "key 2"))
    assert not pair.settle()
    pair.write_next_key(b"key 3")  # and the next attempt goes through
    pair.install(b"certificate 3")
    assert in_use(pair) == ("certificate 3", "key 3")


def test_a_key_without_its_certificate_is_never_put_in_place(pair: Pair) -> None:
    pair.write_next_key(b"key 2")
    assert not pair.settle()
    assert in_use(pair) == ("certificate 1", "key 1")


def test_what_is_written_is_for_its_owner_only(pair: Pair) -> None:
    pair.write_next_key(b"key 2")
    pair.install(b"certificate 2")
    assert pair.key.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("left", "due"), [(90, False), (30.1, False), (29.9, True), (0, True), (-5, True)])
def test_the_next_one_is_due_when_a_third_of_the_time_is_left(left: float, due: bool) -> None:
    assert is_due(0, 90 * DAY, (90 - left) * DAY) is due


def test_what_root_writes_belongs_to_the_agent_whose_folder_it_is(tmp_path: Path) -> None:
    needs_root()
    os.chown(tmp_path, 65534, 65534)
    write(tmp_path / "office.key", b"secret")
    found = (tmp_path / "office.key").stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (65534, 65534, 0o600)
