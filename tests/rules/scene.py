"""A scene: series as Prometheus would scrape them, and which alerts fire at which moments. promtool is the judge."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from alerts.promql import duration
from alerts.recorded import CENTRE_SETTLING
from alerts.render import rule_contents, to_yaml
from alerts.settings import PRODUCTION, Settings
from alerts.texts import LANGUAGES
from collectors.messages import text
from tests.tools import tool

TESTS_OF_LINKS = ("link_capacity_", "link_test_", "link_wan_", "ups_power_verdict")
NAMES = "offices_first"
STEP = 15  # seconds between two samples and between two evaluations

Series = Mapping[str, str]


def values(*parts: tuple[float | str, float]) -> str:
    """`values((1, 60), ("gone", 30))`: 1 for 60 s, then 30 s without the series, as after a failed scrape."""
    found = []
    for value, seconds in parts:
        steps = int(seconds / STEP)
        if value == "gone":
            found.append(f"stale _x{steps - 1}" if steps > 1 else "stale")
        else:
            found.append(f"{value}x{steps - 1}")
    return " ".join(found)


@dataclass(frozen=True)
class Office:
    """An office of a scene; by default of Cao Bằng."""

    number: int
    province: str = "04"

    @property
    def id(self) -> str:
        return f"{self.commune}-1"

    @property
    def commune(self) -> str:
        return f"{self.province}{self.number:03}"

    @property
    def labels(self) -> Mapping[str, str]:
        return {"province": self.province, "commune": self.commune, "office": self.id}

    @property
    def names(self) -> Mapping[str, str]:
        return {
            "province_name": f"Tỉnh {self.province}",
            "commune_name": f"Xã {self.number}",
            "office_name": f"Trung tâm xã {self.number}",
        }

    def series(self, name: str, **labels: str) -> str:
        """`office.series("ups_on_battery", ups="ups-1")` as promtool writes a series."""
        return selector(name, **self.labels, instance=f"{self.id}:9817", job="agent", **labels)

    def facts(self) -> str:
        return selector(
            "office_info", **self.labels, **self.names, job="facts", type="xa", latitude="22.6", longitude="106.2"
        )


def selector(name: str, /, **labels: str) -> str:
    return f"{name}{{{', '.join(f'{label}={value!r}' for label, value in labels.items())}}}".replace("'", '"')


def province(count: int, seconds: float, code: str = "04", first: int = 1) -> dict[str, str]:
    """Facts and heartbeats of some offices for so long."""
    found = {}
    for office in offices(count, code, first):
        found[office.facts()] = values((1, seconds))
        found[office.series("agent_start_time_seconds")] = values((1700000000, seconds))
    return found


def offices(count: int, code: str = "04", first: int = 1) -> list[Office]:
    return [Office(number, code) for number in range(first, first + count)]


@dataclass(frozen=True)
class Firing:
    """An alert that fires: its labels (all of them, without alertname) and, where it matters, its two summaries.

    more  annotations that hold a template beside the summaries
    """

    alert: str
    labels: Mapping[str, str]
    vi: str = ""
    en: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Scene:
    """`at[seconds]`: exactly what fires then, but for the Watchdog. `values[seconds, query]`: what is answered then.

    every  seconds between two evaluations of all groups, whatever their own interval
    """

    series: Series
    at: Mapping[float, Sequence[Firing]] = field(default_factory=dict)
    values: Mapping[tuple[float, str], Mapping[str, float]] = field(default_factory=dict)
    settings: Settings = PRODUCTION
    every: float = STEP

    def judge(self, folder: Path, annotations: Mapping[str, Mapping[str, str]] | None = None) -> None:
        """Let promtool play it; with `annotations` (by alert) the words of firings with summaries count too."""
        files = {name: content for name, content in rule_contents(self.settings).items() if name in self._groups()}
        for name, content in files.items():
            kept = content if self.every == STEP else _without_settling(content)
            (folder / name).write_text(to_yaml(_without_names(kept)), encoding="utf-8")
        test = {
            "interval": f"{STEP}s",
            "input_series": [{"series": name, "values": text} for name, text in self.series.items()],
            "promql_expr_test": [
                *(_exactly(moment, firing) for moment, firing in self.at.items()),
                *(_query(moment, query, answer) for (moment, query), answer in self.values.items()),
            ],
            "alert_rule_test": [
                _texts(moment, one, annotations[one.alert])
                for moment, firing in self.at.items()
                for one in firing
                if annotations and one.vi
            ],
        }
        order = [Path(name).stem for name in self._groups()]
        played = {
            "rule_files": [*files],
            "evaluation_interval": duration(self.every),
            "group_eval_order": order,
            "tests": [test],
        }
        path = folder / "test.yml"
        path.write_text(yaml.safe_dump(played, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")
        answer = subprocess.run([tool("promtool"), "test", "rules", path], capture_output=True, text=True, check=False)
        assert answer.returncode == 0, answer.stdout + answer.stderr

    def _groups(self) -> tuple[str, ...]:
        """promtool looks at every group at every step: what has nothing to say there would take a third of the time.

        Budgets burn for hours: a scene about them has objectives with shorter windows.
        """
        tested = any(name.startswith(TESTS_OF_LINKS) for name in self.series)
        budgets = self.settings.objectives != PRODUCTION.objectives
        links, goals = ("contracts.yml", "shares.yml") if tested else (), ("objectives.yml",) if budgets else ()
        return ("register.yml", "live.yml", "upkeep.yml", "trends.yml", *links, *goals)


def _without_settling(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Evaluations that are left out to save time are not a Prometheus that was away."""
    rules = content["groups"][0]["rules"]
    rules[:] = [rule for rule in rules if rule.get("record") != str(CENTRE_SETTLING)]
    return content


def _without_names(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Prometheus names the offices in no fixed order, and promtool wants one: see test_affected.py."""
    for rule in content["groups"][0]["rules"]:
        rule.get("annotations", {}).pop(NAMES, None)
    return content


def _exactly(moment: float, firing: Sequence[Firing]) -> Mapping[str, object]:
    alerts = (selector("ALERTS", alertname=one.alert, alertstate="firing", **one.labels) for one in firing)
    return _query(moment, 'ALERTS{alertstate="firing", alertname!="Watchdog"}', dict.fromkeys(alerts, 1))


def _query(moment: float, query: str, answer: Mapping[str, float]) -> Mapping[str, object]:
    samples = [{"labels": labels, "value": value} for labels, value in answer.items()]
    return {"expr": query, "eval_time": duration(moment), "exp_samples": samples}


def _texts(moment: float, one: Firing, annotations: Mapping[str, str]) -> Mapping[str, object]:
    actions = {
        f"action_{language}": text(f"alerts.action.{one.labels['cause']}", language)
        for language in LANGUAGES
        if "{{" in annotations[f"action_{language}"]
    }
    annotations = {name: words for name, words in annotations.items() if name != NAMES}
    texts = {**annotations, **actions, "summary": one.vi, "summary_vi": one.vi, "summary_en": one.en, **one.more}
    alert = {"exp_labels": dict(one.labels), "exp_annotations": texts}
    return {"eval_time": duration(moment), "alertname": one.alert, "exp_alerts": [alert]}
