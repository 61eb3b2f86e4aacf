"""The officers' status page: one plain HTML document, no outside assets, readable from two metres."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from agent.config import Name
from agent.status import Headline, Light, Timed, headline
from collectors.core.values import VIETNAM
from collectors.messages import text

_REFRESH = 10

# Shape and word say the same as the colour: the page also works for those who do not see the colour.
_ICONS = {
    Light.GOOD: '<circle cx="24" cy="24" r="22"/><path d="M13 25l8 8 15-17"/>',
    Light.CAUTION: '<path class="fill" d="M24 3l22 41H2z"/><path d="M24 18v13m0 5v3"/>',
    Light.BAD: '<path class="fill" d="M15 2h18l13 13v18L33 46H15L2 33V15z"/><path d="M15 15l18 18m0-18L15 33"/>',
    Light.UNKNOWN: '<circle cx="24" cy="24" r="22"/><path d="M17 18q1-7 7-7t7 6q0 4-4 7-3 2-3 6m0 5v3"/>',
}

_STYLE = """
:root { --good: #0b6b34; --caution: #8a5200; --bad: #b3121d; --unknown: #59626d; --ink: #15191e; --paper: #f4f5f7; }
* { box-sizing: border-box; margin: 0; }
body { font: 1.25rem/1.3 "Segoe UI", Roboto, "Noto Sans", system-ui, sans-serif; color: var(--ink);
  background: var(--paper); }
header { color: #fff; padding: .8rem max(3vw, 1rem) 1rem; }
h1 { font-size: clamp(1.9rem, 4vw, 3.4rem); line-height: 1.15; margin: .1rem 0 .4rem; }
.office small { display: inline; margin-left: 1rem; }
main { padding: .7rem max(3vw, 1rem); display: grid; gap: .5rem; }
section { display: grid; grid-template-columns: 3rem 1.1fr 1.2fr 9.5rem; gap: 0 1.2rem; align-items: center;
  background: #fff; border-radius: .6rem; padding: .5rem 1.2rem .5rem 1rem; border-left: .7rem solid var(--light); }
svg { width: 3rem; height: 3rem; }
svg circle, svg .fill { fill: var(--light); stroke: none; }
svg path { fill: none; stroke: #fff; stroke-width: 5; stroke-linecap: round; stroke-linejoin: round; }
h2, .state { font-size: clamp(1.3rem, 1.9vw, 1.9rem); line-height: 1.2; font-weight: 600; }
.state { color: var(--light); }
.since { font-size: 1.15rem; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
small { display: block; font-size: .95rem; font-weight: 400; color: #59626d; }
header small { color: inherit; opacity: .88; }
footer { padding: 0 max(3vw, 1rem) 1rem; font-size: 1rem; color: #59626d; display: flex; flex-wrap: wrap; gap: 0 3rem; }
.good { --light: var(--good); } .caution { --light: var(--caution); }
.bad { --light: var(--bad); } .unknown { --light: var(--unknown); }
header.good, header.caution, header.bad, header.unknown { background: var(--light); }
@media (max-width: 56rem) { section { grid-template-columns: 3rem 1fr; } svg { grid-row: 1 / span 3; }
  .state, .since { grid-column: 2; text-align: left; } }
"""


def status_page(office: Name, rows: Sequence[Timed], now: float, contact: str = "", story: Name | None = None) -> bytes:
    """The whole page as UTF-8. `now` in Unix time, times are shown as in Vietnam; `story`: why the agent was away."""
    top = headline([timed.row for timed in rows])
    return "\n".join(
        (
            '<!doctype html><html lang="vi"><head><meta charset="utf-8">',
            f'<meta http-equiv="refresh" content="{_REFRESH}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(top.text.vi)} · {escape(office.vi)}</title><style>{_STYLE}</style></head><body>",
            _header(office, top),
            "<main>",
            *(_section(timed, now) for timed in rows),
            f'<p class="story">{_both(story)}</p>' if story else "",
            "</main>",
            _footer(now, contact),
            "</body></html>",
        )
    ).encode()


def _header(office: Name, top: Headline) -> str:
    return (
        f'<header class="{top.light}"><p class="office">{_both(office)}</p>'
        f"<h1>{_both(top.text)}</h1><p>{_both(top.advice)}</p></header>"
    )


def _section(timed: Timed, now: float) -> str:
    row = timed.row
    key = "status.page.since" if timed.exact else "status.page.at_least_since"
    time = _time(timed.since, now)
    since = Name(text(key, "vi", time=time), text(key, "en", time=time))
    return (
        f'<section class="{row.light}"><svg viewBox="0 0 48 48" aria-hidden="true">{_ICONS[row.light]}</svg>'
        f'<h2>{_both(row.name)}</h2><p class="state">{_both(row.text)}</p><p class="since">{_both(since)}</p></section>'
    )


def _footer(now: float, contact: str) -> str:
    time = datetime.fromtimestamp(now, VIETNAM).strftime("%H:%M:%S %d/%m/%Y")
    lines = [_both(Name(text("status.page.updated", "vi", time=time), text("status.page.updated", "en", time=time)))]
    if contact:
        said = text("status.page.contact", "vi", contact=contact), text("status.page.contact", "en", contact=contact)
        lines.insert(0, _both(Name(*said)))
    return "<footer>" + "".join(f"<p>{line}</p>" for line in lines) + "</footer>"


def _both(name: Name) -> str:
    """Vietnamese, with the English smaller beside it where it differs."""
    english = f'<small lang="en">{escape(name.en)}</small>' if name.en != name.vi else ""
    return f"{escape(name.vi)}{english}"


def _time(moment: float, now: float) -> str:
    """14:05 for today, 14:05 20/11 for another day."""
    then, today = datetime.fromtimestamp(moment, VIETNAM), datetime.fromtimestamp(now, VIETNAM)
    return then.strftime("%H:%M" if then.date() == today.date() else "%H:%M %d/%m")
