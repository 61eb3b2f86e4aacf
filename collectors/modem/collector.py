"""The collector `modem`: signal, cell and dips of a mobile link."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from collectors.core import Kind, Lane, Metric, Ports, Reading, Reason, Sample, Schedule
from collectors.core.dips import Bounds
from collectors.modem.at import QUESTIONS, read_at
from collectors.modem.family import families
from collectors.modem.past import LONGEST_GAP, LOST, Past, seen
from collectors.modem.router import AUTO, read_router
from collectors.modem.said import Signal, read
from collectors.wan.router import Router

REGISTERED = Metric("modem_registered", Kind.GAUGE, "1 when the modem is registered in a network.")
RSRP = Metric("modem_rsrp_dbm", Kind.GAUGE, "Reference signal received power (LTE, 5G), dBm.")
RSRQ = Metric("modem_rsrq_db", Kind.GAUGE, "Reference signal received quality (LTE, 5G), dB.")
SINR = Metric("modem_sinr_db", Kind.GAUGE, "Signal to interference and noise ratio (LTE, 5G), dB.")
RSCP = Metric("modem_rscp_dbm", Kind.GAUGE, "Received signal code power (3G), dBm.")
RSSI = Metric("modem_rssi_dbm", Kind.GAUGE, "Received signal strength indicator, dBm.")
INFO = Metric(
    "modem_info", Kind.GAUGE, "1; technology, network and cell of the modem.", ("technology", "operator_name", "cell")
)
DIPS = Metric(
    "modem_signal_dips_total", Kind.COUNTER, "Dips of the signal far below its usual strength, or lost networks."
)
DIP_SECONDS = Metric("modem_signal_dip_seconds_total", Kind.COUNTER, "Seconds of dips that are over.")
DIP_DEPTH = Metric(
    "modem_signal_dip_depth_db", Kind.GAUGE, f"Depth of the last dip below the usual signal, dB; {LOST:g} = no network."
)
CELL_CHANGES = Metric("modem_cell_changes_total", Kind.COUNTER, "Changes to another cell.")
TECHNOLOGY_CHANGES = Metric("modem_technology_changes_total", Kind.COUNTER, "Changes to another technology.")


@dataclass(frozen=True, slots=True)
class Target(Router):
    """A modem at this machine, which ModemManager knows or which answers AT commands, or one in the router, which tells
    of it by SNMP.

    modem   its number at ModemManager, or the row in the router's table; or any
    dip_db  decibels below the usual signal at which a dip begins
    device  its serial port for AT commands, where no ModemManager has it: /dev/ttyUSB2; "" = ModemManager is asked
    router  host name or address; "" = the modem is at this machine
    family  auto = find out at each look, or the kind of the router
    """

    modem: str = "any"
    dip_db: float = 10.0
    device: str = ""
    family: str = AUTO

    def check(self) -> Iterator[tuple[str, str]]:
        yield from Router.check(self)
        if self.modem != "any" and not self.modem.isdecimal():
            yield "modem", "should be a number, as in mmcli --list-modems, or any"
        if not 3 <= self.dip_db < LOST:
            yield "dip_db", f"should be at least 3 and less than {LOST:g}"
        if self.device and (self.router or not re.fullmatch(r"/dev/[\w./-]+", self.device)):
            yield "device", "should be a serial port of this machine, such as /dev/ttyUSB2, without a router"
        known = (AUTO, *dict.fromkeys(family.name for family in families()))
        if self.family not in known:
            yield "family", f"{self.family!r} is not one of {', '.join(known)}"


@dataclass(frozen=True, slots=True)
class _Seen:
    signal: Signal
    bounds: Bounds


class ModemProbe:
    """See the package."""

    name = "modem"
    target = Target
    metrics = (
        REGISTERED, RSRP, RSRQ, SINR, RSCP, RSSI, INFO, DIPS, DIP_SECONDS, DIP_DEPTH, CELL_CHANGES, TECHNOLOGY_CHANGES,
    )  # fmt: skip
    schedule = Schedule(every=15, timeout=10, lane=Lane.NEUTRAL)
    needs: frozenset[str] = frozenset()

    def argument(self, text: str) -> Mapping[str, str]:
        """By hand: the number of a modem here, or a router."""
        return {"modem" if text == "any" or text.isdecimal() else "router": text}

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """Raises ProbeError: what the ports raise, UNSUPPORTED (a router that tells of no modem)."""
        if target.router:
            signal = await read_router(ports, target.agent, target.family, target.modem, timeout)
        elif target.device:
            signal = read_at(await ports.host.at(target.device, QUESTIONS, timeout))
        else:
            signal = read(await ports.host.modem(target.modem, timeout))
        result = Reason.OK if signal.registered else Reason.UNREACHABLE
        bounds = Bounds(target.dip_db, target.dip_db / 2, LONGEST_GAP)
        return Reading(result, tuple(_samples(signal)), evidence=(_in_words(signal),), seen=_Seen(signal, bounds))

    def past(self) -> Past:
        """Of a probe that never ran."""
        return Past()

    def read_past(self, kept: object) -> Past:
        """Raises ValueError."""
        return Past.read(kept)

    def compare(self, reading: Reading, past: Past, now: float) -> tuple[Reading, Past]:
        """The look beside those before it. One that failed tells nothing of the signal."""
        if isinstance(reading.seen, _Seen):
            past = seen(past, reading.seen.signal, now, reading.seen.bounds)
        return replace(reading, samples=(*reading.samples, *_counts(past))), past


def _samples(signal: Signal) -> Iterator[Sample]:
    yield REGISTERED(signal.registered)
    yield INFO(1, technology=signal.technology, operator_name=signal.operator, cell=signal.cell)
    for metric, value in ((RSRP, signal.rsrp), (RSRQ, signal.rsrq), (SINR, signal.sinr), (RSCP, signal.rscp),
                          (RSSI, signal.rssi)):  # fmt: skip
        if value is not None:
            yield metric(value)


def _counts(past: Past) -> Iterator[Sample]:
    counts = past.counts
    yield DIPS(counts.dips)
    yield DIP_SECONDS(counts.dip_seconds)
    yield CELL_CHANGES(counts.cell_changes)
    yield TECHNOLOGY_CHANGES(counts.technology_changes)
    if counts.dips:
        yield DIP_DEPTH(past.depth)


def _in_words(signal: Signal) -> str:
    power = "" if signal.power is None else f", {signal.power:g} dBm"
    return f"the modem is {signal.state or 'in no known state'}, {signal.technology or 'no technology'}{power}"
