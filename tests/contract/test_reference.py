"""The reference pages say what the code says."""

import pytest

from tests.render import pages
from tests.tools.debian import CHECKOUT


@pytest.mark.parametrize("path", sorted(pages()))
def test_a_reference_page_is_what_make_render_writes(path: str) -> None:
    assert (CHECKOUT / path).read_text(encoding="utf-8") == pages()[path], "run: make render"
