"""The pictures of the README, taken from a running lab: its live view, and an officers' page in trouble.

usage: python -m tests.lab.picture [FOLDER]        default: docs/images
"""

import asyncio
import html
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.lab import view
from tests.lab.errors import LabError
from tests.lab.lab import Lab
from tests.lab.orders import PowerAction
from tests.lab.process import CHECKOUT
from tests.lab.services import Condition
from tests.lab.start import running
from tests.lab.state import State
from tests.tools import debian
from tests.tools.catalogue import BROWSER

CLASSES = {view.GREEN: "green", view.RED: "red", view.YELLOW: "yellow", view.BOLD: "bold"}
PAGE = """\
<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #16191d; color: #d7dbe0 }}
pre {{ font: 15px/1.45 "Noto Sans Mono", "DejaVu Sans Mono", monospace; padding: 18px 22px; margin: 0 }}
i {{ font: normal 14.5px "Noto Sans"; display: inline-block; width: 9.03px; text-align: center }}
.green {{ color: #57c777 }} .red {{ color: #ff6b6b }} .yellow {{ color: #e8c34a }} .bold {{ font-weight: bold }}
</style><pre>{lines}</pre>
"""
# Vietnamese letters, which common monospaced fonts draw badly; another font must not disturb the columns.
FOREIGN = re.compile("[\u0180-\uffff]")
OFFICE = "office2"


def page(lines: Sequence[str]) -> str:
    """Coloured lines as an HTML document."""
    return PAGE.format(lines="\n".join(map(_marked_up, lines)))


def _marked_up(line: str) -> str:
    parts = []
    for part in re.split(f"({view.COLOURS.pattern})", line):
        if part in CLASSES:
            parts.append(f'<span class="{CLASSES[part]}">')
        else:
            parts.append("</span>" if part == view.PLAIN else html.escape(part))
    return FOREIGN.sub(r"<i>\g<0></i>", "".join(parts))


async def shoot(url: str, picture: Path, width: int, height: int) -> None:
    """A screenshot by headless Chromium."""
    with tempfile.TemporaryDirectory() as profile:
        size = ("--hide-scrollbars", f"--window-size={width},{height}", f"--screenshot={picture}")
        argv = (str(debian.program("chromium")), "--headless", "--no-sandbox", f"--user-data-dir={profile}", *size, url)
        quiet = asyncio.subprocess.DEVNULL
        browser = await asyncio.create_subprocess_exec(*argv, stdin=quiet, stdout=quiet, stderr=quiet)
        status = await browser.wait()
    if status != 0:
        raise LabError(f"chromium made no picture of {url}: exit status {status}")


async def trouble(lab: Lab) -> State:
    """A power cut in one office and a frozen portal, both told to the phone."""
    await lab.until(lambda state: state.green, "all green", within=120)
    await lab.power(OFFICE, PowerAction.CUT)
    await lab.service("portal", Condition.FROZEN)
    return await lab.until(lambda state: len(state.notifications) >= 2, "two notifications", within=120)


async def take(folder: Path) -> None:
    """Both pictures."""
    debian.fetch(BROWSER)
    async with running(print) as lab:
        state = await trouble(lab)
        lines = view.full(state, lab.addresses, f"lab {lab.number}: {len(lab.offices)} offices", time.time())
        document = lab.folder / "view.html"
        document.write_text(page(lines), encoding="utf-8")
        columns = max(len(view.COLOURS.sub("", line)) for line in lines)
        await shoot(document.as_uri(), folder / "lab.png", columns * 9 + 60, len(lines) * 22 + 36)
        await shoot(f"http://{lab.offices[OFFICE].agent_address}/", folder / "status-page.png", 1280, 680)


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1]) if len(sys.argv) > 1 else CHECKOUT / "docs" / "images"))
