"""Reading what people were told."""

from collectors.core.logline import logline
from tests.campaign.notices import Notice, told
from tests.campaign.peer import told as told_by_peer
from tests.campaign.sink import Delivery


def test_a_channels_nth_message_is_its_nth_line_in_the_relays_log() -> None:
    log = [
        f"time=x level=INFO {logline('delivered', channel='a', status='firing', alert='OnBattery', office='1-1,2-1')}",
        "time=x level=INFO event=retry channel=a",
        f"time=x level=INFO {logline('delivered', channel='b', status='resolved', alert='LinkDown')}",
        f"time=x level=INFO {logline('delivered', channel='a', status='resolved', alert='OnBattery')}",
    ]
    messages = {"a": [Delivery(1, "x"), Delivery(3, "y")], "b": [Delivery(2, "z")]}
    assert [*told(messages, log)] == [
        Notice(1, "a", True, "OnBattery", office="1-1,2-1"),
        Notice(3, "a", False, "OnBattery"),
        Notice(2, "b", False, "LinkDown"),
    ]


def test_a_message_of_the_plain_rules_names_all_its_offices() -> None:
    labels = {"alertname": "ProbeFailed", "cause": "service", "scope": "office", "province": "04"}
    alerts = [{"status": "firing", "labels": {**labels, "office": office}} for office in ("a", "b")]
    over = {"status": "resolved", "labels": {**labels, "office": "c"}}
    content = {"status": "firing", "alerts": [*alerts, over]}
    (notice,) = told_by_peer([(7, content)])
    assert (notice.office, notice.province, notice.cause, notice.firing) == ("a,b", "04", "service", True)
