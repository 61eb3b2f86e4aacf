"""Lines: down, lossy, slower than their contract."""

import re
from collections.abc import Mapping
from dataclasses import replace

from alerts.rules import groups
from alerts.settings import PRODUCTION
from alerts.texts import LANGUAGES, description
from tests.rules.case import ONE, Case, of_all, office_labels, wide_labels
from tests.rules.lines import capacity, each, line
from tests.rules.scene import Firing, offices, province, selector, values

_LINK_1 = {"link": "wan1", "operator": "vnpt"}
_LINK_FACTS = selector("link_info", **ONE.labels, **_LINK_1, technology="ftth", job="facts")

# A slow link is told sooner: an hour and more would make a long scene.
SOON = replace(PRODUCTION, trends=replace(PRODUCTION.trends, dip_hold_seconds=1200, share_evaluation_seconds=120))
_DOWN = {"direction": "down", "method": "capacity"}
_OTHER_METHOD = r'{{ if eq \$labels.method "(?!capacity)\w+" }}.*?{{ end }}'
_THE_METHOD = r'{{ if eq \$labels.method "capacity" }}(.*?){{ end }}'


def by_capacity(name: str) -> Mapping[str, str]:
    """The descriptions of an alert, with the method's words for the choice between them."""
    (alert,) = (alert for group in groups(SOON) for alert in group.alerts if alert.name == name)
    return {
        f"description_{language}": re.sub(
            _THE_METHOD, r"\1", re.sub(_OTHER_METHOD, "", description(alert, SOON, language))
        )
        for language in LANGUAGES
    }


BELOW_CONTRACT = Firing(
    "BandwidthBelowContract",
    office_labels(ONE, "info", "bandwidth", "office/bandwidth/04001-1/wan1", **_LINK_1, **_DOWN),
    "Trung tâm xã 1: đường truyền wan1 (vnpt), chiều tải xuống, chỉ đạt 75% băng thông hợp đồng",
    "Trung tâm xã 1: the link wan1 (vnpt), down, reaches only 75% of the contracted rate",
    by_capacity("BandwidthBelowContract"),
)  # fmt: skip

LINK_SLOW = Firing(
    "LinkSlow",
    office_labels(ONE, "warning", "bandwidth", "office/bandwidth/04001-1/wan1", **_LINK_1, **_DOWN),
    "Trung tâm xã 1: đường truyền wan1 (vnpt), chiều tải xuống, chậm kéo dài, thấp nhất 75% băng thông hợp đồng",
    "Trung tâm xã 1: the link wan1 (vnpt), down, has been slow for long, down to 75% of the contracted rate",
    by_capacity("LinkSlow"),
)  # fmt: skip

REGION_SLOW = Firing(
    "OperatorRegionSlow",
    wide_labels("warning", "province", "bandwidth", "province/bandwidth/04/vnpt", province="04",
                province_name="Tỉnh 04", operator="vnpt"),
    "Tỉnh 04: nhà mạng vnpt chậm trong một khu vực, 75% số đường truyền đã đo ở đó dưới ngưỡng hợp đồng",
    "Tỉnh 04: the operator vnpt is slow in a region, 75% of its links measured there are below the contract's limit",
)  # fmt: skip

CASES: Mapping[str, Case] = {
    "LinkDown": Case(
        province(3, 600)
        | {_LINK_FACTS: values((1, 600)), ONE.series("link_up", link="wan1"): values((1, 120), (0, 480))}
        | {ONE.series("link_up", link="wan2"): values((1, 600))},
        quiet=120 + 45,
        fires=120 + 60,
        firing=Firing(
            "LinkDown", office_labels(ONE, "warning", "link", "office/link/04001-1", **_LINK_1),
            "Trung tâm xã 1: đường truyền wan1 (vnpt) bị đứt", "Trung tâm xã 1: the link wan1 (vnpt) is down",
        ),
    ),
    "LinkLossy": Case(
        province(3, 600)
        | {_LINK_FACTS: values((1, 600)), ONE.series("link_up", link="wan1"): values((1, 600))}
        | {ONE.series("link_hop_loss_ratio", link="wan1", hop="first_hop"): values((0, 120), (0.5, 480))}
        | {ONE.series("link_hop_loss_ratio", link="wan1", hop="gateway"): values((0, 600))},
        quiet=120 + 210,  # the average of two minutes passes 20 % after 45 s
        fires=120 + 225,
        firing=Firing(
            "LinkLossy", office_labels(ONE, "warning", "link", "office/link/04001-1", **_LINK_1),
            "Trung tâm xã 1: đường truyền wan1 (vnpt) mất 50% gói tin",
            "Trung tâm xã 1: the link wan1 (vnpt) loses 50% of the packets",
        ),
    ),
    "BandwidthBelowContract": Case(
        province(3, 2400) | line(ONE, 2400) | capacity(ONE, 2400, *each(900, 0.75, 300, 2400)),
        quiet=2 * 900 + 285,  # two tests
        fires=2 * 900 + 360,  # the third, at the next look
        firing=BELOW_CONTRACT,
        settings=SOON,
    ),
    "LinkSlow": Case(
        # Two tests in a row are low; the first of them is as good as any.
        province(3, 2100) | line(ONE, 2100) | capacity(ONE, 2100, *each(300, 0.75, 300, 2100)),
        quiet=600 + 1200 - 15,
        fires=600 + 1200,
        firing=LINK_SLOW,
        beside=(BELOW_CONTRACT,),
        settings=SOON,
    ),
    "OperatorRegionSlow": Case(
        province(4, 1200)
        | of_all([line(office, 1200) for office in offices(4)])
        | of_all([capacity(office, 1200, *each(300, 0.75 if office.number < 4 else 1.0, 300, 1200))
                  for office in offices(4)]),
        quiet=600 + 240 - 15,
        fires=600 + 240,
        firing=REGION_SLOW,
        settings=SOON,
    ),
}  # fmt: skip
