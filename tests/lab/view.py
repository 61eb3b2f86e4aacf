"""Drawing the lab's state as lines of text. Pure: what a terminal makes of them is the caller's business."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from collectors.core.values import VIETNAM
from tests.lab.state import UNKNOWN, AlertState, Cell, OfficeState, State

GREEN, RED, YELLOW, BOLD, PLAIN = "\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[1m", "\x1b[0m"
COLOURS = re.compile(r"\x1b\[\d*m")
SHOWN = 6  # alerts, and notifications, at most
HINTS = (
    "type here, or in another terminal after .venv/bin/python -m tests.lab:",
    "power office1 cut|restore|low",
    "link office2 cut|restore|shape 2mbit|loss 10%     link office4 cut 12m: then its gap fills",
    "service portal break|down|slow|freeze|maintenance|repair",
    "agent office3 kill|start",
)
LOOK = (
    "link      the line's capacity, down/up, by half a second of packets: it follows `link ... shape` in half a minute",
    "figures   office4 pushes: what was measured behind a cut line arrives later, until 100% are there again",
    "alerts    in Prometheus, /alerts; the boards' series under /graph: link_capacity_*, link_echo_*, path_fault",
    "status    the officers' page of each office, in Vietnamese",
)


def full(state: State, addresses: Mapping[str, str], headline: str, now: float) -> list[str]:
    """The whole view, coloured, a line per element."""
    verdict = f"{GREEN}all green{PLAIN}" if state.green else f"{YELLOW}not all green{PLAIN}"
    return [
        f"{BOLD}communewatch lab{PLAIN}  {headline}  {verdict}",
        "",
        *_table(state.offices),
        "",
        *_section("firing", [_firing(alert, now) for alert in state.alerts[:SHOWN]]),
        *_section("on call", [_told(one.time, one.title) for one in state.notifications[-SHOWN:]]),
        *_section("trouble", [f"{RED}{trouble}{PLAIN}" for trouble in state.troubles], nothing=""),
        *_section("open", [f"{name:<22} {url}" for name, url in addresses.items()]),
        *_section("look at", LOOK),
        *_section("orders", HINTS),
    ]


def changes(before: State, after: State) -> Iterator[str]:
    """What is new, a line each: for output that is no terminal."""
    known = {office.id: office.cells for office in before.offices}
    for office in after.offices:
        for name, cell in office.cells.items():
            if _differs(known.get(office.id, {}).get(name, UNKNOWN), cell):
                yield f"{office.id} {name}: {cell.text}"
    yield from (f"firing: {alert.name}: {alert.subject}" for alert in _missing(after.alerts, before.alerts))
    yield from (f"over: {alert.name}: {alert.subject}" for alert in _missing(before.alerts, after.alerts))
    yield from (f"on call: {one.title}" for one in after.notifications[len(before.notifications) :])
    yield from (f"trouble: {trouble}" for trouble in after.troubles if trouble not in before.troubles)
    if after.green is not before.green:
        yield "all green" if after.green else "not all green any more"


def _missing(these: Sequence[AlertState], among: Sequence[AlertState]) -> Iterator[AlertState]:
    known = {(alert.name, alert.incident) for alert in among}
    return (alert for alert in these if (alert.name, alert.incident) not in known)


def open_questions(state: State) -> Iterator[str]:
    """What stands between this state and all green."""
    for office in state.offices:
        yield from (f"  {office.id} {name}: {cell.text}" for name, cell in office.cells.items() if not cell.good)
    yield from (f"  firing: {alert.name}: {alert.subject}" for alert in state.alerts)
    yield from (f"  trouble: {trouble}" for trouble in state.troubles)


def _differs(before: Cell, after: Cell) -> bool:
    """Charges and latencies of what is fine may change unsaid."""
    return before.good is not after.good or (after.good is False and before.text != after.text)


def _table(offices: Sequence[OfficeState]) -> Iterator[str]:
    if not offices:
        return
    rows = [["office", "", *offices[0].cells]]
    rows += [[office.id, office.name, *map(_paint, office.cells.values())] for office in offices]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)).rstrip()


def _paint(cell: Cell) -> str:
    colour = {True: GREEN, False: RED, None: YELLOW}[cell.good]
    return f"{colour}{cell.text}{PLAIN}"


def _section(title: str, lines: Sequence[str], nothing: str = "nothing") -> Iterator[str]:
    for index, line in enumerate(lines or ([nothing] if nothing else ())):
        yield f"{title if index == 0 else '':<9}{line}"


def _firing(alert: AlertState, now: float) -> str:
    return f"{RED}{alert.name}{PLAIN} for {max(0, now - alert.since):.0f} s  {alert.subject}"


def _told(time: float, title: str) -> str:
    return f"{datetime.fromtimestamp(time, VIETNAM):%H:%M:%S}  {title}"


def _width(text: str) -> int:
    return len(unicodedata.normalize("NFC", COLOURS.sub("", text)))


def clip(line: str, columns: int) -> str:
    """A coloured line that takes at most this many columns."""
    left, parts = columns, []
    for part in re.split(f"({COLOURS.pattern})", line):
        if COLOURS.fullmatch(part):
            parts.append(part)
        else:
            parts.append(part[:left])
            left -= len(part[:left])
    return "".join(parts)
