"""`python -m tests.bench.capacity`: runs the comparison and prints its table."""

import argparse
import sys

from tests.bench.capacity.cells import CELLS, FURTHER
from tests.bench.capacity.measure import all_cells
from tests.bench.capacity.table import summary, table


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.capacity", description=__doc__)
    parser.add_argument("--times", type=int, default=6, help="probes per cell and direction")
    parser.add_argument("--seconds", type=int, default=10, help="of iperf3 in each cell and direction; 0 leaves it out")
    parser.add_argument("--only", default="", metavar="TEXT", help="cells whose title holds this")
    parser.add_argument("--further", action="store_true", help="other cells, on which the method was not made")
    arguments = parser.parse_args()
    cells = [
        cell for cell in (FURTHER if arguments.further else CELLS) if arguments.only in f"{cell.title} {cell.company}"
    ]
    tested = []
    for each in all_cells(arguments.times, cells, arguments.seconds):
        tested.append(each)
        print(table([each]).splitlines()[-1], flush=True)
    print(table(tested))
    print(summary(tested))
    return 0


if __name__ == "__main__":
    sys.exit(main())
