"""A rollout to a real sshd: planned, applied, applied again, and refused where it must be.

sshd runs in a mount namespace of its own, which holds what Debian's package would have made: the user `sshd` and
/run/sshd. What is installed lies below a prefix in the test's folder.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.bench.stand import free_ports
from tests.lab.process import CHECKOUT, Command, Processes
from tests.tools import needs_root, tool

PROVINCE = """
province: "04"
web_name: caobang
agent: {{listen: "127.0.0.1:{port}"}}
ssh: {{user: root, port: {ssh_port}}}
plans: {{main: {{operator: vnpt, technology: ftth, down_mbps: 100, up_mbps: 100, monthly_budget: 80GB}}}}
probes: {{host: {{every: 15s}}}}
"""
OFFICES = "offices:\n  01273-1: {{address: 127.0.0.1, ssh_host_key: {key}, links: {{main: main}}}}\n"
START_SSHD = """
set -e
cp /etc/passwd {folder}/passwd
grep -q '^sshd:' /etc/passwd || echo 'sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin' >> {folder}/passwd
mount --bind {folder}/passwd /etc/passwd
mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd
exec {sshd} -D -e -f {folder}/sshd_config
"""
SSHD_CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/client_key.pub
PermitRootLogin prohibit-password
PasswordAuthentication no
StrictModes no
UsePAM no
PidFile none
Subsystem sftp internal-sftp
"""


@dataclass(frozen=True)
class Office:
    """A machine with sshd, and an inventory that knows it."""

    folder: Path
    port: int
    bundle: Path

    @property
    def prefix(self) -> Path:
        return self.folder / "prefix"

    @property
    def inventory(self) -> Path:
        return self.folder / "inventory"

    async def rollout(self, verb: str, *more: str) -> tuple[int, str, str]:
        """Exit status, output and errors of the command."""
        arguments = ("--inventory", self.inventory, "--bundle", self.bundle, "--prefix", self.prefix)
        command = (
            sys.executable,
            "communewatch.py",
            "rollout",
            verb,
            *arguments,
            "--identity",
            self.folder / "client_key",
        )
        process = await asyncio.create_subprocess_exec(
            *command, *more, cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        output, errors = await process.communicate()
        return process.returncode or 0, output.decode(), errors.decode()

    async def page(self) -> str:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{self.port}/metrics") as answer:
            return await answer.text()


@pytest.fixture(scope="module")
def bundle() -> Path:
    subprocess.run(["make", "--silent", "bundle"], cwd=CHECKOUT, check=True, capture_output=True)
    return CHECKOUT / "dist" / "communewatch-office.tar.gz"


@pytest.fixture
async def office(tmp_path: Path, bundle: Path) -> AsyncIterator[Office]:
    needs_root()
    port, ssh_port = free_ports(2)
    for name in ("host_key", "client_key"):
        await _ssh_keygen(tmp_path / name)
    (tmp_path / "prefix").mkdir()
    _write_inventory(tmp_path, port, ssh_port, (tmp_path / "host_key.pub").read_text())
    (tmp_path / "sshd_config").write_text(SSHD_CONFIG.format(port=ssh_port, folder=tmp_path))
    script = START_SSHD.format(folder=tmp_path, sshd=tool("sshd"))
    processes = Processes(tmp_path)
    await processes.start(Command("sshd", ("/usr/bin/unshare", "--mount", "/bin/sh", "-c", script)))
    await processes.until(lambda: _listens(ssh_port), "sshd", within=20)
    try:
        yield Office(tmp_path, port, bundle)
    finally:
        await processes.stop()
        _stop_agent(tmp_path / "prefix/opt/communewatch/agent.pid")


async def _ssh_keygen(path: Path) -> None:
    process = await asyncio.create_subprocess_exec(tool("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", path)
    assert await process.wait() == 0


def _write_inventory(folder: Path, port: int, ssh_port: int, key: str) -> None:
    shipped = CHECKOUT / "inventory"
    province = folder / "inventory" / "provinces" / "04"
    province.mkdir(parents=True)
    for name in ("services.yml", "organisations.yml"):
        (folder / "inventory" / name).write_bytes((shipped / name).read_bytes())
    (province / "contacts.yml").write_bytes((shipped / "provinces/04/contacts.yml").read_bytes())
    (province / "services.yml").write_text("services: {}\n")
    (province / "province.yml").write_text(PROVINCE.format(port=port, ssh_port=ssh_port))
    (province / "offices.yml").write_text(OFFICES.format(key=" ".join(key.split()[:2])))


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def _stop_agent(pid_file: Path) -> None:
    if pid_file.exists():
        os.kill(int(pid_file.read_text()), 9)


@pytest.mark.timeout(180)
async def test_a_new_office_is_planned_installed_and_then_left_alone(office: Office) -> None:
    status, said, errors = await office.rollout("plan")
    assert (status, errors) == (0, "")
    assert said.splitlines()[0] == "01273-1: nothing installed, 0.1.0 wanted; no agent.yml yet; not running"
    assert not list(office.prefix.iterdir())

    status, said, errors = await office.rollout("apply")
    assert (status, errors) == (0, ""), said
    assert said.splitlines()[-2:] == ["01273-1: done", "1 of 1 offices are as wanted"]
    assert 'agent_build_info{version="0.1.0"} 1' in await office.page()

    status, said, _ = await office.rollout("apply")
    assert (status, said.splitlines()[0]) == (0, "01273-1: nothing to do: 0.1.0, configuration up to date, running")

    province = office.inventory / "provinces/04/province.yml"
    province.write_text(province.read_text().replace("every: 15s", "every: 20s"))
    status, said, errors = await office.rollout("apply", "01273-1")
    assert (status, errors) == (0, ""), said
    config = office.prefix / "etc/communewatch/agent.yml"
    assert "every: 20s" in config.read_text()
    assert "every: 15s" in (config.parent / "agent.yml.previous").read_text()
    assert config.stat().st_mode & 0o007 == 0


async def test_a_machine_with_another_host_key_is_not_spoken_to(office: Office) -> None:
    offices = office.inventory / "provinces/04/offices.yml"
    other = (office.folder / "client_key.pub").read_text().split()[1]
    offices.write_text(OFFICES.format(key=f"ssh-ed25519 {other}"))
    status, _, errors = await office.rollout("apply")
    assert status == 1
    assert "shows another host key than the inventory's" in errors
    assert not list(office.prefix.iterdir())


async def test_a_key_that_is_not_accepted_is_said_with_what_to_do(office: Office) -> None:
    (office.folder / "client_key.pub").write_text("")
    status, _, errors = await office.rollout("plan")
    assert status == 1
    assert "does not accept our key" in errors


async def test_an_office_without_a_host_key_is_named_before_anything_begins(office: Office) -> None:
    offices = office.inventory / "provinces/04/offices.yml"
    offices.write_text("offices:\n  01273-1: {address: 127.0.0.1, links: {main: main}}\n")
    status, _, errors = await office.rollout("apply")
    assert status == 2
    assert "01273-1 has no ssh_host_key in the inventory" in errors


async def test_a_file_that_is_no_bundle_and_an_unknown_office_are_refused(office: Office) -> None:
    status, _, errors = await office.rollout("plan", "99999-1")
    assert (status, errors.strip()) == (2, "the inventory has no office 99999-1")
    office.inventory.joinpath("junk").write_bytes(b"junk")
    status, _, errors = await office.rollout("plan", "--bundle", str(office.inventory / "junk"))
    assert status == 2
    assert "is not a bundle" in errors
