"""What is planned for an office in each state, and in which order offices are served."""

import asyncio
import os
import subprocess
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from inventory.rollout import facts, plan
from inventory.rollout.apply import Result, Wanted, everywhere, in_waves
from inventory.rollout.bundle import Bundle, Manifest
from inventory.rollout.facts import Facts, Layout, Manager
from inventory.rollout.plan import Run, Upload
from inventory.rollout.ssh import Login
from tests.fakes.time import run

CONFIG = b"version: 1\n"
BUNDLE = Bundle(Path("b.tar.gz"), Manifest("0.2.0", "3.11", "x86_64"), b"[Unit]", b"u communewatch")
GOOD = Facts(
    "3.11", "x86_64", Manager.SYSTEMD, "0.2.0", sha256(CONFIG).hexdigest(), BUNDLE.unit_sha256, True, True, 10**10, True
)
NEW = replace(GOOD, installed="", config_sha256="", unit_sha256="", running=False, checked=False)


def planned(there: Facts, prefix: str = "") -> plan.Plan:
    return plan.make("01273-1", CONFIG, "0.0.0.0:9817", BUNDLE, there, Layout(prefix))


def purposes(there: Facts) -> list[str]:
    return [step.purpose for step in planned(there).steps]


def test_an_office_that_is_as_wanted_needs_nothing_and_is_told_why() -> None:
    made = planned(GOOD)
    assert not made.steps
    assert made.summary == "nothing to do: 0.2.0, configuration up to date, running"


def test_a_new_office_gets_everything_in_an_order_that_never_leaves_half_a_release_in_use() -> None:
    assert purposes(NEW) == [
        "make the folders",
        "bring the bundle",
        "install 0.2.0 beside what is there",
        "bring the unit",
        "bring the user's definition",
        "install the unit and the user",
        "bring agent.yml",
        "check agent.yml and take it over, keeping the one before",
        "switch to 0.2.0 and start",
        "check that the agent answers",
        "remove releases older than the one before",
    ]
    assert planned(NEW).summary == "nothing installed, 0.2.0 wanted; no agent.yml yet; no unit yet; not running"


@pytest.mark.parametrize(
    ("change", "first", "summary"),
    [
        ({"installed": "0.1.0"}, "bring the bundle", "0.1.0 installed, 0.2.0 wanted"),
        ({"config_sha256": "other"}, "bring agent.yml", "agent.yml differs"),
        ({"unit_sha256": "other"}, "bring the unit", "the unit differs"),
        ({"running": False}, "switch to 0.2.0 and start", "not running"),
        ({"checked": False}, "switch to 0.2.0 and start", "the last change broke off"),
    ],
)
def test_only_what_differs_is_changed(change: dict[str, object], first: str, summary: str) -> None:
    made = planned(replace(GOOD, **change))  # type: ignore[arg-type]
    assert made.steps[0].purpose == "make the folders"
    assert made.steps[1].purpose == first
    assert made.summary == summary
    assert "check that the agent answers" in [step.purpose for step in made.steps[-2:]]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"python": ""}, "there is no python3"),
        ({"python": "3.13"}, "the machine has Python 3.13 on x86_64"),
        ({"machine": "aarch64"}, "the machine has Python 3.11 on aarch64"),
        ({"writable": False}, "we may not write below /opt"),
        ({"free_bytes": 1_000_000}, "only 1 MB are free"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_changed(change: dict[str, object], said: str) -> None:
    made = planned(replace(NEW, **change))  # type: ignore[arg-type]
    assert said in made.refusal
    assert not made.steps


def test_without_systemd_the_agent_is_a_plain_process_below_the_prefix() -> None:
    made = planned(replace(NEW, manager=Manager.PROCESS), "/home/cán bộ")
    scripts = "\n".join(step.script for step in made.steps if isinstance(step, Run))
    assert "systemctl" not in scripts
    assert "'/home/cán bộ/opt/communewatch/current'" in scripts
    assert {step.path for step in made.steps if isinstance(step, Upload)} == {
        "/home/cán bộ/opt/communewatch/incoming/communewatch-0.2.0.tar.gz",
        "/home/cán bộ/etc/communewatch/agent.yml.new",
    }


def test_an_answer_that_is_not_understood_is_said() -> None:
    with pytest.raises(ValueError, match="is not understood"):
        facts.parse("sh: 1: sha256sum: not found\npython=3.11\n")


def serve(count: int, failing: set[int], most_failures: int) -> tuple[list[str], list[str]]:
    """The offices that were begun, and those that ended with an error."""
    begun: list[str] = []
    login = Login("h", 22, "root", "k")
    offices = [Wanted(str(number), b"", "x:1", login, Layout()) for number in range(count)]

    async def one(wanted: Wanted) -> Result:
        begun.append(wanted.office)
        await asyncio.sleep(1)
        return Result(wanted.office, None, error="broken" if int(wanted.office) in failing else "")

    results = run(in_waves(offices, one, 2, most_failures))
    assert [result.office for result in results] == [wanted.office for wanted in offices]
    return begun, [result.office for result in results if result.error]


def test_the_first_office_goes_alone_and_its_failure_stops_all() -> None:
    assert serve(5, {0}, most_failures=3) == (["0"], ["0", "1", "2", "3", "4"])


def test_a_few_failures_are_borne_and_too_many_stop_the_rest() -> None:
    assert serve(8, {3}, most_failures=1)[1] == ["3"]
    begun, failed = serve(12, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, most_failures=1)
    assert len(begun) < 6
    assert len(failed) == 11


def test_whatever_one_office_does_the_others_are_carried_to_their_end() -> None:
    login = Login("h", 22, "root", "k")
    offices = [Wanted(str(number), b"", "x:1", login, Layout()) for number in range(3)]

    async def one(wanted: Wanted) -> Result:
        await asyncio.sleep(int(wanted.office))
        if wanted.office == "1":
            raise ZeroDivisionError("odd")
        return Result(wanted.office, None)

    assert [result.error for result in run(everywhere(offices, one, 3))] == ["", "ZeroDivisionError: odd", ""]


def test_only_the_release_in_use_and_the_one_before_are_kept(tmp_path: Path) -> None:
    releases = tmp_path / "opt/communewatch/releases"
    for age, version in enumerate(("0.4.0", "0.3.0", "0.2.0", "0.1.0")):
        (releases / version).mkdir(parents=True)
        os.utime(releases / version, (1e9 - age, 1e9 - age))
    (tmp_path / "opt/communewatch/current").symlink_to(releases / "0.2.0")
    step = planned(replace(NEW, manager=Manager.PROCESS), str(tmp_path)).steps[-1]
    assert isinstance(step, Run)
    subprocess.run(["/bin/sh", "-c", step.script], check=True)
    assert {path.name for path in releases.iterdir()} == {"0.4.0", "0.2.0"}
