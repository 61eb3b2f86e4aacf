"""`communewatch responder run --listen HOST:PORT --key-file FILE`."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from agent import log
from agent.io.interface import counters, of_default_route
from agent.responder.admission import Limits
from agent.responder.protocol import Bounds, Key
from agent.responder.service import OwnLine, Settings, serve
from collectors.bandwidth.collector import DEFAULT_PORT
from collectors.core.values import HostPort, Secret

_DEFAULTS = Limits()
_MEGABIT = 125_000  # bytes


def main(argv: Sequence[str]) -> int:
    """Exit status: 0 stopped as asked, 1 an address cannot be had, 2 wrong use."""
    arguments = _parser().parse_args(argv)
    try:
        settings = _settings(arguments)
    except (OSError, ValueError) as error:
        print(f"communewatch responder: {error}", file=sys.stderr)
        return 2
    log.set_up()
    try:
        asyncio.run(serve(settings))
    except OSError as error:
        print(f"communewatch responder: cannot listen: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="communewatch responder", description="The far end of bandwidth probes.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run", help="serve until stopped", formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    run.add_argument("--listen", default=f"0.0.0.0:{DEFAULT_PORT}", metavar="HOST:PORT", help="where tests come in")
    run.add_argument("--key-file", required=True, type=Path, metavar="FILE", help="the key that the agents have too")
    run.add_argument("--metrics", metavar="HOST:PORT", help="where /metrics is served; without it, nowhere")
    run.add_argument("--max-tests", type=int, default=_DEFAULTS.tests, metavar="N", help="tests at once")
    run.add_argument("--max-bytes", type=int, default=_DEFAULTS.bounds.size, metavar="N", help="of one test")
    run.add_argument("--max-seconds", type=float, default=_DEFAULTS.bounds.seconds, metavar="N", help="of one test")
    run.add_argument("--line-mbps", type=float, metavar="N", help="own line: no test begins while half of it is in use")
    run.add_argument("--interface", metavar="NAME", help="of that line; without it, the default route's")
    run.add_argument("--hourly-bytes", type=int, default=_DEFAULTS.hourly_bytes, metavar="N", help="of one client")
    return parser


def _settings(arguments: argparse.Namespace) -> Settings:
    """ValueError with what is wrong, OSError when the key cannot be read."""
    if not 1 <= arguments.max_tests <= 1000:
        raise ValueError("--max-tests should be between 1 and 1000")
    if not 1 <= arguments.max_seconds <= 60:
        raise ValueError("--max-seconds should be between 1 and 60")
    if not 100_000 <= arguments.max_bytes <= arguments.hourly_bytes:
        raise ValueError("--max-bytes should be at least 100000, and no more than --hourly-bytes")
    bounds = Bounds.of(arguments.max_bytes, arguments.max_seconds)
    return Settings(
        _address(arguments.listen),
        _read_key(arguments.key_file),
        Limits(arguments.max_tests, bounds, arguments.hourly_bytes),
        _address(arguments.metrics) if arguments.metrics else None,
        _line(arguments),
    )


def _line(arguments: argparse.Namespace) -> OwnLine | None:
    if arguments.line_mbps is None:
        if arguments.interface:
            raise ValueError("--interface needs --line-mbps beside it")
        return None
    if not 1 <= arguments.line_mbps <= 1_000_000:
        raise ValueError("--line-mbps should be between 1 and 1000000")
    name = arguments.interface or of_default_route()
    counters(name)
    return OwnLine(name, arguments.line_mbps * _MEGABIT)


def _address(text: str) -> HostPort:
    """host:port; port 0 lets the system choose."""
    host, _, port = text.rpartition(":")
    if port != "0":
        address = HostPort.parse(text)
        return address if address.port else HostPort(address.host, DEFAULT_PORT)
    return HostPort(HostPort.parse(host).host, 0)


def _read_key(path: Path) -> Key:
    try:
        return Key(Secret(path.read_text(encoding="utf-8")))
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not text; make a key with: openssl rand -hex 32") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}; make one with: openssl rand -hex 32") from None
