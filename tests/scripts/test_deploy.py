"""The files in deploy/ are accepted by the programs that they are for, and agree with the product's settings."""

import re
import subprocess
from pathlib import Path
from typing import Any

import yaml

import communewatch
from alerts.settings import PRODUCTION
from tests.tools import tool
from tests.tools.debian import CHECKOUT

PROVINCE = CHECKOUT / "deploy" / "province"


def read(name: str) -> Any:
    return yaml.safe_load((PROVINCE / name).read_text())


def test_prometheus_takes_its_configuration() -> None:
    command: list[str | Path] = [tool("promtool"), "check", "config", "--syntax-only", PROVINCE / "prometheus.yml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_prometheus_is_as_fast_as_the_rules_believe() -> None:
    pace = read("prometheus.yml")["global"]
    assert pace["scrape_interval"] == f"{PRODUCTION.windows.scrape_seconds:g}s"
    assert pace["evaluation_interval"] == f"{PRODUCTION.windows.evaluation_seconds:g}s"


def test_nginx_takes_the_page_of_facts(tmp_path: Path) -> None:
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}}\n"
        f"http {{ include {PROVINCE}/facts.nginx.conf; "
        + " ".join(
            f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + " }\n"
    )
    command: list[str | Path] = [tool("nginx"), "-t", "-q", "-e", "stderr", "-p", tmp_path, "-c", configuration]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_containers_start_commands_that_exist_and_mount_files_that_exist() -> None:
    services = read("compose.yml")["services"]
    own = [service["command"] for service in services.values() if service["image"] == "communewatch"]
    assert [command[0] for command in own if command[0] not in communewatch.VERBS] == []
    mounts = (mount for service in services.values() for mount in service["volumes"])
    here = {re.split(":", mount)[0] for mount in mounts if mount.startswith("./")}
    made_by_the_province = {"./relay.yml", "./responder-key", "./rendered"}
    assert {path for path in here - made_by_the_province if not (PROVINCE / path).exists()} == set()
