"""`communewatch agent run|check --config agent.yml`, `communewatch agent buffer ...`."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from agent import log
from agent.buffer import cli as buffer
from agent.config import Configuration, Fingerprint, fingerprint, load
from collectors.core.decode import DecodeError

_OF_CERTIFICATES = {
    "request": "print the request for the office's first certificate",
    "renew": "ask the gateway for the next one where that is due",
}


def main(argv: Sequence[str]) -> int:
    """Exit status: 0 fine, 1 the pages' address is taken, 2 wrong use or configuration."""
    parser = argparse.ArgumentParser(prog="communewatch agent", description="The agent of one commune office.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    purposes = {"run": "probe and serve until stopped", "check": "check the configuration and say what it does"}
    for verb, purpose in purposes.items():
        command = verbs.add_parser(verb, help=purpose, description=purpose)
        command.add_argument("--config", type=Path, required=True, metavar="FILE", help="the office's agent.yml")
    verbs.add_parser("buffer", add_help=False, help="inspect|verify|export what is kept until it is sent")
    for verb, purpose in _OF_CERTIFICATES.items():
        verbs.add_parser(verb, add_help=False, help=purpose)
    if argv and argv[0] in _OF_CERTIFICATES:
        # Deferred: the library for certificates is big, and no other verb needs it.
        from agent.certificate import cli as certificate  # noqa: PLC0415

        return certificate.main(argv)
    if argv[:1] == ["buffer"]:
        return buffer.main(argv[1:])
    arguments = parser.parse_args(argv)
    seen = fingerprint(arguments.config)
    try:
        configuration = load(arguments.config)
    except DecodeError as error:
        print(error, file=sys.stderr)
        print(f"{len(error.problems)} problem(s): nothing was started", file=sys.stderr)
        return 2
    return _run(arguments.config, seen, configuration) if arguments.verb == "run" else _check(configuration)


def _check(configuration: Configuration) -> int:
    settings = configuration.settings
    office = f"{settings.identity.office} ({settings.name.vi})"
    print(f"{office}: {len(configuration.probes)} probes, pages on {settings.listen}")
    for probe in configuration.probes:
        schedule = probe.schedule
        print(f"  {probe.key:<32} every {schedule.every:g} s, at most {schedule.timeout:g} s, {schedule.lane}")
    if settings.last_word:
        print(f"  the last word goes to {settings.last_word.url}")
    if settings.push:
        for name, receiver in settings.push.receivers.items():
            print(f"  everything is sent to {name}: {receiver.url}")
    return 0


def _run(path: Path, seen: Fingerprint, configuration: Configuration) -> int:
    # Deferred: `agent check` works where the libraries that talk to the world are not installed.
    from agent.service import serve  # noqa: PLC0415

    log.set_up()
    try:
        asyncio.run(serve(path, seen, configuration))
    except OSError as error:
        print(f"cannot serve on {configuration.settings.listen}: {error}", file=sys.stderr)
        print("another agent may be running; set `listen:` in agent.yml to a free address", file=sys.stderr)
        return 1
    return 0
