"""Rules against the objects that they speak of, and against what people need to act on them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace

import pytest

import collectors
from alerts import rules, scraped
from alerts.inhibition import INHIBITIONS
from alerts.lifeline import RELAY_DEAD
from alerts.recorded import RECORDED
from alerts.relay import metrics as relay
from alerts.relay.config import RelaySettings
from alerts.render import rule_contents
from alerts.routing import alertmanager, receivers
from alerts.rule import ALERT_NAME, Alert, Recording
from alerts.rules.services import FAILURES
from alerts.settings import PRODUCTION, Settings
from alerts.verdicts import EVIDENCE
from collectors.core import gateway, observed
from collectors.core.decode import decode_file, decode_text
from collectors.messages import catalogue
from inventory import facts
from inventory.labels import IDENTITY
from inventory.load import load
from tests.contract.labels import Labels, labels_of
from tests.rules.every_case import CASES
from tests.tools.debian import CHECKOUT

GROUPS = rules.groups(PRODUCTION)
RECORDINGS = [recording for group in GROUPS for recording in group.recordings]
ALERTS = [alert for group in GROUPS for alert in group.alerts]
RUNBOOKS = CHECKOUT / "docs" / "runbooks"
HEADINGS = ["Nghĩa là gì", "Kiểm tra gì", "Làm gì", "Khi nào báo ai", "What it means", "What to check", "What to do",
            "Whom to tell, and when"]  # fmt: skip
EACH_ALERT = pytest.mark.parametrize("alert", ALERTS, ids=[alert.name for alert in ALERTS])
EACH_RECORDING = pytest.mark.parametrize("recording", RECORDINGS, ids=[each.series.name for each in RECORDINGS])


def declared() -> Mapping[str, Labels]:
    """Every series that there is -> the labels that it may carry."""
    measured = [metric for name in collectors.names() for metric in collectors.load(name).metrics]
    found = {metric.name: {*metric.labels, *IDENTITY} for metric in (*measured, *observed.METRICS)}
    found |= {metric.name: {*metric.labels} for metric in (*facts.METRICS, *relay.METRICS, *gateway.METRICS)}
    found |= {series.name: {*series.labels} for series in RECORDED}
    found |= {metric.name: {*IDENTITY} for metric in (scraped.SCRAPE_DURATION, scraped.UP)}
    found[scraped.ALERTS.name] = {*scraped.ALERTS.labels, *IDENTITY}
    return {name: frozenset(labels) for name, labels in found.items()}


DECLARED = declared()


# --- rules ----------------------------------------------------------------------------------------------------------


@EACH_RECORDING
def test_a_recorded_series_stands_on_declared_names_and_carries_the_labels_that_it_promises(
    recording: Recording,
) -> None:
    assert labels_of(recording.expr, DECLARED) - {"instance", "job"} == frozenset(recording.series.labels)


@EACH_ALERT
def test_an_alert_stands_on_recorded_series(alert: Alert) -> None:
    recorded = {series.name: frozenset(series.labels) for series in RECORDED}
    known = DECLARED if alert.name == "FactsMissing" else recorded  # it misses what all recorded series stand on
    labels = labels_of(alert.expr, known)
    assert {*alert.incident} - {ALERT_NAME} <= labels
    assert alert.cause or "cause" in labels


def test_every_recorded_series_is_filled_once() -> None:
    assert sorted(each.series.name for each in RECORDINGS) == sorted(series.name for series in RECORDED)


def test_rules_of_one_name_are_the_same_alert_with_other_windows() -> None:
    def without_windows(alert: Alert) -> Alert:
        return replace(alert, expr="", hold=0, keep=0)

    assert len({without_windows(alert) for alert in ALERTS}) == len({alert.name for alert in ALERTS})
    assert len({(alert.name, alert.expr) for alert in ALERTS}) == len(ALERTS)


@EACH_ALERT
def test_every_alert_has_a_test_that_fires_and_one_moment_that_does_not(alert: Alert) -> None:
    assert alert.name in CASES or alert.name == "Watchdog", "the Watchdog has tests of its own"


def test_the_watchdog_fires_unless_nobody_would_hear_of_anything() -> None:
    (watchdog,) = (alert for alert in ALERTS if alert.name == "Watchdog")
    assert (watchdog.expr, watchdog.hold) == (f"vector(1) unless on () {RELAY_DEAD}", 0)


def test_inhibitions_name_alerts_that_exist_and_labels_that_both_sides_have() -> None:
    of_rules = {"severity", "scope", "cause"}
    labels = {alert.name: labels_of(alert.expr, DECLARED) | of_rules for alert in ALERTS}
    for each in INHIBITIONS:
        for name in (*each.sources, *each.targets):
            assert labels[name] >= {*each.equal}, name


# --- settings -------------------------------------------------------------------------------------------------------


def settings_with_a_change() -> Iterator[tuple[str, Settings]]:
    for part in fields(Settings):
        values = getattr(PRODUCTION, part.name)
        for each in fields(values):
            value = getattr(values, each.name)
            changed = replace(values, **{each.name: value[1:] if isinstance(value, tuple) else value + 1})
            yield each.name, replace(PRODUCTION, **{part.name: changed})


def test_every_setting_changes_something() -> None:
    """The cheapest is looked at first: writing all words for each setting would take a minute."""
    inventory = load()
    parts: Sequence[Callable[[Settings], object]] = (
        rules.groups,
        lambda settings: alertmanager(settings, inventory, "http://relay"),
        rule_contents,
    )
    before = [part(PRODUCTION) for part in parts]
    unused = {
        name
        for name, settings in settings_with_a_change()
        if all(part(settings) == was for part, was in zip(parts, before, strict=True))
    }
    assert not unused


# --- words ----------------------------------------------------------------------------------------------------------


@EACH_ALERT
def test_every_alert_has_its_words_in_both_languages(alert: Alert) -> None:
    for part in ("title", "summary", "description"):
        assert all(catalogue()[f"alerts.{alert.key}.{part}"].values())


def test_there_are_words_for_every_reason_for_which_a_service_fails() -> None:
    told = {key.rpartition(".")[2] for key in catalogue() if key.startswith("alerts.reason.")}
    assert told == {str(reason) for reason in FAILURES}


def test_there_are_words_for_everything_that_a_verdict_on_an_office_stands_on() -> None:
    assert {key.partition(".")[2] for key in catalogue() if key.startswith("evidence.")} >= {*EVIDENCE}


def test_the_catalogue_speaks_of_no_alert_that_does_not_exist() -> None:
    ours = {key.split(".")[1] for key in catalogue() if key.startswith("alerts.")}
    others = {"relay", "action", "direction", "method", "objective", "reason", "way"}
    assert ours == {alert.key for alert in ALERTS} | others


@EACH_ALERT
def test_every_alert_has_a_runbook_with_the_same_headings(alert: Alert) -> None:
    text = (RUNBOOKS / f"{alert.key}.md").read_text(encoding="utf-8")
    titles = catalogue()[f"alerts.{alert.key}.title"]
    assert re.findall("^# (.*)$", text, re.MULTILINE) == [f"{alert.name}: {titles['vi']} / {titles['en']}"]
    assert re.findall("^## (.*)$", text, re.MULTILINE) == HEADINGS


def test_there_is_no_runbook_without_an_alert() -> None:
    assert {path.stem for path in RUNBOOKS.glob("*.md")} == {alert.key for alert in ALERTS}


def test_the_example_of_the_relays_page_is_a_good_configuration() -> None:
    page = (CHECKOUT / "docs" / "relay.md").read_text(encoding="utf-8")
    (example,) = re.findall("```yaml\n(.*?)```", page, re.DOTALL)
    channels = decode_text(example, RelaySettings, "relay.yml", read_secrets=False).value.channels
    contact = load().provinces["04"].contacts.province
    assert {*contact.channels} <= channels.keys()
    hear_warnings = {name for level in contact.escalation if level.warning is not None for name in level.channels}
    assert {name for name in hear_warnings if channels[name].only_critical} == set()


def test_a_relay_begins_with_the_channels_of_the_example() -> None:
    settings = decode_file(CHECKOUT / "deploy" / "province" / "relay.example.yml", RelaySettings).value
    named = {name for parties in receivers(load()).values() for party in parties for name in party.named}
    assert named == settings.channels.keys()
