"""`communewatch rollout bundle|plan|apply`: put the agent and its configuration on offices."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from collectors.core.decode import DecodeError
from inventory import render
from inventory.load import SHIPPED, load
from inventory.model import Inventory, Office, Province
from inventory.rollout import apply, bundle
from inventory.rollout.apply import Result, Wanted
from inventory.rollout.bundle import Bundle, BundleError
from inventory.rollout.facts import Layout
from inventory.rollout.ssh import Login, connect


class _UseError(Exception):
    """What was asked for does not fit the inventory."""


def main(argv: Sequence[str]) -> int:
    """Exit status: 0 all offices are (or would be) as wanted; 1 some cannot be; 2 wrong use, bundle or inventory."""
    arguments = _parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
    except (DecodeError, BundleError, _UseError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="communewatch rollout", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    pack = verbs.add_parser("bundle", help="pack wheels and unit into the archive that offices get")
    pack.add_argument("--wheels", type=Path, required=True, metavar="FOLDER", help="communewatch, its needs, pip")
    pack.add_argument("--units", type=Path, default=Path("deploy/office"), metavar="FOLDER", help="the systemd unit")
    pack.add_argument("--out", type=Path, required=True, metavar="FILE", help="the archive to write")
    pack.set_defaults(run=_bundle)
    purposes = {"plan": (_plan, "look at offices and say what would be done"), "apply": (_apply, "do it")}
    for verb, (run, purpose) in purposes.items():
        command = verbs.add_parser(verb, help=purpose)
        command.add_argument("offices", nargs="*", metavar="OFFICE", help="default: all that have an address")
        command.add_argument("--bundle", type=Path, required=True, metavar="FILE")
        command.add_argument("--inventory", type=Path, default=SHIPPED, metavar="DIR")
        command.add_argument("--identity", type=Path, action="append", default=[], metavar="FILE", help="SSH key")
        command.add_argument("--prefix", default="", help="install below this folder, without systemd (not as root)")
        command.add_argument("--at-once", type=_at_least(1), default=8, metavar="N")
        borne = "so many are borne; after one more no office is begun"
        command.add_argument("--failures", type=_at_least(0), default=3, metavar="N", help=borne)
        command.set_defaults(run=run)
    return parser


def _at_least(least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} should be a whole number of at least {least}")
        return int(text)

    return read


def _bundle(arguments: argparse.Namespace) -> int:
    made = bundle.build(arguments.wheels, arguments.units, arguments.out)
    manifest = made.manifest
    size = arguments.out.stat().st_size / 1e6
    print(f"{made.path}: {manifest.version} for Python {manifest.python} on {manifest.machine}, {size:.1f} MB")
    return 0


def _plan(arguments: argparse.Namespace) -> int:
    packed = bundle.read(arguments.bundle)
    offices = _wanted(load(arguments.inventory), arguments)
    return _report(asyncio.run(_look(offices, packed, arguments)), would=True)


async def _look(offices: Sequence[Wanted], packed: Bundle, arguments: argparse.Namespace) -> tuple[Result, ...]:
    return await apply.everywhere(offices, lambda wanted: apply.look(wanted, packed, connect), arguments.at_once)


def _apply(arguments: argparse.Namespace) -> int:
    packed = bundle.read(arguments.bundle)
    offices = _wanted(load(arguments.inventory), arguments)
    return _report(asyncio.run(_carry_out(offices, packed, arguments)), would=False)


async def _carry_out(offices: Sequence[Wanted], packed: Bundle, arguments: argparse.Namespace) -> tuple[Result, ...]:
    return await apply.in_waves(
        offices,
        lambda wanted: apply.carry_out(wanted, packed, connect, lambda line: print(line, flush=True)),
        arguments.at_once,
        arguments.failures,
    )


def _wanted(inventory: Inventory, arguments: argparse.Namespace) -> list[Wanted]:
    """The chosen offices. One without an address or a host key cannot be reached: that is said, not skipped."""
    chosen = set(arguments.offices)
    if unknown := sorted(chosen - {office.id for office in inventory.offices}):
        raise _UseError(f"the inventory has no office {', '.join(unknown)}")
    wanted: list[Wanted] = []
    problems: list[str] = []
    for province in inventory.provinces.values():
        for office in province.offices:
            if office.id in chosen or (not chosen and office.address):
                problems += _missing(office)
                wanted += _one(office, province, arguments)
    if problems:
        raise _UseError("\n".join(problems))
    if not wanted:
        raise _UseError("no office of this inventory has an address")
    return wanted


def _missing(office: Office) -> Iterator[str]:
    if not office.address:
        yield f"{office.id} has no address in the inventory"
    if not office.ssh_host_key:
        place = "/etc/ssh/ssh_host_ed25519_key.pub"
        yield f"{office.id} has no ssh_host_key in the inventory: read it on the machine itself ({place})"


def _one(office: Office, province: Province, arguments: argparse.Namespace) -> Iterator[Wanted]:
    if office.address:
        ssh = province.ssh
        login = Login(office.address.host, ssh.port, ssh.user, office.ssh_host_key, tuple(arguments.identity))
        config = render.agent(office, province).encode()
        yield Wanted(office.id, config, str(province.agent.listen), login, Layout(arguments.prefix))


def _report(results: Sequence[Result], *, would: bool) -> int:
    for result in results:
        if result.error:
            print(f"{result.office}: {result.error}", file=sys.stderr)
        elif result.plan and would:
            print(f"{result.office}: {result.plan.summary}")
            for step in result.plan.steps:
                print(f"  {step.purpose}")
        elif result.plan:
            print(f"{result.office}: {'done' if result.plan.steps else result.plan.summary}")
    failed = sum(1 for result in results if result.error)
    print(f"{len(results) - failed} of {len(results)} offices {'can be' if would else 'are'} as wanted")
    return 1 if failed else 0
