"""Who stands behind a receiver: by the file as it is, or by the last one that was right."""

from pathlib import Path

import pytest

from alerts.relay.people import Receivers
from collectors.core.decode import DecodeError

DUTY, OTHER = (f"version: 1\nreceivers: {{province-04: [{{channels: [{name}]}}]}}\n" for name in ("duty", "other"))


def behind(receivers: Receivers) -> list[tuple[str, ...]]:
    return [party.channels for party in receivers.parties("province-04")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "receivers.yml"
    found.write_text(DUTY, encoding="utf-8")
    return found


def opened(path: Path) -> Receivers:
    """As a relay does that starts."""
    return Receivers(path, path.parent / "queue" / "kept")


@pytest.mark.parametrize("wrong", ["receivers: [", "version: 2\n", ""])
def test_who_was_told_before_a_restart_is_told_after_it_while_the_file_is_wrong(path: Path, wrong: str) -> None:
    assert behind(opened(path)) == [("duty",)]
    path.write_text(wrong, encoding="utf-8")
    again = opened(path)
    assert (behind(again), again.good) == ([("duty",)], False)


def test_what_was_read_last_is_kept(path: Path) -> None:
    running = opened(path)
    path.write_text(OTHER, encoding="utf-8")
    assert behind(running) == [("other",)]
    path.unlink()
    assert behind(opened(path)) == [("other",)]


def test_a_file_that_is_mended_takes_the_place_of_what_was_kept(path: Path) -> None:
    opened(path)
    path.write_text("receivers: [", encoding="utf-8")
    again = opened(path)
    path.write_text(OTHER, encoding="utf-8")
    assert (behind(again), again.good) == ([("other",)], True)


def test_a_file_that_was_never_right_is_told_with_its_name_even_where_what_was_kept_is_damaged(path: Path) -> None:
    path.write_text("version: 2\n", encoding="utf-8")
    with pytest.raises(DecodeError, match=str(path)):
        opened(path)
    (path.parent / "queue" / "kept" / "receivers.yml").write_text("\0", encoding="utf-8")
    with pytest.raises(DecodeError, match=str(path)):
        opened(path)


def test_a_disk_that_takes_no_copy_stops_nobody(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    receivers = opened(path)
    assert (behind(receivers), receivers.good) == ([("duty",)], True)


def test_without_a_file_nobody_stands_behind_a_receiver() -> None:
    assert list(Receivers(None).parties("province-04")) == []
