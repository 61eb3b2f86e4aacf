"""`python -m tests.lab`: start a lab and show it; with an order: tell the running one what to do. See docs/lab.md."""

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Sequence

from tests.lab import control, orders, register, view
from tests.lab.errors import LabError
from tests.lab.lab import Lab
from tests.lab.start import running
from tests.lab.terminal import Lines, Screen, Terminal
from tests.tools.debian import FetchError, MissingProgramError

LOOK = 1.0  # seconds between two looks at the lab
OFFICES = [office.name for office in register.OFFICES]


def main(argv: Sequence[str]) -> int:
    """0 = ended as asked, 1 = never all green, failed, or an order refused, 2 = wrong use."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    try:
        if arguments.order:
            orders.parse(arguments.order, OFFICES)
    except LabError as problem:
        parser.error(str(problem))
    try:
        if arguments.order:
            print(control.send(control.choose(arguments.lab), arguments.order))
            return 0
        return asyncio.run(_run(arguments))
    except (LabError, FetchError, MissingProgramError) as problem:
        print(f"lab: {problem}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.lab",
        description="A small province on this machine, until Ctrl-C. With an ORDER: tell the running lab what to do.",
        epilog=f"orders:\n{orders.USAGE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--until-green", type=float, metavar="SECONDS", help="end once all is green; 1 if it never is")
    parser.add_argument("--for", dest="duration", type=float, metavar="SECONDS", help="end after so long")
    parser.add_argument("--loopback", action="store_true", help="do without namespaces, as for users other than root")
    parser.add_argument("--lab", type=int, metavar="NUMBER", help="which lab an order is for, where several run")
    parser.add_argument("order", nargs=argparse.REMAINDER, metavar="ORDER", help="see below")
    return parser


async def _run(arguments: argparse.Namespace) -> int:
    """The lab from start to end. A signal ends it; a second one does not disturb the cleaning up."""
    loop, this = asyncio.get_running_loop(), asyncio.current_task()
    ended = asyncio.Event()

    def end() -> None:
        if this and not ended.is_set():
            ended.set()
            this.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, end)
    try:
        async with running(_progress, loopback=arguments.loopback) as lab:
            try:
                return await _watch(lab, arguments)
            finally:
                ended.set()
    except asyncio.CancelledError:
        return 0 if arguments.until_green is None else 1


def _progress(text: str) -> None:
    print(f"lab: {text}", file=sys.stderr, flush=True)


async def _watch(lab: Lab, arguments: argparse.Namespace) -> int:
    """Show the lab and take orders until it is time to end."""

    async def obey(words: Sequence[str]) -> str:
        order = orders.parse(words, OFFICES)
        if isinstance(order, orders.Status):
            picture = view.full(await lab.state(), lab.addresses, _headline(lab), time.time())
            return view.COLOURS.sub("", "\n".join(picture))
        await lab.obey(order)
        return f"done: {' '.join(words)}"

    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    screen: Screen = Terminal(sys.stdout, lab.addresses, obey) if interactive else Lines(sys.stdout, lab.addresses)
    async with await control.serve(lab.folder, obey):
        try:
            return await _look(lab, screen, arguments)
        finally:
            screen.close()


async def _look(lab: Lab, screen: Screen, arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    while True:
        state = await lab.state()
        screen.show(state, _headline(lab), time.time())
        passed = time.monotonic() - began
        if arguments.until_green is not None and state.green:
            _progress(f"all green after {passed:.0f} s")
            return 0
        if arguments.until_green is not None and passed > arguments.until_green:
            raise LabError(f"not all green after {passed:.0f} s:\n" + "\n".join(view.open_questions(state)))
        if arguments.duration is not None and passed > arguments.duration:
            return 0
        await asyncio.sleep(LOOK)


def _headline(lab: Lab) -> str:
    where = "namespaces, shaped links" if lab.shaped else "loopback only, no links (root makes them)"
    return f"lab {lab.number}: {len(lab.offices)} offices, {where}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
