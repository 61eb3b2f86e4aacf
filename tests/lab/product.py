"""Running the product's own verbs, as a person in the province would."""

import asyncio
import sys

from tests.lab.errors import LabError
from tests.lab.process import CHECKOUT

COMMAND = (sys.executable, "-m", "communewatch")


async def communewatch(*arguments: str) -> str:
    """Run a verb to its end. LabError with what it said unless its exit status is 0."""
    running = await asyncio.create_subprocess_exec(
        *COMMAND,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=CHECKOUT,
    )
    output, _ = await running.communicate()
    if running.returncode != 0:
        raise LabError(f"communewatch {' '.join(arguments)}: exit status {running.returncode}\n{output.decode()}")
    return output.decode()
