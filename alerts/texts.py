"""The words of the alerts: from the catalogue, with Prometheus' templates where a label or a value belongs."""

from collections.abc import Mapping

from alerts.affected import affected
from alerts.methods import Method
from alerts.owners import OWNER_SERVICE_FAILING
from alerts.places import places
from alerts.plans import plans
from alerts.recorded import OFFICE_SERVICE_REASON
from alerts.rule import Alert, Cause
from alerts.rules.services import FAILURES
from alerts.settings import Settings
from alerts.stories import stories
from collectors.messages import Language, catalogue, spoken, text

LANGUAGES: tuple[Language, ...] = ("vi", "en")
RUNBOOKS = "docs/runbooks"


def annotations(alert: Alert, settings: Settings, runbooks: str = RUNBOOKS) -> Mapping[str, str]:
    """`summary` is the Vietnamese one, under the name that other programs look for."""
    found = {"summary": summary(alert, settings, "vi")}
    for language in LANGUAGES:
        found[f"summary_{language}"] = summary(alert, settings, language)
        found[f"description_{language}"] = description(alert, settings, language)
        found[f"action_{language}"] = action(alert, language)
    found |= affected(alert)
    found["runbook_url"] = f"{runbooks.rstrip('/')}/{alert.key}.md"
    return found


def summary(alert: Alert, settings: Settings, language: Language) -> str:
    """The line that people get."""
    return text(f"alerts.{alert.key}.summary", language, **_values(settings, language))


def description(alert: Alert, settings: Settings, language: Language) -> str:
    """What it rests on."""
    return text(f"alerts.{alert.key}.description", language, **_values(settings, language))


def action(alert: Alert, language: Language) -> str:
    """What to do first: the alert's own `action`, else that of its cause."""
    own = f"alerts.{alert.key}.action"
    if own in catalogue():
        return text(own, language)
    if alert.cause:
        return text(f"alerts.action.{alert.cause}", language)
    known = ((cause, text(f"alerts.action.{cause}", language)) for cause in Cause)
    return "".join(f'{{{{ if eq $labels.cause "{cause}" }}}}{words}{{{{ end }}}}' for cause, words in known)


def _values(settings: Settings, language: Language) -> Mapping[str, str]:
    told = stories(language, _duration(".Value", language))
    return {
        **_TEMPLATES,
        **_measured(language),
        **_reasons(language),
        **places(language),
        **plans(language),
        **told,
        **_limits(settings, language),
    }


# A name where the register has one, else the code; a series without the label leaves nothing behind.
_TEMPLATES = {
    "office": "{{ or $labels.office_name $labels.office }}",
    "province": "{{ or $labels.province_name $labels.province }}",
    "service": "{{ or $labels.service_name $labels.service }}",
    "owner": "{{ or $labels.owner_name $labels.owner }}",
    "services": (
        f'{{{{ range $number, $one := query (printf "{OWNER_SERVICE_FAILING}{{owner=%q}}" $labels.owner)'
        ' | sortByLabel "service" }}{{ if $number }}, {{ end }}{{ $one.Labels.service_name }}{{ end }}'
    ),
    "joint": "{{ or $labels.joint_name $labels.joint }}",
    "link": "{{ $labels.link }}",
    "feeder": "{{ $labels.feeder }}",
    "operator": '{{ or $labels.operator "?" }}',
    "collector": "{{ $labels.collector }}",
    "reason": "{{ $labels.reason }}",
    "channel": "{{ $labels.channel }}",
    "file": "{{ $labels.file }}",
}


def _measured(language: Language) -> Mapping[str, str]:
    """Prometheus writes 41.67% and 13d 23h; Vietnamese has a decimal comma and words for the units."""
    percent = "{{ $value | humanizePercentage }}"
    if language == "vi":
        percent = '{{ $value | humanizePercentage | reReplaceAll "[.]" "," }}'
    return {
        "percent": percent,
        "times": '{{ $value | printf "%.0f" }}',
        "duration": _duration("$value", language),
        "direction": _direction(language),
        "method": _method(language),
    }


