"""`communewatch dashboards build | publish`: boards to files, boards to a running Grafana."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from collectors.core.values import Secret, Url
from dashboards.boards import BOARDS
from dashboards.grafana import to_json

FOLDER = "communewatch"


def main(argv: Sequence[str]) -> int:
    """Exit status: 0 done; 1 Grafana could not be asked, or refused; 2 wrong use."""
    arguments = _parser().parse_args(argv)
    if arguments.verb == "build":
        return _build(arguments.out)
    return _publish(arguments.url, arguments.token_file, arguments.folder)


def _build(out: Path) -> int:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for board in BOARDS:
            path = out / f"{board.uid}.json"
            path.write_text(to_json(board, BOARDS), encoding="utf-8")
            print(path)
    except OSError as error:
        return _complain(f"cannot write to {out}: {error.strerror or error}", 2)
    return 0


def _publish(url: Url, token_file: Path, folder: str) -> int:
    from dashboards.publish import Grafana, PublishError  # noqa: PLC0415 - the client costs 25 MB, and build needs none

    token = _token(token_file)
    if isinstance(token, str):
        return _complain(token, 2)
    try:
        with closing(Grafana(url, token)) as grafana:
            plan = grafana.plan(folder, [to_json(board, BOARDS) for board in BOARDS])
            for step in plan.steps:
                print(step)
            grafana.apply(plan)
    except PublishError as error:
        return _complain(str(error), 1)
    return 0


def _token(path: Path) -> Secret | str:
    """The token in the file, or what is wrong with it."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        return f"cannot read a token from {path}: {getattr(error, 'strerror', None) or 'it is not plain text'}"
    if not text or any(character.isspace() for character in text):
        return f"{path} should hold one token and nothing else"
    return Secret(text)


def _complain(text: str, status: int) -> int:
    print(f"communewatch dashboards: {text}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="communewatch dashboards", description="Grafana boards as code.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    build = verbs.add_parser("build", help="write every board as a JSON file for Grafana's file provisioning")
    build.add_argument("--out", required=True, type=Path, metavar="DIR", help="made where it does not exist")
    publish = verbs.add_parser("publish", help="show what would change in a running Grafana, then change it")
    publish.add_argument("--url", required=True, type=_url, help="of Grafana, with its path: https://host/grafana")
    publish.add_argument(
        "--token-file", required=True, type=Path, metavar="FILE", help="holds the token of a service account (Editor)"
    )
    publish.add_argument("--folder", default=FOLDER, metavar="TITLE", help="made where it is missing (%(default)s)")
    return parser


def _url(text: str) -> Url:
    try:
        return Url.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
