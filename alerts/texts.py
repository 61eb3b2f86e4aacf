"""The words of the alerts: from the catalogue, with Prometheus' templates where a label or a value belongs."""

from collections.abc import Mapping

from alerts.promql import duration
from alerts.rule import Alert
from alerts.settings import Settings
from collectors.messages import Language, text

LANGUAGES: tuple[Language, ...] = ("vi", "en")
RUNBOOKS = "docs/runbooks"


def annotations(alert: Alert, settings: Settings, runbooks: str = RUNBOOKS) -> Mapping[str, str]:
    """`summary` is the Vietnamese one, under the name that other programs look for."""
    found = {"summary": summary(alert, settings, "vi")}
    for language in LANGUAGES:
        found[f"summary_{language}"] = summary(alert, settings, language)
        found[f"description_{language}"] = description(alert, settings, language)
    found["runbook_url"] = f"{runbooks.rstrip('/')}/{alert.key}.md"
    return found


def summary(alert: Alert, settings: Settings, language: Language) -> str:
    """The line that people get."""
    return text(f"alerts.{alert.key}.summary", language, **_values(settings, language))


def description(alert: Alert, settings: Settings, language: Language) -> str:
    """What it rests on."""
    return text(f"alerts.{alert.key}.description", language, **_values(settings, language))


def _values(settings: Settings, language: Language) -> Mapping[str, str]:
    return {**_TEMPLATES, **_limits(settings), "direction": _direction(language)}


# A name where the register has one, else the code; a series without the label leaves nothing behind.
_TEMPLATES = {
    "office": "{{ or $labels.office_name $labels.office }}",
    "province": "{{ or $labels.province_name $labels.province }}",
    "service": "{{ or $labels.service_name $labels.service }}",
    "joint": "{{ or $labels.joint_name $labels.joint }}",
    "link": "{{ $labels.link }}",
    "operator": '{{ or $labels.operator "?" }}',
    "collector": "{{ $labels.collector }}",
    "reason": "{{ $labels.reason }}",
    "channel": "{{ $labels.channel }}",
    "percent": "{{ $value | humanizePercentage }}",
    "duration": "{{ $value | humanizeDuration }}",
}


def _direction(language: Language) -> str:
    down, up = (text(f"alerts.direction.{direction}", language) for direction in ("down", "up"))
    return f'{{{{ if eq $labels.direction "down" }}}}{down}{{{{ else }}}}{up}{{{{ end }}}}'


def _limits(settings: Settings) -> Mapping[str, str]:
    windows, limits = settings.windows, settings.thresholds
    return {
        "facts_memory": duration(windows.facts_memory_seconds),
        "relay_hold": duration(windows.relay_hold_seconds),
        "loss_window": duration(windows.loss_seconds),
        "ups_hold": duration(windows.ups_hold_seconds),
        "battery_runtime": duration(limits.battery_runtime_seconds),
        "data_stale": duration(settings.trends.data_stale_seconds),
        "bandwidth_window": duration(settings.trends.bandwidth_seconds),
        "blind_percent": f"{limits.blind_ratio:.0%}",
        "loss_percent": f"{limits.loss_ratio:.0%}",
        "battery_percent": f"{limits.battery_charge_ratio:.0%}",
        "contract_percent": f"{limits.contract_ratio:.0%}",
        "contract_tests": str(limits.contract_tests),
        "quorum_provinces": str(limits.quorum_provinces),
        "certificate_days": f"{limits.certificate_days:g}",
    }
