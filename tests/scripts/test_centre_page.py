"""docs/centre.md as a province walks it: each command as it stands, but below a folder and without systemd."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import tool
from tests.tools.debian import CHECKOUT

PAGE = (CHECKOUT / "docs" / "centre.md").read_text(encoding="utf-8")
PLACES = re.compile(r"(?<=[ =@])(?=/(?:etc|root|var/lib)/)")
SHIMS = {
    "systemctl": "exit 0",
    "install": 'while [ "$3" = -g ]; do set -- "${@:1:2}" "${@:5}"; [ "$1 $2" = "-d -m" ] && break; done\n'
    '[ "$1 $2 $4" = "-d -m -g" ] && set -- "${@:1:3}" "${@:6}"\nexec /usr/bin/install "$@"',
    "communewatch": 'sed -i "s# /var/lib# {root}/var/lib#" {root}/etc/communewatch/*.yml 2>/dev/null\n'
    'exec {python} -m communewatch "$@"',
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    places = ("bin", "etc/default", "etc/prometheus", "etc/nginx/conf.d", "etc/systemd/system", "root", "var/lib")
    for place in places:
        (tmp_path / place).mkdir(parents=True)
    for name, text in SHIMS.items():
        path = tmp_path / "bin" / name
        path.write_text(f"#!/bin/bash\n{text.replace('{root}', str(tmp_path)).replace('{python}', sys.executable)}\n")
        path.chmod(0o755)
    return tmp_path


def walk(root: Path) -> str:
    """What the blocks of the page print, all in one go."""
    script = PLACES.sub(str(root), "\n".join(re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)))
    path = f"{root / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        capture_output=True, text=True, check=False, cwd=CHECKOUT, env={**os.environ, "PATH": path},
    )  # fmt: skip
    assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def flags(name: str) -> set[str]:
    return set(re.findall(r"--([a-z.-]+)", subprocess.run([tool(name), "--help"], capture_output=True, text=True,
                                                          check=True).stdout))  # fmt: skip


def test_the_page_sets_up_a_centre_as_it_stands(root: Path) -> None:
    said = walk(root)
    assert "56 offices" in said
    assert "example that comes with the product" not in said
    assert "default: email-truc-cao-bang" in said
    rendered = root / "var/lib/communewatch/rendered"
    assert {path.name for path in rendered.iterdir()} >= {"alertmanager.yml", "receivers.yml", "rules", "facts.prom"}
    for name, program in (("prometheus", "prometheus"), ("prometheus-alertmanager", "alertmanager")):
        ((_, _, given),) = (line.partition("=") for line in (root / "etc/default" / name).read_text().splitlines())
        for argument in shlex.split(shlex.split(given)[0]):
            assert argument.partition("=")[0].removeprefix("--") in flags(program)
    # The feigned incident of the page reaches the province.
    (labels,) = re.findall(r"alert add (\S+) (.*?) \\$", PAGE, re.MULTILINE)
    route: list[str | Path] = [
        tool("amtool"),
        "config",
        "routes",
        "test",
        f"--config.file={rendered / 'alertmanager.yml'}",
    ]
    told = subprocess.run(
        [*route, f"alertname={labels[0]}", *labels[1].split()], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["province-04"]
