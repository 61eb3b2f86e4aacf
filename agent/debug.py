"""/debug/probes: the last results of each probe, bad ones longer than good ones, for whoever has to find out why."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from html import escape
from urllib.parse import quote

from agent.config import Probe
from agent.outcome import Outcome
from collectors.core.exposition import line

_STYLE = """
body { font: 15px/1.5 ui-monospace, monospace; margin: 2rem; max-width: 110ch; color: #1b1f24; }
h2 { font-size: 1.1rem; margin: 2rem 0 .3rem; } pre { margin: .2rem 0 1rem 2ch; white-space: pre-wrap; }
.bad { color: #b3261e; } .ok { color: #146c2e; } a { color: inherit; }
"""


def debug_page(probes: Iterable[Probe], recent: Mapping[str, tuple[Outcome, ...]], only: str = "") -> bytes:
    """All probes, or one with its samples too (`?probe=KEY`); newest result first. Secrets show as ***."""
    shown = [probe for probe in probes if only in ("", probe.key)]
    parts = [part for probe in shown for part in _probe(probe, recent.get(probe.key, ()), in_full=bool(only))]
    body = "\n".join(parts) or "<p>There is no such probe.</p>"
    html = f"<!doctype html><html lang=en><meta charset=utf-8><title>Probes</title><style>{_STYLE}</style>{body}</html>"
    return html.encode()


def _probe(probe: Probe, outcomes: tuple[Outcome, ...], in_full: bool) -> Iterator[str]:
    schedule = probe.schedule
    yield f'<h2 id="{escape(probe.key)}"><a href="?probe={escape(quote(probe.key))}">{escape(probe.key)}</a></h2>'
    yield f"<div>every {schedule.every:g} s, at most {schedule.timeout:g} s, lane {schedule.lane}</div>"
    yield f"<div>{escape(repr(probe.target))}</div>"
    if not outcomes:
        yield "<pre>not run yet</pre>"
    for outcome in reversed(outcomes):
        yield f"<pre>{_outcome(outcome, in_full)}</pre>"


def _outcome(outcome: Outcome, in_full: bool) -> str:
    reading = outcome.reading
    when = datetime.fromtimestamp(outcome.started).astimezone().isoformat(timespec="milliseconds")
    mark = "ok" if reading.success else "bad"
    lines = [f"{when} <b class={mark}>{reading.result}</b> {outcome.seconds:.3f} s, {outcome.lateness:.3f} s late"]
    lines += [f"  {escape(phase)} {seconds:.6f} s" for phase, seconds in reading.phases.items()]
    lines += [f"  {escape(text)}" for text in reading.evidence]
    if in_full:
        lines += [f"  {escape(line(sample))}" for sample in reading.samples]
    return "\n".join(lines)
