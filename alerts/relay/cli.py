"""`communewatch relay run --config relay.yml`."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from alerts.relay.config import RelaySettings
from alerts.relay.run import run
from alerts.relay.sender import is_usable
from collectors.core.decode import DecodeError, Document, Problem, decode_file

_FORMAT = "time=%(asctime)s level=%(levelname)s %(message)s"


def main(argv: Sequence[str]) -> int:
    """0 = ended as asked, 1 = the queue or the port could not be had, 2 = wrong use or configuration."""
    arguments = _parser().parse_args(argv)
    try:
        document = decode_file(arguments.config, RelaySettings)
        if problems := tuple(_unusable(document)):
            raise DecodeError(problems)
    except DecodeError as error:
        print(error, file=sys.stderr)
        return 2
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format=_FORMAT, datefmt="%Y-%m-%dT%H:%M:%S%z")
    try:
        asyncio.run(run(document.value))
    except DecodeError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"the relay cannot start: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="communewatch relay", description="Deliver Alertmanager's notifications.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    verb = verbs.add_parser("run", help="receive and deliver until SIGTERM")
    verb.add_argument("--config", type=Path, required=True, metavar="FILE", help="relay.yml")
    return parser


def _unusable(document: Document[RelaySettings]) -> Iterator[Problem]:
    for name, channel in document.value.channels.items():
        if channel.url and not is_usable(channel.url):
            hint = "see https://github.com/caronc/apprise/wiki for how each service is written, or use log:"
            yield document.problem(f"channels.{name}.url", "is not an address that apprise understands", hint)
