"""What windows still remember when a fault is over is no fault of its own."""

from pathlib import Path

from tests.rules.cases import ONE
from tests.rules.scene import Scene, province, values

BACK, END = 720, 1500
AFTER = dict.fromkeys(range(BACK + 135, END, 15), ())


def test_a_link_that_comes_back_has_not_become_a_lossy_one(tmp_path: Path) -> None:
    series = province(3, END)
    series |= {ONE.series("link_up", link="wan1"): values((1, 120), (0, BACK - 120), (1, END - BACK))}
    series |= {ONE.series("link_up", link="wan2"): values((1, END))}
    series |= {
        ONE.series("link_hop_loss_ratio", link="wan1", hop="first_hop"): values(
            (0, 120), (1, BACK - 120), (0, END - BACK)
        )
    }
    Scene(series, AFTER).judge(tmp_path)


def test_neither_has_that_of_an_office_that_is_heard_again(tmp_path: Path) -> None:
    heard = {ONE.series("agent_start_time_seconds"): values((1, 120), ("gone", BACK - 120), (1, END - BACK))}
    lost = values((0, 120), ("gone", BACK - 120), (1, 30), (0, END - BACK - 30))
    loss = {ONE.series("link_hop_loss_ratio", link="wan1", hop="first_hop"): lost}
    Scene(province(3, END) | heard | loss, AFTER).judge(tmp_path)