def _duration(value: str, language: Language) -> str:
    if language == "en":
        return f"{{{{ {value} | humanizeDuration }}}}"
    # In this order: the word for minutes has an h in it.
    units = (("d", "day"), ("h", "hour"), ("m", "minute"), ("s", "second"))
    words = "".join(f' | reReplaceAll "{short}" "{text(f"units.{unit}", "vi", count="")}"' for short, unit in units)
    return f"{{{{ {value} | humanizeDuration{words} }}}}"


def _reasons(language: Language) -> Mapping[str, str]:
    """Why a service fails, in brackets, asked for when the message is written: the most common of the reasons.

    As a label it would make another alert of the same outage with every change of the reason.
    """
    one, of = OFFICE_SERVICE_REASON.name, "topk(1, count by (reason) (%s))"
    return {
        "why_office": _why(of % f"{one}{{office=%q, service=%q}}", "$labels.office $labels.service", language),
        "why_province": _why(of % f"{one}{{province=%q, service=%q}}", "$labels.province $labels.service", language),
        "why_country": _why(of % f"{one}{{service=%q}}", "$labels.service", language),
    }


def _why(query: str, values: str, language: Language) -> str:
    known = {reason: text(f"alerts.reason.{reason}", language) for reason in FAILURES}
    words = "".join(
        f'{{{{ if eq .Labels.reason "{reason}" }}}} ({word}){{{{ end }}}}' for reason, word in known.items()
    )
    return f'{{{{ range query (printf "{query}" {values}) }}}}{words}{{{{ end }}}}'


def _direction(language: Language) -> str:
    down, up = (text(f"alerts.direction.{direction}", language) for direction in ("down", "up"))
    return f'{{{{ if eq $labels.direction "down" }}}}{down}{{{{ else }}}}{up}{{{{ end }}}}'


def _method(language: Language) -> str:
    known = {method: text(f"alerts.method.{method}", language) for method in Method}
    return "".join(f'{{{{ if eq $labels.method "{method}" }}}}{word}{{{{ end }}}}' for method, word in known.items())


def _limits(settings: Settings, language: Language) -> Mapping[str, str]:
    def duration(seconds: float) -> str:
        return spoken(seconds, language)

    windows, limits = settings.windows, settings.thresholds
    return {
        "facts_memory": duration(windows.facts_memory_seconds),
        "slow_hold": duration(windows.slow_hold_seconds),
        "relay_hold": duration(windows.relay_hold_seconds),
        "relay_dead": duration(windows.relay_dead_seconds),
        "planned_before": duration(windows.planned_before_seconds),
        "planned_after": duration(windows.planned_after_seconds),
        "loss_window": duration(windows.loss_seconds),
        "ups_hold": duration(windows.ups_hold_seconds),
        "battery_runtime": duration(limits.battery_runtime_seconds),
        "skew": duration(limits.skew_seconds),
        "data_stale": duration(settings.trends.data_stale_seconds),
        "bandwidth_window": duration(settings.trends.bandwidth_seconds),
        "blind_percent": f"{limits.blind_ratio:.0%}",
        "loss_percent": f"{limits.loss_ratio:.0%}",
        "battery_percent": f"{limits.battery_charge_ratio:.0%}",
        "contract_percent": f"{limits.contract_ratio:.0%}",
        "recovered_percent": f"{limits.recovered_ratio:.0%}",
        "own_load_percent": f"{limits.own_load_ratio:.0%}",
        "region_percent": f"{limits.region_ratio:.0%}",
        "region_links": str(limits.region_links),
        "dip_tests": str(limits.dip_tests),
        "dip_hold": duration(settings.trends.dip_hold_seconds),
        "version_hold": duration(settings.trends.version_hold_seconds),
        "contract_tests": str(limits.contract_tests),
        "echo_window": duration(settings.trends.echo_seconds),
        "quorum_provinces": str(limits.quorum_provinces),
        "certificate_days": f"{limits.certificate_days:g}",
    }
