"""The relay's page."""

from pathlib import Path

from alerts.relay.metrics import Outcome, Receipt, Tally
from alerts.relay.store import Store
from collectors.core import exposition
from tests.unit.alerts.relay.webhook import letter


def test_every_series_is_there_from_the_start(tmp_path: Path) -> None:
    text = exposition.page(Tally(["zalo"]).samples(Store(tmp_path, 9), now=0, steady=0))
    assert 'relay_notifications_total{channel="zalo",outcome="dropped"} 0' in text
    assert 'relay_webhooks_total{outcome="bad"} 0' in text


def test_queue_and_deliveries_are_told_per_channel(tmp_path: Path) -> None:
    store, tally = Store(tmp_path, 9), Tally(["zalo", "mail"])
    store.put([letter(1, channel="zalo", created=70.0), letter(2, channel="zalo", created=90.0)])
    tally.attempt("mail", Outcome.DELIVERED, now=80.0, steady=0.0)
    tally.receipt(Receipt.BAD)
    text = exposition.page(tally.samples(store, now=100.0, steady=0.0))
    for line in (
        'relay_queue_length{channel="zalo"} 2',
        'relay_queue_oldest_seconds{channel="zalo"} 30',
        'relay_queue_oldest_seconds{channel="mail"} 0',
        'relay_last_delivery_timestamp_seconds{channel="mail"} 80',
        'relay_webhooks_total{outcome="bad"} 1',
    ):
        assert line in text.splitlines()


def test_a_channel_fails_from_its_first_failure_to_its_last_until_it_takes_a_message(tmp_path: Path) -> None:
    tally = Tally(["zalo"])

    def failing() -> list[str]:
        page = exposition.page(tally.samples(Store(tmp_path, 9), now=0, steady=0))
        return [line for line in page.splitlines() if line.startswith("relay_channel_failing_seconds")]

    for steady, outcome in ((10, Outcome.RETRIED), (20, Outcome.FALLBACK), (50, Outcome.FALLBACK)):
        tally.attempt("zalo", outcome, now=0, steady=steady)
    assert failing() == ['relay_channel_failing_seconds{channel="zalo"} 40']
    tally.attempt("zalo", Outcome.DELIVERED, now=0, steady=60)
    assert failing() == ['relay_channel_failing_seconds{channel="zalo"} 0']
    tally.attempt("zalo", Outcome.DROPPED, now=0, steady=70)
    assert failing() == ['relay_channel_failing_seconds{channel="zalo"} 0']
