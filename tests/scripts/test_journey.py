"""Journeys as a person meets them: on the page that explains them, and on the command line."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from agent.config import loads
from tests.servers.errand import Errand
from tests.servers.tcp import elsewhere
from tests.tools.debian import CHECKOUT

CONFIG = """
version: 1
identity: {{province: "04", commune: "01273", office: 01273-1}}
name: {{vi: Trung tâm, en: Centre}}
probes:
  - collector: journey
    labels: {{service: errand}}
    target:
      steps:
        home: {{url: "http://127.0.0.1:{port}/", body_matches: [Cổng]}}
        missing: {{url: "http://127.0.0.1:{port}/missing"}}
"""


def probe(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(CHECKOUT / "communewatch.py"), "probe", "journey", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)


def test_the_example_of_the_page_is_a_good_configuration() -> None:
    page = (CHECKOUT / "docs" / "journeys.md").read_text(encoding="utf-8")
    (example,) = re.findall("```yaml\n(.*?)```", page, re.DOTALL)
    (journey,) = loads(example).probes
    assert list(journey.target.steps) == ["home", "login_page", "search", "form"]


@pytest.mark.parametrize("what", ["", "errand"])
def test_a_configured_journey_is_walked_once_and_its_failed_step_named(tmp_path: Path, what: str) -> None:
    config = tmp_path / "agent.yml"
    with elsewhere(Errand().behave) as port:
        config.write_text(CONFIG.format(port=port), encoding="utf-8")
        answer = probe(*([what] if what else []), "--config", str(config), "--json")
    shown = json.loads(answer.stdout)
    assert (answer.returncode, shown["result"]) == (1, "error"), answer.stderr
    assert list(shown["phases"]) == ["home", "missing"]
    assert shown["evidence"].splitlines()[-1] == "step missing failed: status 400"


def test_without_a_file_a_person_is_told_how() -> None:
    answer = probe("errand")
    assert answer.returncode == 2
    assert "communewatch probe journey errand --config agent.yml" in answer.stderr
