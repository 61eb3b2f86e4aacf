"""Buffers on disks that tests own."""

from agent.buffer.quota import Policy
from agent.buffer.receipts import Receipts
from agent.buffer.scrape import Labels, Scrape, Stamp
from agent.buffer.store import Store
from tests.fakes.shelf import FakeShelf

NOISE: list[Labels] = [(("__name__", "noise"), ("index", str(index))) for index in range(8)]


def values(number: int) -> dict[Labels, float]:
    return {labels: float((number * (index + 3)) % 7919) / 7 for index, labels in enumerate(NOISE)}


def stamp(number: int, apart: float = 15.0) -> Stamp:
    return Stamp("boot", 1000.0 + apart * number, 1_800_000_000.0 + apart * number)


def opened(shelf: FakeShelf, policy: Policy = Policy(), *destinations: str) -> Receipts:  # noqa: B008 - frozen
    receipts = Receipts(None, Store(shelf), policy)
    receipts.destinations = destinations
    receipts.open()
    return receipts


def fill(receipts: Receipts, numbers: range, apart: float = 15.0) -> list[int]:
    return [receipts.log.append(stamp(number, apart), values(number)) for number in numbers]


def read(receipts: Receipts) -> dict[int, Scrape]:
    return {scrape.sequence: scrape for scrape in receipts.log.read(0, 1_000_000)}
