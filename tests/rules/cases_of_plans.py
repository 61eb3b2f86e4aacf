"""Planned work: not a moment before its margin begins."""

from collections.abc import Mapping
from dataclasses import replace

from tests.rules.case import ONE, Case
from tests.rules.plans import PERIOD, SOON, WORK, cut, planned_cut
from tests.rules.scene import province, selector, values

_TITLE = selector("planned_work_info", province="04", work=WORK, kind="power", title="Thay máy biến áp", job="facts")
CASES: Mapping[str, Case] = {
    "PlannedWork": Case(
        province(3, 600) | cut(300, 480, 600, [ONE]) | {_TITLE: values((1, 600))},
        quiet=225,
        fires=240,
        firing=replace(
            planned_cut(ONE),
            vi=f"Trung tâm xã 1: cắt điện theo kế hoạch, {PERIOD} (Thay máy biến áp)",
            en=f"Trung tâm xã 1: planned power cut, {PERIOD} (Thay máy biến áp)",
        ),
        settings=SOON,
    ),
}
