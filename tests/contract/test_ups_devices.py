"""The page of compared UPSes says what the judges find."""

import pytest

from tests.render import judged_pages, ups_devices
from tests.tools import shared
from tests.tools.debian import CHECKOUT


def test_the_page_of_compared_devices_is_what_make_render_writes() -> None:
    shared("ups")
    written = (CHECKOUT / ups_devices.PATH).read_text(encoding="utf-8")
    if ups_devices.digest() not in written:
        pytest.skip("the page was made from other recordings than those on this machine")
    assert written == judged_pages()[ups_devices.PATH], "run: make render"
