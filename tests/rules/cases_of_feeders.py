"""The case of a power cut on one line of the power company. See case.py."""

from collections.abc import Mapping

from tests.rules.case import Case, of_all, ups, wide_labels
from tests.rules.scene import Firing, Office, offices, province, selector, values

FEEDER = "471-E16.1"


def fed(office: Office, seconds: float, feeder: str = FEEDER) -> dict[str, str]:
    """The fact that this line feeds the office."""
    return {selector("office_feeder_info", **office.labels, feeder=feeder, job="facts"): values((1, seconds))}


def cut_of(count: int) -> Firing:
    """`count` of its offices have no power when the message is written."""
    return Firing(
        "FeederPowerLost",
        wide_labels("critical", "feeder", "power", f"feeder/power/04/{FEEDER}", province="04", province_name="Tỉnh 04",
                    feeder=FEEDER),
        f"Tỉnh 04: mất điện lưới trên xuất tuyến {FEEDER}, {count} trụ sở",
        f"Tỉnh 04: mains power lost on the feeder {FEEDER}, {count} offices",
        {"offices": str(count)},
    )  # fmt: skip


CASES: Mapping[str, Case] = {
    "FeederPowerLost": Case(
        province(12, 600)
        | of_all([fed(office, 600) for office in offices(4)])
        | of_all([ups(office, (0, 120), (1, 480)) for office in offices(3)])
        | ups(Office(4), (0, 600)),
        quiet=120 + 15,
        fires=120 + 30,
        firing=cut_of(3),
    ),
}
