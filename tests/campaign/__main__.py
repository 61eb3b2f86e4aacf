"""`make campaign`: seeded scenarios in the simulated country, with a report."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from alerts.engines import Engine
from alerts.settings import PRODUCTION
from tests.bench.sections import with_section
from tests.campaign import country, draw, report
from tests.campaign.figures import together
from tests.campaign.run import Outcome, World, watched
from tests.campaign.score import Score
from tests.campaign.truth import Scenario
from tests.lab.process import CHECKOUT

_PAGE, _TITLE = CHECKOUT / "docs" / "campaign.md", "## Figures"
_TRIES = 2  # of a batch that the machine could not keep up with


def main(argv: Sequence[str]) -> int:
    """0 = every batch counted; 1 = the machine was too slow for some."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=204, help="scenarios")
    parser.add_argument("--pace", type=float, default=3.5, help="simulated seconds in a second; 1 = real time")
    parser.add_argument("--at-once", type=int, default=50, help="scenarios, at most")
    parser.add_argument("--provinces", default="", help="codes with commas between; all without")
    parser.add_argument("--kinds", default="", help="only these, by the names in draw_*.py")
    parser.add_argument("--engine", type=Engine, choices=tuple(Engine), default=Engine.PROMETHEUS)
    parser.add_argument("--plain", action="store_true", help="with the plain rules beside ours")
    parser.add_argument("--json", type=Path, help="where to write every incident")
    parser.add_argument("--page", action="store_true", help="write the figures into docs/campaign.md")
    return asyncio.run(_run(parser.parse_args(argv)))


async def _run(arguments: argparse.Namespace) -> int:
    whole = country.build([code for code in arguments.provinces.split(",") if code])
    kinds = [name for name in arguments.kinds.split(",") if name]
    drawn = draw.scenarios(arguments.seed, arguments.count, whole, kinds)
    outcomes: list[Outcome] = []
    counting: list[Outcome] = []
    async with watched(whole, arguments.pace, plain=arguments.plain, engine=arguments.engine) as world:
        for number, batch in enumerate(draw.batches(drawn, arguments.at_once), 1):
            outcome = await _played(world, batch)
            void = "" if outcome.counts else "; VOID"
            print(f"batch {number}: {len(batch)} scenarios, {_machine(outcome, arguments.pace)}{void}", flush=True)
            print(*report.wrong(outcome.score), sep="\n", flush=True)
            outcomes.append(outcome)
            counting = [one for one in outcomes if one.counts]
            if counting:  # after each batch: a campaign that is broken off leaves what it knows
                _write(counting, arguments)
    if counting:
        print(_tables(counting, arguments))
    return 0 if len(counting) == len(outcomes) else 1


async def _played(world: World, batch: Sequence[Scenario]) -> Outcome:
    """Again, where Prometheus or the feeder could not keep up."""
    outcome = await world.play(batch)
    for _ in range(_TRIES - 1):
        if outcome.counts:
            break
        print(f"again: {_machine(outcome, world.clock.pace)}", flush=True)
        outcome = await world.play(batch)
    return outcome


def _machine(outcome: Outcome, pace: float) -> str:
    """How long it was, and how near to its limits the machine."""
    interval = PRODUCTION.windows.evaluation_seconds / pace
    return (
        f"{outcome.lasted:.0f} + {outcome.calm:.0f} s; rules {outcome.took:.1f} of {interval:.1f} s,"
        f" {outcome.missed:.0f} missed; {outcome.late:.0f} s late"
    )


def _tables(outcomes: Sequence[Outcome], arguments: argparse.Namespace) -> str:
    ours, theirs = _scores(outcomes, arguments)
    return report.markdown(ours, theirs)


def _scores(outcomes: Sequence[Outcome], arguments: argparse.Namespace) -> tuple[Score, Score | None]:
    """Ours, and the plain rules' where they ran."""
    ours = together([outcome.score for outcome in outcomes])
    return ours, together([outcome.peer for outcome in outcomes]) if arguments.plain else None


def _write(outcomes: Sequence[Outcome], arguments: argparse.Namespace) -> None:
    if arguments.page:
        page, tables = _PAGE.read_text(encoding="utf-8"), _tables(outcomes, arguments)
        _PAGE.write_text(with_section(page, f"{_made(outcomes, arguments)}\n\n{tables}"), encoding="utf-8")
    if arguments.json:
        arguments.json.write_text(report.as_json(*_scores(outcomes, arguments)), encoding="utf-8")


def _made(outcomes: Sequence[Outcome], arguments: argparse.Namespace) -> str:
    """The section's title, and what its figures stand on."""
    offices = outcomes[0].score.offices
    return (
        f"{_TITLE}\n\nMade on {datetime.now(UTC).date()} with {len(os.sched_getaffinity(0))} shared cores, load average"
        f" {os.getloadavg()[2]:.1f}: {len(outcomes)} batches in {offices} offices, seed {arguments.seed},"
        f" pace {arguments.pace:g}. Void batches are not in it."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
