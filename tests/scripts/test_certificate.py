"""An office's certificate from the first request to the next one, by the commands that a person and the agent use."""

import asyncio
import json
import sys
import time
from asyncio.subprocess import PIPE
from pathlib import Path

from cryptography import x509

from agent.gateway.envelope import pack
from inventory.ca.cli import main as authority_command
from tests.lab.process import CHECKOUT
from tests.servers.gateway import OFFICES, Paper, Running, message, running

CONFIG = """\
version: 1
identity: {{province: "04", commune: "01273", office: 01273-1}}
name: {{vi: Trụ sở xã Trường Hà, en: Truong Ha}}
probes: [{{collector: host}}]
push:
  receivers:
    centre:
      url: {url}
      ca_file: {ca}/root.pem
      certificate: {folder}/office.crt
      key: {folder}/office.key
"""


async def agent(verb: str, folder: Path, *more: str) -> tuple[int, str, str]:
    command = [sys.executable, "communewatch.py", "agent", verb, "--config", str(folder / "agent.yml"), *more]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, cwd=CHECKOUT)
    said, complaint = await process.communicate()
    return process.returncode or 0, said.decode(), complaint.decode()


def configure(gateway: Running, folder: Path) -> Paper:
    config = CONFIG.format(url=gateway.url, ca=gateway.authority.path, folder=folder)
    (folder / "agent.yml").write_text(config, encoding="utf-8")
    return Paper(folder / "office.crt", folder / "office.key")


async def issue(gateway: Running, folder: Path, days: int) -> int:
    """As the province does with what the office asked for."""
    status, request, _ = await agent("request", folder)
    assert status == 0
    (folder / "office.csr").write_text(request)
    arguments = ["issue", OFFICES[0], "--request", str(folder / "office.csr"), "--out", str(folder / "office.crt")]
    (gateway.authority.path / "issued.csv").write_text("serial,holder,begins,ends\n")  # those of before do not matter
    where = ["--ca", str(gateway.authority.path), "--days", str(days), "--inventory", str(CHECKOUT / "inventory")]
    return await asyncio.to_thread(authority_command, [*arguments, *where])


def ends(folder: Path) -> float:
    found = x509.load_pem_x509_certificate((folder / "office.crt").read_bytes())
    return found.not_valid_after_utc.timestamp()


async def test_from_the_first_request_to_the_next_certificate(tmp_path: Path) -> None:
    async with running(tmp_path) as gateway:
        paper = configure(gateway, tmp_path)
        assert await issue(gateway, tmp_path, days=90) == 0
        assert paper.key.stat().st_mode & 0o777 == 0o600
        assert (await gateway.send(pack(message(time.time())), paper=paper))[0] == 204

        status, said, _ = await agent("renew", tmp_path)
        assert (status, said[:17]) == (0, "centre: good unti")  # nothing is due
        key, before = paper.key.read_bytes(), ends(tmp_path)

        status, said, _ = await agent("renew", tmp_path, "--early", "--json")
        found = json.loads(said)["centre"]
        assert (status, found["renewed"]) == (0, True)
        assert paper.key.read_bytes() != key
        assert found["ends"] == ends(tmp_path) != before
        assert (await gateway.send(pack(message(time.time())), paper=paper))[0] == 204

        status, _, complaint = await agent("renew", tmp_path, "--early")
        assert (status, "a certificate was issued a moment ago" in complaint) == (1, True)
        assert (await gateway.send(pack(message(time.time())), paper=paper))[0] == 204  # the one in use stays


async def test_what_is_missing_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "agent.yml").write_text(CONFIG.partition("push:")[0].format(), encoding="utf-8")
    status, _, complaint = await agent("renew", tmp_path)
    assert (status, "no receiver of `push:`" in complaint) == (2, True)
    config = CONFIG.format(url="https://127.0.0.1:9/api/v1/write", ca="nowhere", folder=tmp_path)
    (tmp_path / "agent.yml").write_text(config, encoding="utf-8")
    status, _, complaint = await agent("renew", tmp_path)
    assert (status, "office.crt" in complaint) == (1, True)
