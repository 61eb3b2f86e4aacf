"""`communewatch probe --set FIELD=@FILE`: a key that does not stand in the list of processes."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.process import CHECKOUT
from tests.lab.snmpd import Snmpd, free_udp_port

KEY = "a key that nobody is to see"


@pytest.fixture
def snmpd(tmp_path: Path) -> Iterator[Snmpd]:
    lines = [f'createUser reader SHA "{KEY}"', "rouser reader auth"]
    lines += [
        f"override 1.3.6.1.2.1.33.1.{suffix} integer {value}" for suffix, value in {"4.1.0": 3, "2.1.0": 2}.items()
    ]
    with Snmpd(tmp_path / "card", lines, "127.0.0.1", free_udp_port()).running() as running:
        yield running


def probe(snmpd: Snmpd, key: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """How a person asks this card, from this folder."""
    settings = ("version=3", "user=reader", "auth=sha", f"auth_key={key}")
    arguments = [argument for setting in settings for argument in ("--set", setting)]
    command = [sys.executable, str(CHECKOUT / "communewatch.py"), "probe", "ups", f"127.0.0.1:{snmpd.port}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


def test_a_key_is_read_from_the_file_that_is_named(snmpd: Snmpd, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n", encoding="utf-8")
    for name in ("@key", f"@{tmp_path}/key"):
        ended = probe(snmpd, name, tmp_path)
        assert ended.returncode == 0, ended
        assert KEY not in ended.stdout + ended.stderr


def test_a_file_that_is_not_there_is_named(snmpd: Snmpd, tmp_path: Path) -> None:
    ended = probe(snmpd, "@nothing", tmp_path)
    assert ended.returncode == 2
    assert "auth_key" in ended.stderr
    assert "nothing" in ended.stderr


def test_a_key_may_still_be_written_out(snmpd: Snmpd, tmp_path: Path) -> None:
    assert probe(snmpd, KEY, tmp_path).returncode == 0
