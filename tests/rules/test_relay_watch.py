"""What the relay learns from a real Alertmanager: that an alert still stands, and that somebody has silenced it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from alerts.relay.acknowledge import SILENCE
from alerts.relay.watch import Watch
from alerts.relay.web import Web
from alerts.render import to_yaml
from alerts.routing import alertmanager as configuration
from alerts.settings import PRODUCTION
from inventory.load import load
from tests.rules.servers import Alertmanager, alertmanager, until
from tests.unit.alerts.relay.office import office
from tests.unit.alerts.relay.webhook import LABELS, notification


async def silence(server: Alertmanager, **labels: str) -> None:
    """As a person does on Alertmanager's page."""
    now = datetime.now(UTC)
    body = {
        "matchers": [{"name": name, "value": value, "isRegex": False} for name, value in labels.items()],
        "startsAt": now.isoformat(), "endsAt": (now + timedelta(hours=1)).isoformat(),
        "createdBy": "duty", "comment": "on it",
    }  # fmt: skip
    async with aiohttp.ClientSession() as session, session.post(f"{server.url}/api/v2/silences", json=body) as answer:
        assert answer.status == 200, await answer.text()


async def test_a_silence_of_a_real_alertmanager_acknowledges_and_a_standing_alert_does_not(tmp_path: Path) -> None:
    place = office(tmp_path)
    place.desk.accept(notification(), [])
    config = to_yaml(configuration(PRODUCTION, load(), "http://127.0.0.1:9"))
    async with alertmanager(tmp_path, config) as server:
        watch = Watch(server.url, Web(), place.clerk)

        async def acknowledged() -> bool:
            await watch.look()
            (incident,) = place.book.incidents.values()
            return incident.by == SILENCE

        await server.fire(LABELS)
        assert not await acknowledged()
        await silence(server, incident=LABELS["incident"])
        await until(acknowledged)


async def test_an_alertmanager_that_does_not_answer_proves_nothing(tmp_path: Path) -> None:
    place = office(tmp_path)
    place.desk.accept(notification(), [])
    await Watch("http://127.0.0.1:9", Web(), place.clerk).look()
    assert len(place.book.incidents) == 1
