"""`communewatch probe link` on a real way: office - gateway - operator - far, with cables pulled and packets lost."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.end_to_end.chain import Chain, in_a_row
from tests.lab import net
from tests.lab.process import CHECKOUT, Command
from tests.tools import needs_root


@pytest.fixture
def chain() -> Iterator[Chain]:
    needs_root()
    with in_a_row("lnk-office", "lnk-gateway", "lnk-operator", "lnk-far") as chain:
        net.write_setting(chain.office, "ipv4/ping_group_range", "0 2147483647")
        yield chain


def probe(chain: Chain, *more: str) -> dict[str, Any]:
    """What the command prints for a program, run inside the office."""
    argv = (sys.executable, "communewatch.py", "probe", "link", chain.far_address, "--json", "--timeout", "6", *more)
    command = Command("probe", argv, network=chain.office.path).launched()
    done = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, timeout=30, check=False)
    assert done.stdout, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if answer["success"] else 1)
    return answer


def value(answer: dict[str, Any], name: str, **labels: str) -> float | None:
    found = [
        float(metric["value"])
        for metric in answer["metrics"]
        if metric["name"] == name and labels.items() <= metric["labels"].items()
    ]
    return found[0] if found else None


def test_a_healthy_link_names_its_hops_and_loses_nothing(chain: Chain) -> None:
    answer = probe(chain)
    assert answer["result"] == "ok"
    assert value(answer, "link_up") == 1
    for hop, address in (("gateway", "10.77.1.2"), ("first_hop", "10.77.2.2"), ("reference", chain.far_address)):
        assert value(answer, "link_hop_info", hop=hop, address=address) == 1
        assert value(answer, "link_hop_loss_ratio", hop=hop) == 0
        times = [value(answer, "link_hop_rtt_seconds", hop=hop, stat=stat) for stat in ("min", "median", "max")]
        assert times == sorted(times, key=lambda time: time or 0)
    assert value(answer, "link_transmit_packets_total", device="out")


def test_a_line_that_loses_packets_shows_a_share(chain: Chain) -> None:
    probe(chain)  # now the routers know each other's addresses: lost questions for those would hold up every packet
    net.lose(chain.links[1][0], 0.3)
    answer = probe(chain, "--set", "count=30")
    loss = value(answer, "link_hop_loss_ratio", hop="reference")
    assert loss is not None
    assert 0 < loss < 1
    assert value(answer, "link_hop_loss_ratio", hop="gateway") == 0


def test_a_line_that_is_cut_behind_the_gateway_is_not_blamed_on_the_office(chain: Chain) -> None:
    net.cut(chain.links[1][1])
    answer = probe(chain)
    assert answer["result"] == "unreachable"
    assert value(answer, "link_up") == 0
    assert value(answer, "link_hop_loss_ratio", hop="gateway") == 0
    assert "beyond the router" in str(answer["evidence"])


def test_a_pulled_cable_is_the_offices_own(chain: Chain) -> None:
    net.cut(chain.links[0][1])
    while "state DOWN" not in chain.office.run("ip", "-oneline", "link", "show", "out"):
        time.sleep(0.05)  # the kernel tells of a lost carrier within a second
    answer = probe(chain)
    assert answer["result"] == "unreachable"
    assert value(answer, "link_interface_up", device="out") == 0
    assert "interface out is down" in str(answer["evidence"])
