"""A planned cut of power in the lab, told as a power company tells it: a table, taken over by the product."""

import csv
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

from collectors.core.values import VIETNAM
from tests.lab.product import communewatch

_HEADING = ("Mã lịch", "Trụ sở", "Thời gian từ", "Thời gian đến", "Lý do")


def table(office: str, start: datetime, seconds: float) -> str:
    """As Excel writes it in Vietnam."""
    ends = start + timedelta(seconds=seconds)
    times = (f"{moment.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}" for moment in (start, ends))
    text = StringIO()
    csv.writer(text, delimiter=";").writerows([_HEADING, (f"LAB-{office}", office, *times, "Thay máy biến áp")])
    return text.getvalue()


async def announce(folder: Path, office: str, start: datetime, seconds: float) -> None:
    """The office (its id) may lose power from `start` on for so long; rules know it with the next look at the facts."""
    path = folder / "planned.csv"
    path.write_text(table(office, start, seconds), encoding="utf-8")
    inventory = str(folder / "inventory")
    await communewatch("inventory", "planned", "import", str(path), inventory, "--kind", "power")
    await communewatch("inventory", "render", "--out", str(folder / "rendered"), inventory)
