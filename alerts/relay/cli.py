"""`communewatch relay run|check --config relay.yml`."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from alerts.relay.config import RelaySettings
from alerts.relay.people import Receivers
from alerts.relay.run import run
from alerts.relay.sender import is_usable
from collectors.core.decode import DecodeError, Document, Problem, decode_file

_FORMAT = "time=%(asctime)s level=%(levelname)s %(message)s"


def main(argv: Sequence[str]) -> int:
    """0 fine; 1 the queue or the port could not be had, or somebody has no channel; 2 wrong use or configuration."""
    arguments = _parser().parse_args(argv)
    try:
        document = decode_file(arguments.config, RelaySettings)
        if problems := tuple(_unusable(document)):
            raise DecodeError(problems)
        return (_run if arguments.verb == "run" else _check)(document.value)
    except DecodeError as error:
        print(error, file=sys.stderr)
        return 2


def _run(settings: RelaySettings) -> int:
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format=_FORMAT, datefmt="%Y-%m-%dT%H:%M:%S%z")
    try:
        asyncio.run(run(settings))
    except OSError as error:
        print(f"the relay cannot start: {error}", file=sys.stderr)
        return 1
    return 0


def _check(settings: RelaySettings) -> int:
    for name, channel in settings.channels.items():
        way = "http" if channel.http else "zns" if channel.zns else "url"
        print(f"{name}: {way}" + (f", then {channel.fallback}" if channel.fallback else ""))
    print(f"default: {', '.join(settings.default)}")
    named = Receivers(settings.receivers).named
    for name in sorted(named - settings.channels.keys()):
        print(f"{settings.receivers}: somebody is to be told by {name}, which is none of the channels", file=sys.stderr)
    return 0 if named <= settings.channels.keys() else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="communewatch relay", description="Deliver Alertmanager's notifications.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    purposes = {
        "run": "receive and deliver until SIGTERM",
        "check": "say what is wrong with relay.yml, or with receivers.yml beside it; nothing is started or sent",
    }
    for name, purpose in purposes.items():
        verb = verbs.add_parser(name, help=purpose, description=purpose)
        verb.add_argument("--config", type=Path, required=True, metavar="FILE", help="relay.yml")
    return parser


def _unusable(document: Document[RelaySettings]) -> Iterator[Problem]:
    for name, channel in document.value.channels.items():
        if channel.url and not is_usable(channel.url):
            hint = "see https://github.com/caronc/apprise/wiki for how each service is written, or use log:"
            yield document.problem(f"channels.{name}.url", "is not an address that apprise understands", hint)
