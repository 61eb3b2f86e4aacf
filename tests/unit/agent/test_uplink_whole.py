"""The uplink as the agent has it: configured, changed, and taken away while it runs."""

import asyncio

import pytest

from agent.buffer.quota import Policy
from agent.disk import Disk
from agent.gateway.catchup import CATCHING_UP
from agent.uplink.uplink import Uplink, habits
from agent.uplink.watch import Watch
from collectors.core.decode import DecodeError, decode_text
from collectors.core.observed import AGENT_START
from collectors.core.push import Destination, Push
from collectors.core.values import Duration, Url
from tests.fakes.buffer import FakeBuffer
from tests.fakes.time import run
from tests.fakes.uplink import FakeClocks, FakeReceiver

OFFICE = {"province": "04", "commune": "01273", "office": "01273-1"}


class Storage(FakeBuffer):
    """And what it was told to keep to."""

    settled: tuple[Policy, tuple[str, ...]] | None = None
    closed = 0

    async def settle(self, policy: Policy, destinations: tuple[str, ...], now: float) -> None:
        self.settled = policy, destinations

    async def close(self) -> None:
        self.closed += 1


def push(*names: str, interval: float = 15) -> Push:
    to = {name: Destination(Url(f"https://{name}.example.vn/api/v1/write")) for name in names}
    return Push(to, Duration(interval), quota_bytes=7 << 20)


class Play:
    """An uplink, and a receiver for each destination."""

    def __init__(self) -> None:
        self.storage, self.receivers = Storage(), dict[str, FakeReceiver]()
        self.uplink = Uplink(self.storage, Watch(FakeClocks(), None, Disk()), lambda: [AGENT_START(5)], self._line)

    def _line(self, to: Destination) -> FakeReceiver:
        return self.receivers.setdefault(to.url.split("/")[2].split(".")[0], FakeReceiver())


def test_each_receiver_gets_everything_and_one_that_is_away_delays_no_other() -> None:
    async def go() -> Play:
        play = Play()
        play.uplink.update(push("centre", "spare"), OFFICE)
        await asyncio.sleep(1)
        play.receivers["spare"].mode = "down"
        await asyncio.sleep(3600)
        play.receivers["spare"].mode = "up"
        await asyncio.sleep(900)
        await play.uplink.close()
        return play

    play = run(go())
    counts = {name: len(receiver.stored) for name, receiver in play.receivers.items()}
    assert counts["centre"] == pytest.approx(counts["spare"], abs=5)
    assert counts["centre"] > 3 * 290
    assert max(play.receivers["centre"].lateness) < 75
    assert play.storage.settled == (Policy(7 << 20, 7 * 86400), ("centre", "spare"))
    assert play.storage.closed == 1


def test_a_change_of_the_settings_goes_on_where_the_old_ones_ended() -> None:
    async def go() -> Play:
        play = Play()
        play.uplink.update(push("centre"), OFFICE)
        await asyncio.sleep(600)
        play.uplink.update(push("centre", interval=30), OFFICE)
        await asyncio.sleep(1200)
        play.uplink.update(None, OFFICE)
        assert list(play.uplink.samples()) == []
        await asyncio.sleep(600)
        await play.uplink.close()
        return play

    play = run(go())
    assert len(play.storage.scrapes) == pytest.approx(40 + 40, abs=2)
    assert len(play.receivers["centre"].stored) == pytest.approx(3 * 80, abs=12)  # the sample, and two of each look
    assert play.receivers["centre"].conflicts == 0


def test_an_office_that_is_scraped_keeps_and_sends_nothing() -> None:
    async def go() -> Play:
        play = Play()
        play.uplink.update(None, OFFICE)
        await asyncio.sleep(600)
        await play.uplink.close()
        return play

    play = run(go())
    assert (play.storage.scrapes, play.receivers, play.storage.closed) == ([], {}, 0)


