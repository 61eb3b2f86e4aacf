"""`communewatch probe KIND [WHAT]`: run one probe once and show a person what happened, phase by phase."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import collectors
from agent import user_agent
from agent.by_hand import settings
from agent.config import Configuration, Probe, load
from agent.outcome import Outcome
from agent.present import as_json, as_text
from agent.runner import run_once
from agent.usual import Usual
from collectors.core import Collector, Ports, Schedule
from collectors.core.decode import DecodeError, Problem, decode_text

_LONGEST = 3600.0
_SOON = 10.0  # seconds that a person waits for a second look
_EXAMPLES = """examples:
  communewatch probe service https://dichvucong.gov.vn/
  communewatch probe ups 192.168.1.10 --set community=@/etc/communewatch/community
  communewatch probe nut 127.0.0.1                         a UPS on USB, read by the NUT server of this machine
  communewatch probe modem 192.168.1.1 --set community=@FILE   signal of the modem in that router
  communewatch probe capacity RESPONDER --set key=@FILE --set down_mbps=100 --set up_mbps=50   what the line carries
  communewatch probe path dichvucong.gov.vn                where the way there breaks
  communewatch probe iperf3 iperf.example                  the usual way to measure a line, beside ours
  communewatch probe host --json
  communewatch probe service portal --config agent.yml     a configured probe, by its label"""


def main(argv: Sequence[str]) -> int:
    """Exit status: 0 success, 1 the probe was not a success, 2 wrong use."""
    parser = argparse.ArgumentParser(
        prog="communewatch probe",
        description="Run one probe once.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("kind", choices=collectors.names(), help="the collector")
    parser.add_argument("what", nargs="?", default="", help="URL, host or host:port, or with --config a probe's label")
    fields_help = (
        "another field of the target: FIELD=@FILE for a secret, FIELD=A,B or again for a list, FIELD.KEY=VALUE"
    )
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help=fields_help)
    parser.add_argument("--timeout", type=_seconds, metavar="SECONDS", help="default: the collector's own")
    parser.add_argument("--config", type=Path, metavar="FILE", help="take the target from an agent.yml")
    contact_help = "whom the owner of a service can ask about us; default: what the agent.yml says"
    parser.add_argument("--contact", default="", metavar="WHO", help=contact_help)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
    arguments = parser.parse_args(argv)
    try:
        probe, contact = _choose(arguments)
    except DecodeError as error:
        print(error, file=sys.stderr)
        return 2
    outcome = asyncio.run(_run(probe, contact))
    print(as_json(outcome) if arguments.json else as_text(outcome))
    return 0 if outcome.reading.success else 1


def _seconds(text: str) -> float:
    """A positive number of seconds, at most an hour."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} should be a number of seconds between 0 and {_LONGEST:g}")
    return seconds


def _choose(arguments: argparse.Namespace) -> tuple[Probe, str]:
    if arguments.config:
        configuration = load(arguments.config)
        return _configured(configuration, arguments), arguments.contact or configuration.settings.contact
    return _unconfigured(arguments), arguments.contact


def _configured(configuration: Configuration, arguments: argparse.Namespace) -> Probe:
    same = [probe for probe in configuration.probes if probe.collector.name == arguments.kind]
    wanted = [probe for probe in same if arguments.what in ("", probe.key, *probe.labels.values())]
    if len(wanted) == 1:
        return wanted[0]
    names = ", ".join(probe.key for probe in same) or "none"
    message = f"{len(wanted)} probes of {arguments.kind} fit {arguments.what!r}"
    raise DecodeError((Problem(str(arguments.config), "probes", message, f"there are: {names}"),))


def _unconfigured(arguments: argparse.Namespace) -> Probe:
    collector = collectors.load(arguments.kind)
    values: dict[str, object] = dict(_argument(collector, arguments.what)) if arguments.what else {}
    values |= settings(collector.target, arguments.set)
    # Through the same decoder as a file, so that the same rules and messages hold.
    text = "\n".join(f"{json.dumps(field)}: {json.dumps(value, ensure_ascii=False)}" for field, value in values.items())
    target = decode_text(text or "{}", collector.target, "command line").value
    schedule = collector.schedule
    if arguments.timeout:
        schedule = Schedule(max(schedule.every, arguments.timeout), arguments.timeout, schedule.lane)
    return Probe(collector.name, collector, target, {}, None, schedule, 0.0)


def _argument(collector: Collector, what: str) -> dict[str, str]:
    """What the one argument means: the collector's `argument(text)` says, else it is the target's first field."""
    understand = getattr(collector, "argument", None)
    if understand is None:
        return {fields(collector.target)[0].name: what}
    try:
        return dict(understand(what))
    except ValueError as error:
        raise DecodeError((Problem("command line", "", str(error)),)) from None


async def _run(probe: Probe, contact: str) -> Outcome:
    from agent.io.ports import MachinePorts  # noqa: PLC0415

    async with MachinePorts(user_agent(contact)) as ports:
        await ports.prepare(probe.needs)
        return await look(probe, ports)


async def look(probe: Probe, ports: Ports) -> Outcome:
    """One run; two where the collector compares its runs and wants another soon, because the first leaves a doubt."""
    usual = Usual()
    outcome = usual.judge(await run_once(probe, ports))
    again = outcome.reading.again
    if again is None or again > _SOON:
        return outcome
    await ports.clock.sleep(again)
    return usual.judge(await run_once(probe, ports))
