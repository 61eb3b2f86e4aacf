"""docs/moving-to-push.md as a province walks it: each command as it stands, but in a folder instead of on machines."""

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from agent.config import load
from inventory import register
from tests.lab.process import CHECKOUT, Command, Process
from tests.rules.servers import free_port, until
from tests.servers.backlog import Backlog
from tests.servers.stores import Store, prometheus, store

PAGE = CHECKOUT / "docs" / "moving-to-push.md"
OFFICE = "01273-1"
COMMAND = "/opt/communewatch/current/bin/communewatch"
# What the page calls, where there is no second machine and no systemd; of rollout what it does to agent.yml.
SHIMS = {
    "scp": 'cp "$1" "${2#*:}"',
    "ssh": 'shift; exec sh -c "$*"',
    "systemctl": "exit 0",
    "curl": """\
exec "{python}" -c '
import sys, urllib.request
print(urllib.request.urlopen(sys.argv[-1]).read().decode())' "$@" """,
    "install": """\
[ "$1" = -d ] && exec mkdir -p "$6"
mode=$2 group=$4; [ "$3" = -g ] || group=none
[ $# -gt 4 ] && shift 2
case "$4" in */) to="$4$(basename "$3")" ;; *) to="$4" ;; esac
sed "{substitutions}" "$3" > "$to" && chmod "$mode" "$to" """,
    "communewatch": """\
[ "$1" = rollout ] && exec cp "{root}/root/next/offices/$3/agent.yml" "{root}/etc/communewatch/agent.yml"
exec "{python}" -m communewatch "$@" """,
}
PROVINCE = {
    "province": "04",
    "web_name": "caobang",
    "agent": {"listen": "0.0.0.0:9817", "contact": "x"},
    "plans": {"fibre": {"operator": "vnpt", "technology": "ftth", "down_mbps": 100, "up_mbps": 100,
                        "monthly_budget": "100GB"}},
    "probes": {"host": {}, "link": {"target": {"reference": "127.0.0.1"}}},
}  # fmt: skip


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


class Walk:
    """`instead`: what stands on the page, and what it is here."""

    def __init__(self, root: Path, centre: Store) -> None:
        self.root = root
        self.port, self.metrics = free_port(), free_port()
        self.instead = {
            COMMAND: "communewatch",
            "gateway.caobang.example:9443": f"127.0.0.1:{self.port}",
            "GATEWAY=gateway.caobang.example": "GATEWAY=127.0.0.1",
            "127.0.0.1:9090": centre.url.removeprefix("http://"),
            "127.0.0.1:9822": f"127.0.0.1:{self.metrics}",
            "=/root/": f"={root}/root/",
            **{
                f" {place}": f" {root}{place}" for place in ("/etc/communewatch", "/etc/systemd", "/root/", "/var/lib/")
            },
            **{f'"{place}': f'"{root}{place}' for place in ("/root/", "/http")},
            **{f":{place}": f":{root}{place}" for place in ("/etc/communewatch", "/var/lib/")},
        }
        for place in ("etc/communewatch", "etc/systemd/system", "root", "var/lib/communewatch/rendered", "bin"):
            (root / place).mkdir(parents=True)
        self._make_shims()

    def _make_shims(self) -> None:
        substitutions = "; ".join(f"s#{before}#{after}#g" for before, after in self.instead.items())
        for name, text in SHIMS.items():
            for key, value in {"substitutions": substitutions, "root": self.root, "python": sys.executable}.items():
                text = text.replace(f"{{{key}}}", str(value))  # noqa: PLW2901
            path = self.root / "bin" / name
            path.write_text(f"#!/bin/bash\n{text}\n")
            path.chmod(0o755)

    def here(self, text: str) -> str:
        for before, after in self.instead.items():
            text = text.replace(before, after)
        return text

    def run(self, variables: str, block: str) -> str:
        path = f"{self.root / 'bin'}:{os.environ['PATH']}"
        script = self.here(f"{variables}\n{block}")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            capture_output=True, text=True, check=False, cwd=CHECKOUT, env={**os.environ, "PATH": path},
        )  # fmt: skip
        assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
        return done.stdout


def write_inventory(folder: Path, push: Mapping[str, object] | None, offices: Sequence[str]) -> None:
    """A small province; who is in `offices` is moved, one more is not."""
    province = folder / "provinces" / "04"
    province.mkdir(parents=True, exist_ok=True)
    addresses = {OFFICE: "127.0.0.1", "01290-1": "127.0.0.2"}
    entries = {one: {"links": {"main": "fibre"}, "address": address} for one, address in addresses.items()}
    for one, entry in entries.items():
        entry |= {} if one in offices else {"path": "pull"}  # noqa: PLW2901
    taken = {one[:5] for one in entries}
    planned = {one.code: "later" for one in register.load().communes_of("04") if one.code not in taken}
    agent = {**PROVINCE["agent"], **(push or {})}  # type: ignore[dict-item]
    contents = {
        "province": {**PROVINCE, "agent": agent, "planned": planned}, "offices": {"offices": entries},
        "services": {"services": {}}, "contacts": {"province": {"name": {"vi": "x", "en": "x"}, "channels": ["x"]}},
    }  # fmt: skip
    for name, content in contents.items():
        (province / f"{name}.yml").write_text(yaml.safe_dump(content, allow_unicode=True))


@pytest.mark.timeout(180)
async def test_the_page_moves_an_office_as_it_stands(tmp_path: Path) -> None:
    variables, *steps = blocks("sh")
    (push,) = blocks("yaml")
    (tmp_path / "store").mkdir()
    async with store(prometheus, tmp_path / "store") as centre:
        walk = Walk(tmp_path / "machines", centre)
        inventory = walk.root / "root" / "inventory"
        write_inventory(inventory, None, [OFFICE])

        async def step(block: str) -> str:
            return await asyncio.to_thread(walk.run, variables, block)

        checked, authority, gateway, healthy, render, certificate, move, _ = steps
        assert "true" in await step(checked)
        await step(authority)
        assert "2 offices" in await step(gateway)
        config = walk.root / "etc" / "communewatch" / "gateway.yml"
        config.write_text(f"{config.read_text()}listen: 127.0.0.1:{walk.port}\nmetrics: 127.0.0.1:{walk.metrics}\n")
        running = Process(Command("gateway", (sys.executable, "-m", "communewatch", "gateway", "run", "--config",
                                              str(config))), tmp_path / "gateway.log")  # fmt: skip
        await running.start()
        try:
            await until(lambda: asyncio.to_thread(answers, walk, variables, healthy))
            write_inventory(inventory, yaml.safe_load(walk.here(push))["agent"], [OFFICE])
            for block in (render, certificate, move):
                await step(block)
            to = load(walk.root / "etc" / "communewatch" / "agent.yml").settings.push
            assert to
            backlog = Backlog(OFFICE, 3, 10)
            await backlog.fill()
            await asyncio.wait_for(backlog.send_to(to.receivers["centre"]), 30)
            assert await centre.values('{__name__=~"metric_.*"}', 600, time.time()) == backlog.expected()
        finally:
            await running.kill()
    targets = (walk.root / "var/lib/communewatch/rendered/prometheus/targets/04.json").read_text()
    assert OFFICE not in targets
    assert "01290-1" in targets


def answers(walk: Walk, variables: str, block: str) -> bool:
    try:
        return walk.run(variables, block).strip() == "ok"
    except AssertionError:
        return False
