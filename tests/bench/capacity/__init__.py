"""The capacity probe against lines of known rates, with iperf3 beside it in every cell.

cells     what is tried
traffic   what others send meanwhile
stage     a cell's network
measure   runs the cells
harm     what becomes of web objects meanwhile
table    what becomes of the cells
aims     what was aimed at, and what was found
section  all of it, for docs/benchmarks.md
"""

from tests.bench.capacity.section import measured

__all__ = ["measured"]
