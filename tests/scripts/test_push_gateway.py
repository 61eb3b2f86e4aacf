"""The whole way: an office's backlog, its certificate, the gateway, a real Prometheus; and both killed on the way."""

import asyncio
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from collectors.core.push import Destination
from collectors.core.values import Url
from tests.lab.process import CHECKOUT
from tests.rules.servers import free_port, until
from tests.servers.backlog import Backlog
from tests.servers.gateway import CONFIG, IDENTITIES, OFFICES, Authority
from tests.servers.stores import Store, prometheus, store

SERIES, SCRAPES = 20, 480


@asynccontextmanager
async def gateway(folder: Path) -> AsyncIterator[Process]:
    """Killed at the end of the block."""
    command = [sys.executable, "communewatch.py", "gateway", "run", "--config", str(folder / "gateway.yml")]
    process = await asyncio.create_subprocess_exec(*command, stdout=DEVNULL, stderr=DEVNULL, cwd=CHECKOUT)
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


def configured(folder: Path, centre: Store) -> Destination:
    """The gateway's files, and where the office sends to."""
    authority, port = Authority(folder / "ca", time.time()), free_port()
    authority.server("127.0.0.1")
    paper = authority.office(OFFICES[0])
    (folder / "identities.yml").write_text(IDENTITIES)
    (folder / "token").write_text("nobody asks for it\n")
    config = CONFIG.format(
        port=port, metrics=free_port(), ca=authority.path, folder=folder, store=f"{centre.url}/api/v1/write"
    )
    (folder / "gateway.yml").write_text(config)
    return Destination(
        Url(f"https://127.0.0.1:{port}/api/v1/write"), ca_file=str(authority.path / "root.pem"),
        certificate=str(paper.certificate), key=str(paper.key),
    )  # fmt: skip


async def test_everything_arrives_exactly_though_gateway_and_store_are_killed_on_the_way(tmp_path: Path) -> None:
    backlog = Backlog(OFFICES[0], SERIES, SCRAPES)
    await backlog.fill()

    async def has_taken(scrapes: int) -> bool:
        return backlog.taken() >= scrapes

    async def all_there() -> bool:
        found = await centre.values('{__name__=~"metric_.*"}', 15 * SCRAPES + 120, time.time())
        return found == backlog.expected()

    (tmp_path / "store").mkdir()
    async with store(prometheus, tmp_path / "store") as centre:
        to = configured(tmp_path, centre)
        async with gateway(tmp_path):
            sending = asyncio.create_task(backlog.send_to(to))
            await until(lambda: has_taken(SCRAPES // 4))
        async with gateway(tmp_path):
            await until(lambda: has_taken(SCRAPES // 2))
            await centre.kill()
            await centre.start()
            await asyncio.wait_for(sending, 40)
        await until(all_there)
    assert backlog.buffer.refused == []
    assert backlog.bytes / backlog.sent < 5  # by zstd, which the gateway offers
