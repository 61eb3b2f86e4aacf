"""The queue on disk."""

import os
from pathlib import Path

import pytest

from alerts.relay.store import FullError, Store
from tests.unit.alerts.relay.webhook import letter


def test_letters_survive_the_process(tmp_path: Path) -> None:
    Store(tmp_path, 10).put([letter(2), letter(1)])
    again = Store(tmp_path, 10)
    assert again.pending("duty") == [letter(1), letter(2)]
    assert again.next_number() == 3


def test_a_finished_letter_is_recognised_after_a_restart_until_it_is_forgotten(tmp_path: Path) -> None:
    store = Store(tmp_path, 10)
    store.put([letter(1)])
    store.finish(letter(1), 1000.0)
    again = Store(tmp_path, 10, started=2000.0)  # its end counts from there: how long ago it was, no clock can tell
    assert not again.pending("duty")
    again.forget(before=2000.0)
    assert again.knows("letter-1")
    again.forget(before=2000.5)
    assert not again.knows("letter-1")
    assert not Store(tmp_path, 10).knows("letter-1")


def test_a_handed_over_letter_belongs_to_one_channel_also_after_a_restart(tmp_path: Path) -> None:
    store = Store(tmp_path, 10)
    store.put([letter(1)])
    store.hand_over(letter(1), "reserve", 0.0)
    for each in (store, Store(tmp_path, 10)):
        assert not each.pending("duty")
        assert [one.id for one in each.pending("reserve")] == ["letter-1.reserve"]
        assert each.knows("letter-1")


def test_the_queue_is_bounded(tmp_path: Path) -> None:
    store = Store(tmp_path, 2)
    with pytest.raises(FullError):
        store.put([letter(1), letter(2), letter(3)])
    assert len(store) == 2


def test_a_write_that_never_ended_leaves_nothing(tmp_path: Path) -> None:
    Store(tmp_path, 10)
    (tmp_path / "pending" / ".letter-1").write_bytes(b'{"id": "let')
    store = Store(tmp_path, 10)
    assert (len(store), store.damaged) == (0, 0)
    assert list((tmp_path / "pending").iterdir()) == []


ENDLESS = letter(7).encode().replace(b'"number": 7', b'"number": 1e999')


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", letter(2).encode(), ENDLESS])
def test_a_damaged_file_is_set_aside_and_counted(tmp_path: Path, content: bytes) -> None:
    Store(tmp_path, 10).put([letter(1)])
    (tmp_path / "pending" / "letter-7").write_bytes(content)
    store = Store(tmp_path, 10)
    assert store.pending("duty") == [letter(1)]
    assert store.damaged == 1
    assert (tmp_path / "damaged" / "letter-7").read_bytes() == content


def test_what_is_no_file_at_all_does_not_keep_the_relay_from_starting(tmp_path: Path) -> None:
    (tmp_path / "pending" / "letter-7").mkdir(parents=True)
    (tmp_path / "pending" / ".letter-8").mkdir()
    assert Store(tmp_path, 10).damaged == 2
    assert list((tmp_path / "pending").iterdir()) == []


def test_a_full_disk_is_an_error_and_leaves_no_half_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path, 10)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.put([letter(1)])
    assert len(store) == 0
    assert list((tmp_path / "pending").iterdir()) == []
