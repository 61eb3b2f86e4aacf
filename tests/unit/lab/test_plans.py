from datetime import UTC, datetime

from inventory.planned import table
from tests.lab import plans


def test_the_labs_table_is_one_that_the_product_reads() -> None:
    text = plans.table("01273-1", datetime(2026, 11, 25, 0, 30, 15, tzinfo=UTC), 90)
    (notice,) = table.read(text, "planned.csv").found
    assert (notice.ref, notice.places) == ("LAB-01273-1", "01273-1")
    assert str(notice.times[0]) == "2026-11-25T07:30:15/2026-11-25T07:31:45"
