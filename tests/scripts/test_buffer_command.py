"""`communewatch agent buffer`: what a person and a program see of a buffer, also of one that is being filled."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from subprocess import PIPE

import pytest

from agent.buffer.receipts import Receipts
from agent.buffer.scrape import Labels, Refused, Stamp
from communewatch import main
from tests.lab.process import CHECKOUT
from tests.servers.buffer_writer import opened
from tests.tools import tool

LOAD: Labels = (("__name__", "load"), ("office", "Bà Rịa"))
RUNS: Labels = (("__name__", "runs_total"), ("office", "Bà Rịa"))
START = 1_763_600_000.0  # 2025-11-20 07:53:20 in Vietnam


def fill(receipts: Receipts, numbers: range) -> list[int]:
    return [
        receipts.log.append(
            Stamp("boot", 100.0 + 15 * number, START + 15 * number), {LOAD: number / 3, RUNS: float(number)}
        )
        for number in numbers
    ]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    receipts = opened(folder)
    sequences = fill(receipts, range(300))
    receipts.acknowledge("centre", 1, sequences[199])
    receipts.quarantine(Refused("centre", sequences[5], sequences[5], LOAD, "out of bounds"))
    receipts.acknowledge("spare", 1, sequences[-1])
    receipts.close()
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    status = main(["agent", "buffer", *map(str, arguments)])
    return status, capsys.readouterr().out


def test_inspect_tells_a_person_in_both_languages(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, text = said(capsys, "inspect", "--folder", folder)
    assert status == 0
    assert "300 lượt đo trong 2 tệp" in text
    assert "scrapes: 300, files: 2, 0.0 MB, from 07:53:20 20/11/2025 to 09:08:05 20/11/2025" in text
    assert "centre còn thiếu 100 lượt đo" in text
    assert "centre lacks 100 scrapes" in text
    assert "spare đã nhận mọi lượt đo" in text
    assert "no record is damaged" in text
    assert "centre refused data: out of bounds" in text
    assert "tác tử dừng theo lệnh" in text


def test_inspect_tells_a_program(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, text = said(capsys, "inspect", "--json", "--folder", folder)
    found = json.loads(text)
    assert status == 0
    assert (found["scrapes"], found["damaged"], found["newest"]) == (300, 0, 300)
    assert found["destinations"]["centre"] == {"low": 200, "above": [], "waiting": 100}
    assert [event["what"] for event in found["events"]] == ["started", "quarantine", "stopped"]
    assert sum(one["bytes"] for one in found["segments"]) == found["bytes"]


def test_verify_says_where_damage_is_and_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "verify", "--folder", folder)[0] == 0
    segment = min(folder.glob("*.segment"))
    data = bytearray(segment.read_bytes())
    data[-10] ^= 1
    segment.write_bytes(data + b"torn")
    status, text = said(capsys, "verify", "--folder", folder)
    assert status == 1
    assert f"tệp {segment.stem}: 1 bản ghi hỏng, " in text
    assert "records are damaged; the others can be read and are sent" in text
    assert segment.read_bytes() == data + b"torn"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    times = ("--since", "2025-11-20", "--until", "2025-11-21")
    for verb in (("inspect",), ("verify",), ("export",), ("resend", *times)):
        assert main(["agent", "buffer", *verb, "--folder", str(tmp_path / "none")]) == 1
        assert "No such file or directory" in capsys.readouterr().err


def test_the_folder_around_the_buffer_will_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = folder / "state"
    shutil.copytree(folder, state / "buffer")
    assert "300 lượt đo" in said(capsys, "inspect", "--folder", state)[1]


def test_who_has_read_enough_of_an_export_may_go(folder: Path) -> None:
    gone, into = os.pipe()
    os.close(gone)
    command = [sys.executable, "-m", "communewatch", "agent", "buffer", "export", "--folder", str(folder)]
    done = subprocess.run(command, stdout=into, stderr=PIPE, check=False, cwd=CHECKOUT)
    os.close(into)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_empty_buffer_is_no_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no scrape yet" in said(capsys, "inspect", "--folder", tmp_path)[1]
    assert said(capsys, "export", "--folder", tmp_path) == (0, "# EOF\n")


def test_export_takes_a_metric_and_a_time(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    times = ("--since", "2025-11-20T08:00", "--until", "2025-11-20T08:01")
    status, text = said(capsys, "export", "--folder", folder, "--metric", "runs_total", *times)
    assert status == 0
    assert text.splitlines() == [
        'runs_total{office="Bà Rịa"} 27 1763600405.000',
        'runs_total{office="Bà Rịa"} 28 1763600420.000',
        'runs_total{office="Bà Rịa"} 29 1763600435.000',
        'runs_total{office="Bà Rịa"} 30 1763600450.000',
        "# EOF",
    ]
    with pytest.raises(SystemExit, match="2"):
        main(["agent", "buffer", "export", "--since", "yesterday"])


def test_times_that_make_no_sense_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ("export", "resend"):
        times = ("--since", "2025-11-20T08:01", "--until", "2025-11-20T08:00")
        assert main(["agent", "buffer", verb, "--folder", str(folder), *times]) == 2
        assert "--since should be before --until" in capsys.readouterr().err
        with pytest.raises(SystemExit, match="2"):
            main(["agent", "buffer", verb, "--since", "nan", "--until", "1"])


def test_what_is_to_be_sent_again_is_counted_and_its_receiver_known(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    resend = ("resend", "--folder", folder, "--since", "2025-11-20T08:00")
    status, text = said(capsys, *resend, "--until", "2025-11-20T08:01", "--receiver", "centre")
    assert status == 0
    assert "yêu cầu gửi lại 4 lượt đo" in text
    assert "asked for 4 scrapes" in text
    assert main(["agent", "buffer", *map(str, resend), "--until", "2025-11-21", "--receiver", "center"]) == 2
    assert "không có nơi nhận center; hiện có: centre, spare" in capsys.readouterr().err
    status, text = said(capsys, "resend", "--folder", folder, "--since", "2020-01-01", "--until", "2020-01-02")
    assert status == 1
    assert "no scrape of that time is kept" in text
    assert len(list(folder.glob("*.resend"))) == 2


def test_prometheus_reads_the_export_sample_by_sample(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    promtool = tool("promtool")
    _, text = said(capsys, "export", "--folder", folder)
    (folder / "export.txt").write_text(text, encoding="utf-8")
    blocks = folder / "blocks"
    (blocks / "wal").mkdir(parents=True)  # without it promtool does not open them
    subprocess.run(
        [promtool, "tsdb", "create-blocks-from", "openmetrics", folder / "export.txt", blocks],
        check=True,
        capture_output=True,
    )
    dumped = subprocess.run([promtool, "tsdb", "dump", blocks], check=True, capture_output=True, text=True).stdout
    found = Counter(line.rpartition("} ")[2] for line in dumped.splitlines() if '__name__="load"' in line)
    assert found.keys() == {_dumped(number) for number in range(300)}
    assert found.total() == 300


def _dumped(number: int) -> str:
    return f"{repr(number / 3).removesuffix('.0')} {round((START + 15 * number) * 1000)}"


def test_a_buffer_is_looked_at_while_an_agent_fills_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-m", "tests.servers.buffer_writer"]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True, cwd=CHECKOUT) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{tmp_path} 1\n")
        process.stdin.flush()
        pid = int(process.stdout.readline().removeprefix("pid "))
        try:
            for _ in range(20):
                acknowledged = int(process.stdout.readline().split()[0])
                status, text = said(capsys, "verify", "--json", "--folder", tmp_path)
                assert status == 0
                assert json.loads(text)["newest"] >= acknowledged
        finally:
            os.kill(pid, signal.SIGKILL)
            process.stdin.close()
            process.stdout.read()
