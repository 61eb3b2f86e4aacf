"""`python -m tests.tools fetch [--group lab|bench|browser]` and `python -m tests.tools path NAME`."""

import argparse
import sys
from collections.abc import Sequence

from tests.tools import debian
from tests.tools.catalogue import GROUPS


def main(argv: Sequence[str]) -> int:
    """Exit status 0 when everything asked for is there, 1 when not."""
    arguments = _parser().parse_args(argv)
    try:
        if arguments.verb == "path":
            print(debian.program(arguments.name))
        else:
            for group in GROUPS:
                if not arguments.group or group.name in arguments.group:
                    debian.fetch(group)
    except (debian.FetchError, debian.MissingProgramError) as problem:
        debian.say(str(problem))
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.tools", description=debian.__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    fetch = verbs.add_parser("fetch", help="unpack Debian's programs into the cache")
    fetch.add_argument("--group", action="append", choices=[group.name for group in GROUPS], help="default: all")
    path = verbs.add_parser("path", help="print where a program is")
    path.add_argument("name")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