def test_a_line_that_comes_back_is_used_at_once() -> None:
    async def go() -> float:
        play = Play()
        play.uplink.update(push("centre"), OFFICE)
        await asyncio.sleep(1)
        centre = play.receivers["centre"]
        centre.mode = "down"
        await asyncio.sleep(6 * 3600)
        play.uplink.link(works=False)
        before, centre.mode = len(centre.tries), "up"
        play.uplink.link(works=True)
        began = asyncio.get_running_loop().time()
        while len(centre.tries) == before:
            await asyncio.sleep(0.1)
        await play.uplink.close()
        return asyncio.get_running_loop().time() - began

    assert run(go()) < 1


def test_a_defect_of_the_sending_is_said_and_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def go() -> Play:
        play = Play()
        real, failed = play.storage.newest, list[bool]()

        async def fails_once() -> int:
            if len(play.storage.scrapes) > 5 and not failed:
                failed.append(True)
                raise RuntimeError("a defect")
            return await real()

        play.storage.newest = fails_once  # type: ignore[method-assign]
        play.uplink.update(push("centre"), OFFICE)
        await asyncio.sleep(1200)
        await play.uplink.close()
        return play

    play = run(go())
    assert "uplink_defect" in caplog.text
    assert len(play.receivers["centre"].stored) > 60


def test_what_is_shown_says_whether_all_is_well() -> None:
    async def go() -> dict[str, float]:
        play = Play()
        play.uplink.update(push("centre"), OFFICE)
        await asyncio.sleep(600)
        shown = {sample.metric.name: sample.value for sample in play.uplink.samples()}
        await play.uplink.close()
        return shown

    shown = run(go())
    assert shown["agent_push_scrape_interval_seconds"] == 15
    assert shown["agent_push_clock_skew_seconds"] == pytest.approx(0, abs=1)
    assert shown["agent_push_samples_total"] > 30
    assert shown["agent_push_backlog_age_seconds"] < 75


def test_live_requests_hold_nothing_that_a_gateway_makes_wait_its_turn() -> None:
    settings = push("centre")
    found = habits(settings.receivers["centre"], settings, "office")
    assert max(found.little, found.live) * settings.scrape_interval + found.every < CATCHING_UP


def test_offices_are_spread_over_the_minute() -> None:
    settings = push("centre")
    to = settings.receivers["centre"]
    offsets = [habits(to, settings, f"{number:05}-1/centre").offset for number in range(600)]
    for start in range(0, 60, 10):
        assert 60 <= sum(start <= offset < start + 10 for offset in offsets) <= 140


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("receivers: {}", "nothing would be sent"),
        ("receivers: {Centre: {url: https://x.vn/w}}", "is not a name"),
        ("receivers: {centre: {url: https://x.vn/w, certificate: a.pem}}", "key: is missing"),
        ("receivers: {centre: {url: http://x.vn/w, certificate: a.pem, key: a.key}}", "https"),
        ("receivers: {centre: {url: https://x.vn/w, token: a, user: b, password: c}}", "exclude each other"),
        ("receivers: {centre: {url: https://x.vn/w, share: 0}}", "between 0.05 and 1"),
        ("receivers: {centre: {url: https://x.vn/w, proxy: 10.4.0.1}}", "needs a port"),
        ("receivers: {centre: {url: https://x.vn/w, proxy_user: a}}", "needs a proxy"),
        ("receivers: {centre: {url: https://x.vn/w, compression: gzip}}", "compression"),
        ("receivers: {centre: {url: https://x.vn/w, order: lifo}}", "order"),
        ("receivers: {centre: {url: https://x.vn/w}}\nscrape_interval: 2m", "between 1s and 60s"),
        ("receivers: {centre: {url: https://x.vn/w}}\nsend_interval: 5m", "seems silent"),
        ("receivers: {centre: {url: https://x.vn/w}}\nscrap_interval: 15s", "did you mean scrape_interval"),
    ],
)
def test_settings_that_cannot_work_are_refused(text: str, complaint: str) -> None:
    with pytest.raises(DecodeError, match=complaint):
        decode_text(text, Push, "agent.yml")
