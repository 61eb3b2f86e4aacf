"""What tests ask of the machine: programs from Debian, the folder shared beside the checkout, root.

On a laptop a missing thing skips the test and says why; with CI=true it fails, so that nothing is left out unseen.
"""

import os
from pathlib import Path
from typing import NoReturn

import pytest

from tests.tools import debian


def tool(name: str) -> Path:
    """The path of a program in tests/tools/catalogue.py, to be executed as it is."""
    try:
        return debian.program(name)
    except debian.MissingProgramError as problem:
        skip_or_fail(str(problem))


def needs_root() -> None:
    """For tests that make network namespaces."""
    if os.geteuid() != 0:
        skip_or_fail("needs root (network namespaces)")


def shared(*parts: str) -> Path:
    """A path in the folder `shared` beside the checkout. Tests read it in place; without that folder they skip."""
    folder = debian.CHECKOUT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("there is no folder `shared` beside the checkout")
    return folder.joinpath(*parts)


def skip_or_fail(reason: str) -> NoReturn:
    """Skip on a laptop, fail where everything must be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
