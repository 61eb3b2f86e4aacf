"""`communewatch agent request|renew --config agent.yml`."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from agent import user_agent
from agent.certificate.renew import RenewalError, renew, request
from agent.config import Settings, load
from agent.io.line import HttpLine
from agent.uplink.line import Line
from collectors.core.decode import DecodeError
from collectors.core.push import Destination

PURPOSES = {
    "request": "make the office's key if there is none, and print the request for its first certificate",
    "renew": "ask the gateway for the next certificate where that is due",
}


def main(argv: Sequence[str]) -> int:
    """Exit status: 0 fine, 1 a certificate could not be renewed, 2 wrong use or configuration."""
    parser = argparse.ArgumentParser(prog="communewatch agent", description="The certificate of one commune office.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, purpose in PURPOSES.items():
        command = verbs.add_parser(verb, help=purpose, description=purpose)
        command.add_argument("--config", type=Path, required=True, metavar="FILE", help="the office's agent.yml")
        if verb == "request":
            command.add_argument("--receiver", metavar="NAME", help="whose files of `push:`; default: the first one's")
        if verb == "renew":
            command.add_argument("--early", action="store_true", help="also where it is not due yet")
            command.add_argument("--json", action="store_true", help="one object, for a program")
    arguments = parser.parse_args(argv)
    try:
        settings = load(arguments.config).settings
    except DecodeError as error:
        print(error, file=sys.stderr)
        return 2
    receivers = settings.push.receivers if settings.push else {}
    named = {name: to for name, to in receivers.items() if to.certificate}
    if not named:
        print("no receiver of `push:` in this configuration has a certificate", file=sys.stderr)
        return 2
    if arguments.verb == "renew":
        return _renew(arguments, settings, named)
    return _request(named, arguments.receiver or next(iter(named)), settings.identity.office)


def _request(named: Mapping[str, Destination], name: str, office: str) -> int:
    if name not in named:
        print(f"no receiver {name!r} with a certificate; there are: {', '.join(named)}", file=sys.stderr)
        return 2
    try:
        text = request(named[name], office).decode("ascii")
    except (RenewalError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    sys.stdout.write(text)
    return 0


def _renew(arguments: argparse.Namespace, settings: Settings, named: Mapping[str, Destination]) -> int:
    def line_to(to: Destination) -> Line:
        return HttpLine(to, user_agent(settings.contact))

    found: dict[str, dict[str, object]] = {}
    good = True
    for name, to in named.items():
        try:
            work = renew(to, settings.identity.office, line_to, time.time(), early=arguments.early)
            state = asyncio.run(work)
        except (RenewalError, OSError) as error:
            good = False
            found[name] = {"error": str(error)}
            print(f"{name}: {error}", file=sys.stderr)
            continue
        found[name] = {"ends": state.ends, "renewed": state.renewed}
        if not arguments.json:
            word = "renewed, good" if state.renewed else "good"
            print(f"{name}: {word} until {datetime.fromtimestamp(state.ends, UTC).date()}")
    if arguments.json:
        print(json.dumps(found))
    return 0 if good else 1
