"""Alertmanager's webhook body becomes values, or a reason why not."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.relay.payload import BadPayloadError, decode
from tests.unit.alerts.relay.webhook import alert, notification, payload


def test_a_firing_alert_keeps_its_labels_and_has_no_end() -> None:
    item = notification().items[0]
    assert item.labels["office"] == "01273-1"
    assert item.starts == datetime(2027, 3, 12, 7, 5, 10, 123456, UTC)
    assert item.ends is None


def test_a_resolved_alert_has_an_end() -> None:
    assert notification(alert("resolved")).items[0].ends == datetime(2027, 3, 12, 7, 25, 10, tzinfo=UTC)


def test_keys_of_newer_versions_are_left_alone() -> None:
    assert notification(notificationReason="first").receiver == "province-04"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "version 4"),
        (payload(version="3"), "version 4"),
        (payload(alerts=[]), "alerts: is empty"),
        (payload(alerts="none"), "alerts: is missing"),
        (payload(alerts=[1]), "not an object"),
        (payload(receiver=None), "receiver"),
        (payload(status="odd"), "status"),
        (payload(groupLabels=7), "groupLabels"),
        (payload(alert(start="yesterday")), "startsAt: is not a time"),
        (payload(alert(start="2027-03-12T07:05:10")), "startsAt: has no time zone"),
        (payload(alert(start="9999-12-31T23:59:59Z")), "startsAt: is out of all time"),
        (payload(alert(office=1273)), "labels: holds something that is not a text"),
        (payload(alert() | {"annotations": None}), "annotations"),
    ],
)
def test_a_bad_body_is_refused_with_a_reason(body: bytes | dict[str, Any], reason: str) -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(BadPayloadError, match=reason):
        decode(raw)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(payload())), st.sampled_from(sorted(alert())), _JSON)
def test_any_wrong_value_is_a_bad_payload_and_nothing_else(outer: str, inner: str, value: object) -> None:
    for body in (payload(**{outer: value}), payload(alert() | {inner: value})):
        with suppress(BadPayloadError):
            decode(json.dumps(body).encode())
