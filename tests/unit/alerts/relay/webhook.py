"""Webhook bodies as Alertmanager writes them, and values made from them."""

import json
from typing import Any

from alerts.relay.letter import Letter
from alerts.relay.payload import Notification, decode

LABELS = {
    "alertname": "OnBattery", "severity": "warning", "cause": "power", "scope": "office", "incident": "power-01273-1",
    "province": "04", "commune": "01273", "office": "01273-1",
}  # fmt: skip
ANNOTATIONS = {
    "summary_vi": "Trung tâm Phục vụ hành chính công xã Trường Hà: mất điện lưới, đang dùng UPS",
    "summary_en": "Public Administration Service Centre, Trường Hà commune: mains power lost, running on the UPS",
    "description_vi": "UPS báo đang dùng ắc quy.",
    "description_en": "The UPS says that it runs on battery.",
    "runbook_url": "docs/runbooks/on_battery.md",
}


def alert(status: str = "firing", start: str = "2027-03-12T07:05:10.123456789Z", **changes: Any) -> dict[str, Any]:
    """One alert of the payload; keyword arguments replace or add labels, `annotations=` replaces all of these."""
    annotations = changes.pop("annotations", ANNOTATIONS)
    labels = LABELS | changes
    return {
        "status": status,
        "labels": labels,
        "annotations": annotations,
        "startsAt": start,
        "endsAt": "2027-03-12T07:25:10Z" if status == "resolved" else "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus/graph",
        "fingerprint": f"{hash(tuple(sorted(labels.items()))) & 0xFFFFFFFF:x}",
    }


def payload(*alerts: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The whole body, with Alertmanager's own rule for the status."""
    items = alerts or (alert(),)
    firing = any(item["status"] == "firing" for item in items)
    return {
        "version": "4",
        "groupKey": '{}:{incident="power-01273-1"}',
        "truncatedAlerts": 0,
        "status": "firing" if firing else "resolved",
        "receiver": "province-04",
        "groupLabels": {"incident": "power-01273-1"},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager",
        "alerts": list(items),
    } | changes


def notification(*alerts: dict[str, Any], **changes: Any) -> Notification:
    return decode(json.dumps(payload(*alerts, **changes)).encode())


def letter(number: int = 1, channel: str = "duty", group: str = "g", created: float = 0.0, name: str = "") -> Letter:
    return Letter(name or f"letter-{number}", number, channel, group, created, "title", "body", "short", {"alert": "A"})
