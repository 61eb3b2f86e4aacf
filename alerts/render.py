"""Rules as Prometheus and vmalert read them."""

from collections.abc import Mapping
from typing import Any

import yaml

from alerts import rules
from alerts.engines import Engine, suited
from alerts.promql import duration
from alerts.rule import ALERT_NAME, INCIDENT, Alert, Group, Recording
from alerts.settings import Settings
from alerts.texts import RUNBOOKS, annotations

_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_HEADER = "# Written by `communewatch alerts build`. Change the rules in alerts/, not here.\n"


def rule_files(settings: Settings, runbooks: str = RUNBOOKS, engine: Engine = Engine.PROMETHEUS) -> Mapping[str, str]:
    """File name -> text: one file per group."""
    return {name: to_yaml(content) for name, content in rule_contents(settings, runbooks, engine).items()}


def rule_contents(
    settings: Settings, runbooks: str = RUNBOOKS, engine: Engine = Engine.PROMETHEUS
) -> Mapping[str, Mapping[str, Any]]:
    """File name -> what stands in it."""
    groups = [suited(group, engine) for group in rules.groups(settings)]
    return {f"{group.name}.yml": {"groups": [_group(group, settings, runbooks)]} for group in groups}


def to_yaml(content: Mapping[str, Any]) -> str:
    """In the order of the keys, with the letters of Vietnamese."""
    text: str = yaml.dump(content, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=110)
    return _HEADER + text


def _group(group: Group, settings: Settings, runbooks: str) -> Mapping[str, Any]:
    found = [_recording(each) for each in group.recordings]
    found += [_alert(each, settings, runbooks) for each in group.alerts]
    return {"name": group.name, "interval": duration(group.interval), "rules": found}


def _recording(recording: Recording) -> Mapping[str, Any]:
    return {"record": recording.series.name, "expr": recording.expr}


def _alert(alert: Alert, settings: Settings, runbooks: str) -> Mapping[str, Any]:
    rule: dict[str, Any] = {"alert": alert.name, "expr": alert.expr}
    if alert.hold:
        rule["for"] = duration(alert.hold)
    if alert.keep:
        rule["keep_firing_for"] = duration(alert.keep)
    return rule | {"labels": _labels(alert), "annotations": dict(annotations(alert, settings, runbooks))}


def _labels(alert: Alert) -> Mapping[str, str]:
    cause = alert.cause or "{{ $labels.cause }}"
    parts = [alert.scope, cause, *(_part(alert, label) for label in alert.incident)]
    found = {"severity": alert.severity.value, "scope": alert.scope.value, INCIDENT: "/".join(parts)}
    return found | ({"cause": alert.cause.value} if alert.cause else {})


def _part(alert: Alert, label: str) -> str:
    return alert.name if label == ALERT_NAME else f"{{{{ $labels.{label} }}}}"
