"""People and the relay's process: who acknowledges, and who stands behind a receiver."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import aiohttp

from alerts.render import to_yaml
from tests.rules.servers import free_port, until
from tests.scripts.test_relay import running
from tests.tools.debian import CHECKOUT
from tests.unit.alerts.relay.webhook import payload


async def test_a_person_acknowledges_by_the_link_of_a_message(tmp_path: Path) -> None:
    port = free_port()
    more = {"acknowledge": {"url": f"http://127.0.0.1:{port}", "listen": f"127.0.0.1:{port}"}}
    async with running(tmp_path, more) as relay:
        assert await relay.post(json.dumps(payload()).encode()) == 200
        await until(lambda: relay.sink.has(1))
        found = re.search(rf"http://127.0.0.1:{port}/a/[A-Za-z0-9_-]{{24}}", relay.sink.messages[0])
        assert found
        async with aiohttp.ClientSession() as session:
            async with session.get(found[0]) as looked:
                assert (looked.status, "Tôi nhận xử lý" in await looked.text()) == (200, True)
            assert not relay.said("acknowledged")
            async with session.post(found[0]) as pressed:
                assert pressed.status == 200
            async with session.post(f"http://127.0.0.1:{port}/alertmanager", data=b"{}") as wrong:
                assert wrong.status == 404
        await until(lambda: relay.says("acknowledged"))


async def test_who_stands_behind_a_receiver_is_read_again_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "receivers.yml"
    own = "version: 1\nreceivers: {province-04: [{channels: [duty]}]}\n"
    path.write_text(own, encoding="utf-8")
    one, two, three = (json.dumps(payload(groupLabels={"incident": name})).encode() for name in ("1", "2", "3"))
    async with running(tmp_path, {"receivers": str(path)}) as relay:
        await relay.post(one)
        await until(lambda: relay.sink.has(1))
        path.write_text("receivers: [", encoding="utf-8")
        await relay.post(two)
        await until(lambda: relay.sink.has(2))
        assert "relay_receivers_last_read_successful 0" in await relay.page("/metrics")
        path.write_text(own.replace("duty", "gone"), encoding="utf-8")
        await relay.post(three)  # nobody of that name: the default channel hears of it
        await until(lambda: relay.sink.has(3))
        assert "relay_receivers_last_read_successful 1" in await relay.page("/metrics")


async def test_a_relay_starts_anew_though_its_receivers_have_become_wrong(tmp_path: Path) -> None:
    path = tmp_path / "receivers.yml"
    path.write_text("version: 1\nreceivers: {province-04: [{channels: [duty]}]}\n", encoding="utf-8")
    async with running(tmp_path, {"receivers": str(path)}) as relay:
        await relay.end(signal.SIGKILL)
        path.write_text("receivers: [", encoding="utf-8")
        await relay.start()
        assert relay.said("receivers_rejected")
        assert "relay_receivers_last_read_successful 0" in await relay.page("/metrics")


def test_receivers_that_are_wrong_from_the_start_are_a_wrong_configuration(tmp_path: Path) -> None:
    (tmp_path / "receivers.yml").write_text("version: 2\n", encoding="utf-8")
    config = tmp_path / "relay.yml"
    content = {
        "version": 1, "queue": str(tmp_path / "queue"), "receivers": str(tmp_path / "receivers.yml"),
        "channels": {"duty": {"url": "log:"}}, "default": ["duty"],
    }  # fmt: skip
    config.write_text(to_yaml(content), encoding="utf-8")
    command = (sys.executable, "communewatch.py", "relay", "run", "--config", str(config))
    answer = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert (answer.returncode, "receivers.yml" in answer.stderr) == (2, True)
