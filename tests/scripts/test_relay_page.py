"""The page on which somebody says that he sees to an incident, as browsers and chat programs visit it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from alerts.relay.acknowledge import Links, pages
from tests.scripts.test_relay_zalo import Clock
from tests.unit.alerts.relay.office import channel, office
from tests.unit.alerts.relay.webhook import alert, notification


@asynccontextmanager
async def page(folder: Path) -> AsyncIterator[tuple[str, Any]]:
    links = Links("https://cb.example.vn", b"k" * 32)
    clock = Clock()
    place = office(folder, channel("duty"), links=links, clock=clock)
    incident = alert(annotations={"summary_vi": "<b>Xã Trường Hà</b>: mất điện", "summary_en": "No mains"})
    place.desk.accept(notification(incident), [])
    runner = web.AppRunner(pages(links, place.book, clock, place.clerk.acknowledge))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    (opened,) = place.book.incidents.values()
    path = links.of(opened, "duty").removeprefix("https://cb.example.vn")
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}{path}", place
    finally:
        await runner.cleanup()


async def visit(url: str, method: str = "GET") -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.request(method, url) as answer:
        return answer.status, await answer.text()


async def test_looking_changes_nothing_and_the_button_acknowledges_once(tmp_path: Path) -> None:
    async with page(tmp_path) as (url, place):
        for method in ("GET", "HEAD", "GET"):
            assert (await visit(url, method))[0] == 200
        (incident,) = place.book.incidents.values()
        assert not incident.acknowledged
        _, shown = await visit(url)
        assert "<b>" not in shown
        assert "&lt;b&gt;Xã Trường Hà" in shown
        assert '<form method="post"><button>Tôi nhận xử lý / I see to it' in shown
        for _ in range(2):
            status, shown = await visit(url, "POST")
            assert (status, "Đã có người nhận xử lý" in shown, "<form" in shown) == (200, True, False)
        (incident,) = place.book.incidents.values()
        assert incident.by == "duty"


async def test_a_wrong_link_says_nothing_and_many_visits_are_turned_away(tmp_path: Path) -> None:
    async with page(tmp_path) as (url, place):
        for wrong in (url[:-1], url + "x", url.replace("/a/", "/metrics/"), url.rpartition("/")[0]):
            status, shown = await visit(wrong, "POST")
            assert (status, "Trường Hà" in shown) == (404, False)
        assert not next(iter(place.book.incidents.values())).acknowledged
        assert {(await visit(url))[0] for _ in range(130)} == {200, 429}


async def test_the_page_is_not_kept_framed_or_found(tmp_path: Path) -> None:
    async with page(tmp_path) as (url, _), aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Robots-Tag"] == "noindex"


async def test_a_disk_that_fails_is_no_acknowledgement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    async with page(tmp_path) as (url, place):
        monkeypatch.setattr("os.fsync", full)
        status, text = await visit(url, "POST")
        assert (status, "Chưa ghi nhận được" in text) == (503, True)
        assert not next(iter(place.book.incidents.values())).acknowledged
