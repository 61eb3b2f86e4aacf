"""Threads of the sender, with a service in the place of apprise."""

import asyncio
import threading

import pytest

from alerts.relay import sender
from alerts.relay.failure import DeliveryError
from alerts.relay.sender import AppriseSender
from tests.unit.alerts.relay.office import channel
from tests.unit.alerts.relay.webhook import letter


async def test_a_service_that_hangs_keeps_no_other_channel_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    free, taken = threading.Event(), []

    def service(url: str, title: str, body: str) -> bool:
        taken.append(url)
        return url != "hangs" or free.wait(20)

    monkeypatch.setattr(sender, "_through_apprise", service)
    monkeypatch.setattr(sender, "_PATIENCE", 0.05)
    post = AppriseSender()
    try:
        for begun in (True, False, False):
            with pytest.raises(DeliveryError, match="no answer within") as caught:
                await post.send(channel("hangs"), letter())
            assert caught.value.doubt is begun
        monkeypatch.setattr(sender, "_PATIENCE", 20)
        await asyncio.gather(*(post.send(channel(f"works{number}"), letter()) for number in range(9)))
    finally:
        free.set()
        post.close()
    assert sorted(taken) == ["hangs", *(f"works{number}" for number in range(9))]
