"""What three days of an office take: figures that the documentation promises."""

from agent.buffer.quota import Policy
from agent.buffer.receipts import Receipts
from agent.buffer.store import Store
from tests.bench.scrapes import SERIES, scrapes
from tests.fakes.shelf import FakeShelf

HOURS = 3
IN_THREE_DAYS = 2_592_000  # samples


def test_three_days_of_150_series_take_less_than_ten_megabytes() -> None:
    receipts = Receipts(None, Store(FakeShelf()), Policy())
    receipts.open()
    looks = list(scrapes(HOURS * 240))
    for stamp, values in looks:
        receipts.log.append(stamp, values)
    size = sum(one.size for one in receipts.log.segments)
    assert size / (len(looks) * SERIES) * IN_THREE_DAYS < 10e6
    assert [dict(scrape.values) for scrape in receipts.log.read(0, len(looks))] == [values for _, values in looks]
