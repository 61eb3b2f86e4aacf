"""The path as people and offices use it: by hand, without raw rights, and by an agent whose service has just failed."""

import ctypes
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.chain import Chain, in_a_row
from tests.lab import net
from tests.tools import needs_root, tool
from tests.tools.debian import CHECKOUT

FAR = "10.77.5.2"
PR_CAPBSET_DROP, CAP_NET_RAW = 24, 13  # linux/prctl.h, linux/capability.h
SOON = 55.0  # seconds from a fault to the page; the path's own turn comes every six hours
CONFIG = f"""
version: 1
identity: {{province: "04", commune: "01273", office: 01273-1}}
name: {{vi: UBND xã Trường Hà, en: Truong Ha commune office}}
listen: 127.0.0.1:9817
probes:
  - collector: service
    labels: {{service: portal}}
    every: 1s
    timeout: 1s
    target: {{kind: tcp, host: {FAR}, port: 9000}}
  - collector: path
    labels: {{link: main}}
    every: 6h
    timeout: 30s
    target:
      host: {FAR}
      port: 9000
      networks: {{isp_access: [10.77.2.0/24], isp_backbone: [10.77.3.0/24], province: [10.77.4.0/24]}}
"""


@pytest.fixture
def chain() -> Iterator[Chain]:
    needs_root()
    tool("nft")
    with in_a_row(
        *(f"pathc-{name}" for name in ("office", "gateway", "access", "backbone", "province", "far"))
    ) as chain:
        net.write_setting(chain.office, "ipv4/ping_group_range", "0 2147483647")
        yield chain


def probe(chain: Chain, *more: str) -> "subprocess.CompletedProcess[str]":
    argv = [sys.executable, "communewatch.py", "probe", "path", FAR, *more]
    return chain.office.call(lambda: subprocess.run(argv, cwd=CHECKOUT, capture_output=True, text=True, check=False))


def test_a_person_sees_the_hops_and_where_it_breaks(chain: Chain) -> None:
    well = probe(chain)
    assert well.returncode == 0, well.stderr
    assert "Đường đi thông suốt" in well.stdout
    assert all(f"{distance}  10.77.{distance}.2" in well.stdout for distance in range(1, 6))
    assert "✘" not in well.stdout
    net.cut(chain.links[1][1])
    broken = probe(chain)
    assert broken.returncode == 1
    assert "đứt ở đây / broken here" in broken.stdout
    assert "Operator's access line" in broken.stdout
    assert broken.stderr == ""


def test_without_raw_rights_the_command_does_what_it_can_and_says_so(chain: Chain) -> None:
    def poor(argv: list[str]) -> "subprocess.CompletedProcess[str]":
        assert ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_NET_RAW, 0, 0, 0) == 0  # of this thread and its children
        return subprocess.run(argv, cwd=CHECKOUT, capture_output=True, text=True, check=False)

    argv = [sys.executable, "communewatch.py", "probe", "path", FAR, "--json"]
    done = chain.office.call(lambda: poor(argv))
    answer = json.loads(done.stdout)
    assert done.returncode == 0, answer
    assert "CAP_NET_RAW" in answer["evidence"]
    found = {(one["name"], *one["labels"].values()): one["value"] for one in answer["metrics"]}
    assert (found["path_reduced",], found["path_reached",], found["path_hops",]) == (1, 1, 5)
    assert found["path_hop_info", "first_isp", "10.77.2.2"] == 1
    assert not [name for name, *_ in found if name in ("path_mtu_bytes", "path_hop_loss_ratio")]


def test_an_agent_looks_at_the_way_as_soon_as_a_service_fails(chain: Chain, tmp_path: Path) -> None:
    (tmp_path / "agent.yml").write_text(CONFIG)
    server = [sys.executable, "-m", "http.server", "9000", "--bind", FAR]
    agent = [sys.executable, "communewatch.py", "agent", "run", "--config", str(tmp_path / "agent.yml")]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [
        node.call(lambda argv=argv, folder=folder: subprocess.Popen(argv, cwd=folder, **quiet))  # type: ignore[misc]
        for node, argv, folder in ((chain.far, server, tmp_path), (chain.office, agent, CHECKOUT))
    ]
    try:
        until(lambda: 'where="none"' in faults(chain))
        until(lambda: portal_works(chain))
        net.cut(chain.links[2][1])
        until(lambda: 'where="isp_backbone"' in faults(chain))
    finally:
        for process in running:
            process.kill()
            process.wait()


def page(chain: Chain) -> str:
    def read() -> str:
        try:
            with urllib.request.urlopen("http://127.0.0.1:9817/metrics", timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            return ""

    return chain.office.call(read)


def portal_works(chain: Chain) -> bool:
    lines = (line for line in page(chain).splitlines() if line.startswith("probe_success{"))
    return any('service="portal"' in line and float(line.rpartition(" ")[2]) == 1 for line in lines)


def faults(chain: Chain) -> str:
    """The series of the fault that holds."""
    series = (line.rpartition(" ") for line in page(chain).splitlines() if line.startswith("path_fault{"))
    return "\n".join(name for name, _, value in series if float(value) == 1)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)
