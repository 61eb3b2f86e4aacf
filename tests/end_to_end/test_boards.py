"""What people see, in the lab: every panel shows something, and the report knows the links.

Real agents, a real UPS card, real throughput tests of shaped links.
"""

import asyncio
import csv
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from dashboards.check import Empty, panels_without_data
from dashboards.reports import cli
from dashboards.reports.month import local
from tests.lab.lab import Lab
from tests.lab.register import OFFICES, PLANS, PROVINCE
from tests.lab.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]

# A verdict on a contract needs three throughput tests, one every half minute.
FILLED_WITHIN = 240.0


async def test_every_panel_has_data(lab: Lab) -> None:
    await lab.until(lambda state: state.green, "all green", within=120)
    values = {"province": PROVINCE, "office": next(iter(lab.offices.values())).entry.id}

    async def empty() -> Sequence[Empty]:
        return await asyncio.to_thread(panels_without_data, lab.centre.url("prometheus"), values, time.time())

    await eventually(empty, lambda found: not found, "data in every panel", FILLED_WITHIN)


async def test_the_report_holds_every_link_against_its_contract(lab: Lab, tmp_path: Path) -> None:
    month = local(time.time()).strftime("%Y-%m")
    store = lab.centre.url("prometheus")
    arguments = [
        "--month",
        month,
        "--out",
        str(tmp_path),
        "--prometheus",
        store,
        "--province",
        PROVINCE,
        "--step",
        "10s",
    ]

    async def lines() -> Sequence[dict[str, str]]:
        await asyncio.to_thread(cli.main, ["bandwidth", *arguments])
        with (tmp_path / f"bandwidth-{month}-{PROVINCE}.csv").open(encoding="utf-8-sig", newline="") as stream:
            return [line for line in csv.DictReader(stream) if line["judges"] == "1"]

    def measured(found: Sequence[dict[str, str]]) -> bool:
        return len(found) == 2 * len(OFFICES) and all(line["median_mbit_per_second"] for line in found)

    for line in await eventually(lines, measured, "a valid test of every link and direction", FILLED_WITHIN):
        (office,) = (office for office in OFFICES if office.id == line["office"])
        plan = PLANS[office.plan]
        contract = {"down": plan.down, "up": plan.up}[line["direction"]]
        assert float(line["contract_mbit_per_second"]) == contract
        assert 0 < float(line["median_mbit_per_second"]) < 1.1 * contract
        assert (line["operator"], line["commune"]) == (plan.operator, office.commune)
