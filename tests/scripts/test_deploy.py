"""The files in deploy/ are accepted by the programs that they are for, and agree with the product's settings."""

import re
import subprocess
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
import yaml

import communewatch
from agent.gateway.config import GatewaySettings
from alerts.settings import PRODUCTION
from collectors.core.decode import decode_file
from collectors.core.values import Duration
from tests.lab import nginx
from tests.lab.authority import Authority
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


def nginx_takes(servers: str, folder: Path) -> None:
    nginx.write_configuration(folder, servers)
    configuration = folder / "nginx.conf"
    command: list[str | Path] = [tool("nginx"), "-t", "-q", "-e", "stderr", "-p", folder, "-c", configuration]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nginx_takes_the_page_of_facts(tmp_path: Path) -> None:
    nginx_takes((PROVINCE / "facts.nginx.conf").read_text(), tmp_path)


def test_nginx_takes_the_way_in_for_last_words(tmp_path: Path) -> None:
    certificate = Authority(tmp_path / "tls", datetime.now(UTC)).issue("server", IPv4Address("127.0.0.1"))
    shipped = (PROVINCE / "last-word.nginx.conf").read_text()
    shipped = shipped.replace("/etc/communewatch/tls/server.crt", str(certificate.certificate))
    nginx_takes(shipped.replace("/etc/communewatch/tls/server.key", str(certificate.key)), tmp_path)


@pytest.mark.parametrize("example", sorted((PROVINCE / "gateway").glob("*.yml")), ids=lambda path: path.stem)
def test_the_gateway_takes_its_configuration_for_every_store(example: Path) -> None:
    settings = decode_file(example, GatewaySettings).value
    assert settings.accepted.behind <= 72 * 3600 or "victoriametrics" in example.stem  # within the others' window


def test_prometheus_takes_late_samples_as_long_as_the_gateway_does() -> None:
    window = Duration.parse(read("prometheus.yml")["storage"]["tsdb"]["out_of_order_time_window"])
    assert window >= decode_file(PROVINCE / "gateway" / "prometheus.yml", GatewaySettings).value.accepted.behind + 3600


def test_containers_start_commands_that_exist_and_mount_files_that_exist() -> None:
    services = read("compose.yml")["services"]
    own = [service["command"] for service in services.values() if service["image"] == "communewatch"]
    assert [command[0] for command in own if command[0] not in communewatch.VERBS] == []
    mounts = (mount for service in services.values() for mount in service["volumes"])
    here = {re.split(":", mount)[0] for mount in mounts if mount.startswith("./")}
    made_by_the_province = {"./relay.yml", "./responder-key", "./rendered", "./gateway.yml", "./gateway-certificates"}
    assert {path for path in here - made_by_the_province if not (PROVINCE / path).exists()} == set()
