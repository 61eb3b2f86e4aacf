"""An office of the lab that pushes, by the way that a province gives it: its certificate, the gateway, the store."""

from functools import partial

import pytest

from dashboards.boards import BOARDS, uids
from tests.end_to_end.conftest import Duty
from tests.lab.observe import COMPLETE
from tests.lab.orders import LinkAction
from tests.lab.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]

NUMBER = "agent_scrape_number"
AWAY = f"time() - timestamp({NUMBER}) > 10"
WHOLE = f"max_over_time({NUMBER}[1h]) and on (office) {COMPLETE} == 1"
LOOKS = 4  # that an office takes in that time, at least


async def test_what_was_measured_behind_a_cut_line_arrives_and_nobody_is_woken(duty: Duty) -> None:
    """A cut shorter than what counts as silence, so the only news of it are the figures themselves."""
    ask = duty.lab.observer.query
    (before,) = await ask(WHOLE)
    await duty.lab.link("office4", LinkAction.CUT)
    await eventually(partial(ask, AWAY), bool, "figures that do not come", within=60)
    await duty.lab.link("office4", LinkAction.RESTORE)
    filled = f"{WHOLE} and on (office) {NUMBER} >= {before.value + LOOKS}"
    await eventually(partial(ask, filled), bool, "all of them, without a gap", within=120)
    assert await duty.notifications() == ()


async def test_the_gateway_knows_the_office_by_its_certificate(duty: Duty) -> None:
    office = duty.lab.offices["office4"].entry
    (known,) = await duty.lab.observer.query("gateway_office_certificate_expiry_timestamp_seconds - time()")
    assert known.labels["office"] == office.id
    assert 89 < known.value / 86400 < 90


async def test_the_board_shows_what_the_office_pushes(duty: Duty) -> None:
    office = next(board for board in BOARDS if board.uid == uids.OFFICE)
    row = next(row for row in office.rows if row.key == "pushed")
    expressions = [query.expression for panel in row.panels for query in panel.queries]
    for expression in expressions[:-1]:  # its certificate is looked at once a day
        asked = expression.replace("$office", duty.lab.offices["office4"].entry.id).replace("$__rate_interval", "1m")
        assert await duty.lab.observer.query(asked), asked
