"""`communewatch gateway run|check --config gateway.yml`."""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from agent import log
from agent.gateway import papers
from agent.gateway.config import GatewaySettings
from agent.gateway.offices import day
from agent.gateway.run import serve
from collectors.core.decode import DecodeError, decode_file


def main(argv: Sequence[str]) -> int:
    """Exit status: 0 fine, 1 an address cannot be had or a certificate has expired, 2 wrong use or wrong files."""
    parser = argparse.ArgumentParser(
        prog="communewatch gateway", description="The way in for the offices' measurements."
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    purposes = {"run": "take and hand on until stopped", "check": "check the configuration and its files"}
    for verb, purpose in purposes.items():
        command = verbs.add_parser(verb, help=purpose, description=purpose)
        command.add_argument("--config", type=Path, required=True, metavar="FILE", help="gateway.yml")
    arguments = parser.parse_args(argv)
    try:
        settings = decode_file(arguments.config, GatewaySettings).value
        found = papers.read(settings)
        papers.context(settings)
    except (DecodeError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return _run(settings, found) if arguments.verb == "run" else _check(settings, found)


def _check(settings: GatewaySettings, found: papers.Papers) -> int:
    print(f"{len(found.identities.offices)} offices, {len(found.revoked)} revoked certificates -> {settings.store.url}")
    ended = False
    for file, ends in found.expiries:
        late = ends < time.time()
        ended |= late
        print(f"  {file:<10} {'ended' if late else 'good until'} {day(ends)}")
    print("  offices' certificates are renewed here" if found.signer else "  no certificates are renewed here")
    return 1 if ended else 0


def _run(settings: GatewaySettings, found: papers.Papers) -> int:
    log.set_up()
    try:
        asyncio.run(serve(settings, found))
    except OSError as error:
        print(f"the gateway cannot start: {error}", file=sys.stderr)
        return 1
    return 0
