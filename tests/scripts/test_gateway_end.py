"""The gateway when it ends, while its store hangs, and beside a second one."""

import asyncio
import sys
import time
from asyncio.subprocess import PIPE
from pathlib import Path

import aiohttp
import pytest

from agent.gateway.envelope import pack
from collectors.core.pki import ask, key_pem, new_key
from inventory.ca.folder import write
from tests.lab.process import CHECKOUT
from tests.rules.servers import free_port, until
from tests.servers.gateway import OFFICES, Paper, Running, message, post, running


async def test_what_is_under_way_is_finished_and_nobody_else_comes_in(tmp_path: Path) -> None:
    """SIGTERM: what was begun gets its answer, connections that only wait hold nothing up, the exit status is 0."""
    async with running(tmp_path) as gateway, gateway.office() as asking, gateway.office() as waiting:
        body, store = pack(message(time.time())), gateway.store
        assert (await post(waiting, gateway.url, body)).status == 204
        store.may_answer = asyncio.Event()
        under_way = asyncio.create_task(post(asking, gateway.url, body))
        await until(lambda: is_so(len(store.blocks) == 2))
        gateway.process.terminate()
        await until(lambda: is_closed(gateway.port))
        store.may_answer.set()
        assert (await under_way).status == 204
        assert await asyncio.wait_for(gateway.process.wait(), 20) == 0
        with pytest.raises(aiohttp.ClientError):
            await post(waiting, gateway.url, body)


async def test_a_store_that_hangs_is_told_as_busy_and_nothing_is_thrown_away(tmp_path: Path) -> None:
    async with running(tmp_path) as gateway:
        gateway.store.may_answer = asyncio.Event()
        async with gateway.office() as office:
            answer = await post(office, gateway.url, pack(message(time.time())))
            assert (answer.status, answer.headers["Retry-After"]) == (503, "15")
            gateway.store.may_answer.set()
            assert (await post(office, gateway.url, pack(message(time.time())))).status == 204


async def test_two_gateways_stand_for_one_another(tmp_path: Path) -> None:
    """The same request to both, as after a lost answer; a certificate of the one is good for the other."""
    async with running(tmp_path) as first:
        config, port = tmp_path / "second.yml", free_port()
        text = (tmp_path / "gateway.yml").read_text()
        config.write_text(
            text.replace(f":{first.port}\n", f":{port}\n").replace(f":{first.metrics}\n", f":{free_port()}\n")
        )
        command = [sys.executable, "communewatch.py", "gateway", "run", "--config", str(config)]
        other = await asyncio.create_subprocess_exec(*command, stderr=PIPE, cwd=CHECKOUT)
        try:
            assert other.stderr
            assert b"gateway_started" in await other.stderr.readline()
            second = Running(other, port, 0, first.authority, first.store, first.papers)
            body = pack(message(time.time()))
            assert [await first.send(body), await second.send(body)] == [(204, "")] * 2
            assert first.store.blocks == [body] * 2
            paper = await renewed(first, tmp_path)
            assert await second.send(body, paper=paper) == (204, "")
        finally:
            other.terminate()
            await other.communicate()


async def renewed(gateway: Running, folder: Path) -> Paper:
    key, paper = new_key(), Paper(folder / "next.crt", folder / "next.key")
    url = f"https://127.0.0.1:{gateway.port}/v1/certificate"
    async with gateway.office() as session, session.post(url, data=ask(OFFICES[0], key)) as answer:
        write(paper.certificate, await answer.read())
    write(paper.key, key_pem(key), private=True)
    return paper


async def is_so(what: bool) -> bool:
    return what


async def is_closed(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        return True
    writer.close()
    return False
