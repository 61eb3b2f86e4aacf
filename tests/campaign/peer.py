"""The plain rule set beside ours: blackbox-style, one alert per target, grouped by the alert's name, same timings."""

from collections.abc import Mapping
from typing import Any

from alerts.promql import OFFICE_KEY, duration
from alerts.rule import ALERT_NAME
from alerts.settings import Settings
from collectors.core.observed import AGENT_START, PROBE_SUCCESS
from collectors.link import UP
from collectors.ups.metrics import ON_BATTERY
from inventory.facts import OFFICE_INFO

RULESET = "ruleset"
_HOLD = 60.0


def rules(settings: Settings, pace: float) -> Mapping[str, Any]:
    """Each probe that fails, each agent that is away, each UPS on battery, each link that is down: for a minute."""
    heard = f"present_over_time({AGENT_START.name}[{duration(settings.windows.pushed_silent_seconds)}])"
    exprs = {
        "ProbeFailed": f"{PROBE_SUCCESS.name} == 0",
        "InstanceDown": f"max by ({OFFICE_KEY}) ({OFFICE_INFO.name}) unless on ({OFFICE_KEY}) {heard}",
        "UpsOnBattery": f"{ON_BATTERY.name} == 1",
        "LinkDownPlain": f"{UP.name} == 0",
    }
    found = [
        {"alert": name, "expr": expr, "for": duration(_HOLD / pace), "labels": {RULESET: "plain"}}
        for name, expr in exprs.items()
    ]
    interval = duration(settings.windows.evaluation_seconds)
    return {"groups": [{"name": "plain", "interval": interval, "rules": found}]}


def joined(config: Mapping[str, Any], url: str) -> Mapping[str, Any]:
    """Alertmanager's configuration with a route for the plain alerts, before all others."""
    hook = {"url": url, "send_resolved": True, "max_alerts": 1}
    route = {"receiver": "plain", "matchers": [f'{RULESET}="plain"'], "group_by": [ALERT_NAME]}
    routes = [route, *config["route"]["routes"]]
    return {
        **config,
        "route": {**config["route"], "routes": routes},
        "receivers": [*config["receivers"], {"name": "plain", "webhook_configs": [hook]}],
    }
