"""The plain rule set beside ours: blackbox-style, one alert per target, grouped by the alert's name, same timings."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from alerts.promql import OFFICE_KEY, duration
from alerts.rule import ALERT_NAME, Cause, Scope
from alerts.settings import Settings
from collectors.core.observed import AGENT_START, PROBE_SUCCESS
from collectors.link import UP
from collectors.ups.metrics import ON_BATTERY
from inventory.facts import OFFICE_INFO
from tests.campaign.notices import Notice

RULESET = "ruleset"
_NAMED = ("province", "office", "service")
_HOLD = 60.0
_SHOWN = 200  # alerts of one message that are spelt out


def rules(settings: Settings, pace: float) -> Mapping[str, Any]:
    """Each probe that fails, each agent that is away, each UPS on battery, each link that is down: for a minute."""
    heard = f"present_over_time({AGENT_START.name}[{duration(settings.windows.pushed_silent_seconds)}])"
    away = f"max by ({OFFICE_KEY}) ({OFFICE_INFO.name}) unless on ({OFFICE_KEY}) {heard}"
    exprs = {
        "ProbeFailed": (f"{PROBE_SUCCESS.name} == 0", Cause.SERVICE),
        "InstanceDown": (away, Cause.AGENT),
        "UpsOnBattery": (f"{ON_BATTERY.name} == 1", Cause.POWER),
        "LinkFailed": (f"{UP.name} == 0", Cause.LINK),
    }
    found = [
        {
            "alert": name,
            "expr": expr,
            "for": duration(_HOLD / pace),
            "labels": {RULESET: "plain", "cause": cause.value, "scope": Scope.OFFICE.value},
        }
        for name, (expr, cause) in exprs.items()
    ]
    interval = duration(settings.windows.evaluation_seconds)
    return {"groups": [{"name": "plain", "interval": interval, "rules": found}]}


def joined(config: Mapping[str, Any], url: str) -> Mapping[str, Any]:
    """Alertmanager's configuration with a route for the plain alerts, before all others."""
    hook = {"url": url, "send_resolved": True, "max_alerts": _SHOWN}
    route = {"receiver": "plain", "matchers": [f'{RULESET}="plain"'], "group_by": [ALERT_NAME]}
    routes = [route, *config["route"]["routes"]]
    return {
        **config,
        "route": {**config["route"], "routes": routes},
        "receivers": [*config["receivers"], {"name": "plain", "webhook_configs": [hook]}],
    }


def told(messages: Iterable[tuple[float, Mapping[str, Any]]]) -> Iterator[Notice]:
    """Each message as one notice: what it names first counts, and all offices that it lists."""
    for at, content in messages:
        labels = [alert["labels"] for alert in content["alerts"] if alert["status"] == content["status"]]
        if labels:
            every = {name: ",".join(dict.fromkeys(one.get(name, "") for one in labels)) for name in _NAMED}
            firing = content["status"] == "firing"
            first = {name: labels[0].get(name, "") for name in ("cause", "scope")}
            yield Notice(at, "plain", firing, alert=labels[0][ALERT_NAME], **first, **every)
