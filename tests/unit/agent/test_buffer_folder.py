"""Segments as files."""

import errno
import os
from pathlib import Path

import pytest

from agent.buffer.folder import CHUNK, RESERVE, Folder
from agent.buffer.record import BLOCK


def test_a_segment_is_what_was_appended_and_nothing_once_it_is_closed(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "buffer")
    assert folder.names() == []
    tail = folder.create("1")
    assert [tail.append(b"abc"), tail.append(b"d")] == [3, 4]
    assert folder.read("1").startswith(b"abcd")
    assert len(folder.read("1")) == CHUNK
    tail.close()
    assert folder.read("1") == b"abcd"
    assert folder.names() == ["1"]


def test_what_is_short_does_not_reach_into_a_second_block(tmp_path: Path) -> None:
    tail = Folder(tmp_path).create("1")
    assert tail.append(b"a" * (BLOCK - 10)) == BLOCK - 10
    assert tail.append(b"b" * 10) == BLOCK
    assert tail.append(b"c" * (BLOCK - 10)) == 2 * BLOCK - 10
    assert tail.append(b"d" * 11) == 2 * BLOCK + 11
    assert tail.append(b"e" * BLOCK) == 3 * BLOCK + 11
    tail.close()
    written = Folder(tmp_path).read("1")
    assert written[2 * BLOCK - 10 : 2 * BLOCK] == bytes(10)
    assert written.endswith(b"d" * 11 + b"e" * BLOCK)


def test_the_file_grows_by_chunks(tmp_path: Path) -> None:
    tail = Folder(tmp_path).create("1")
    sizes = set()
    for _ in range(2 * CHUNK // 1000):
        tail.append(b"x" * 1000)
        sizes.add((tmp_path / "1.segment").stat().st_size)
    assert sizes == {CHUNK, 2 * CHUNK, 3 * CHUNK}
    tail.close()


def test_a_segment_is_put_in_one_step_and_a_draft_is_no_segment(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "buffer")
    folder.put("1", b"old")
    folder.put("1", b"new")
    assert folder.read("1") == b"new"
    (tmp_path / "buffer" / "2.draft").write_bytes(b"half")
    assert folder.names() == ["1"]
    assert sorted(path.name for path in (tmp_path / "buffer").iterdir()) == ["1.segment", "2.draft"]


def test_a_disk_that_takes_only_a_part_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tail = Folder(tmp_path).create("1")
    tail.append(b"kept")
    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda descriptor, data, at: real(descriptor, data[:5], at))
    with pytest.raises(OSError, match="No space left") as refused:
        tail.append(b"x" * 100)
    assert refused.value.errno == errno.ENOSPC
    tail.close()
    assert Folder(tmp_path).read("1") == b"kept"


def test_on_a_cramped_disk_the_file_grows_by_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.pwrite

    def cramped(descriptor: int, data: bytes, at: int) -> int:
        if len(data) > BLOCK:
            raise OSError(errno.ENOSPC, "full")
        return real(descriptor, data, at)

    monkeypatch.setattr(os, "pwrite", cramped)
    tail = Folder(tmp_path).create("1")
    assert [tail.append(b"a" * 1000) for _ in range(5)][-1] == BLOCK + 1000
    assert (tmp_path / "1.segment").stat().st_size == 2 * BLOCK
    tail.close()


def test_the_reserve_is_given_back_once_and_made_again_where_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path)
    assert not folder.release()
    folder.reserve()
    assert (tmp_path / "reserve").stat().st_size == RESERVE
    assert (tmp_path / "reserve").stat().st_blocks * 512 >= RESERVE
    assert folder.release()
    assert not folder.release()
    monkeypatch.setattr("agent.buffer.folder._ROOMY", 1 << 60)
    folder.reserve()
    assert not (tmp_path / "reserve").exists()
