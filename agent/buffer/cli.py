"""`communewatch agent buffer inspect|verify|export|resend`: what the agent keeps; also while it runs."""

import argparse
import math
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from agent.buffer import export
from agent.buffer.durable import buffer_folder
from agent.buffer.look import look, scrapes
from agent.buffer.present import as_json, as_text, damage, verdict
from agent.uplink.resend import Request, ask
from collectors.core.values import VIETNAM
from collectors.messages import Language, text

_INSTALLED = Path("/var/lib/communewatch/buffer")
_LANGUAGES: tuple[Language, ...] = ("vi", "en")
_PURPOSES = {
    "inspect": "how much is kept, what receivers lack, what happened",
    "verify": "read everything and say what is damaged",
    "export": "the samples with their times, as OpenMetrics text",
    "resend": "have the running agent send again what was measured in some time",
}


def main(argv: Sequence[str]) -> int:
    """Exit status: 0 fine, 1 something is damaged or cannot be read, 2 wrong use."""
    arguments = _parser().parse_args(argv)
    if arguments.verb in ("export", "resend") and not arguments.since < arguments.until:
        print("--since should be before --until", file=sys.stderr)
        return 2
    folder = arguments.folder / "buffer" if (arguments.folder / "buffer").is_dir() else arguments.folder
    try:
        if arguments.verb == "export":
            return _export(folder, arguments.since, arguments.until, arguments.metric)
        if arguments.verb == "resend":
            return _resend(folder, Request(arguments.since, arguments.until, arguments.receiver))
        return (_verify if arguments.verb == "verify" else _inspect)(folder, arguments.json)
    except BrokenPipeError:  # whoever reads the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"{arguments.folder}: {error.strerror or error}", file=sys.stderr)
        _complain("folder")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="communewatch agent buffer", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, purpose in _PURPOSES.items():
        command = verbs.add_parser(verb, help=purpose, description=purpose)
        default = buffer_folder() or _INSTALLED
        command.add_argument(
            "--folder",
            type=Path,
            default=default,
            metavar="DIR",
            help=f"the buffer, or the folder that it is in; default: {default}",
        )
        if verb == "export":
            times = "2026-11-20, 2026-11-20T14:30 (Vietnam's time) or Unix seconds; by the office's wall clock"
            command.add_argument("--since", type=_moment, default=-math.inf, metavar="TIME", help=times)
            command.add_argument(
                "--until", type=_moment, default=math.inf, metavar="TIME", help="likewise, not included"
            )
            command.add_argument("--metric", default="", metavar="NAME", help="only this one")
        elif verb == "resend":
            times = "2026-11-20, 2026-11-20T14:30 (Vietnam's time) or Unix seconds"
            command.add_argument("--since", type=_moment, required=True, metavar="TIME", help=times)
            command.add_argument("--until", type=_moment, required=True, metavar="TIME", help="likewise, not included")
            command.add_argument("--receiver", default="", metavar="NAME", help="only to this one of `push:`")
        else:
            command.add_argument("--json", action="store_true", help="one JSON object instead of text")
    return parser


def _moment(written: str) -> float:
    with suppress(ValueError):
        if math.isfinite(seconds := float(written)):
            return seconds
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is no time; write 2026-11-20T14:30") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).timestamp()


def _inspect(folder: Path, plain: bool) -> int:
    seen = look(folder)
    print(as_json(seen) if plain else as_text(seen))
    return 0


def _verify(folder: Path, plain: bool) -> int:
    seen = look(folder)
    if plain:
        print(as_json(seen))
    else:
        for language in _LANGUAGES:
            print(*damage(seen, language), verdict(seen, language), sep="\n")
    return 1 if seen.damaged else 0


def _resend(folder: Path, request: Request) -> int:
    kept = sum(1 for _ in scrapes(folder, request.since, request.until))
    known = look(folder).taken
    if request.receiver and request.receiver not in known:
        _complain("no_receiver", receiver=request.receiver, known=", ".join(known) or "-")
        return 2
    ask(folder, request)
    _say("asked" if kept else "nothing_kept", scrapes=kept)
    return 0 if kept else 1


def _export(folder: Path, since: float, until: float, metric: str) -> int:
    for line in export.lines(scrapes(folder, since, until), metric):
        print(line)
    return 0


def _say(key: str, /, **facts: object) -> None:
    print(*(text(f"buffer.{key}", language, **facts) for language in _LANGUAGES), sep="\n")


def _complain(key: str, /, **facts: object) -> None:
    print(*(text(f"buffer.{key}", language, **facts) for language in _LANGUAGES), sep="\n", file=sys.stderr)
