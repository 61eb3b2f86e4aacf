"""The ways in which a link's rate is measured, best first. A contract is judged by one of them and names it.

capacity  what the link carries, whoever uses it, at the IP layer: the operator's part
goodput   what one TCP flow got beside the office's own traffic: the payload, as QCVN 34:2022 has the rate of a sample
iperf3    the same by iperf3, slow start included
http      the same of a file over HTTP, slow start included: what a browser gets
"""

from dataclasses import dataclass
from enum import StrEnum

from collectors import iperf3, webspeed
from collectors.bandwidth import metrics as bandwidth
from collectors.capacity import metrics as capacity
from collectors.core import Metric


class Method(StrEnum):
    """A closed list, and the label `method`; the first that has spoken of late is the one that judges."""

    CAPACITY = "capacity"
    GOODPUT = "goodput"
    IPERF3 = "iperf3"
    HTTP = "http"


@dataclass(frozen=True, slots=True)
class Doubts:
    """What a method says of its own tests, by direction.

    valid     whether the last one gave an honest figure
    doubt     the reasons why it did not
    own_load  bytes per second that the office itself moved beside it
    """

    valid: Metric
    doubt: Metric
    own_load: Metric


@dataclass(frozen=True, slots=True)
class Source:
    """Where a method's results are found, by direction but for `stamp`.

    collector  the name of the probe
    rate       bytes per second; only of a good test
    stamp      when the test ended, Unix time
    used       bytes of the last test
    doubts     None = a test without a figure says nothing more
    """

    method: Method
    collector: str
    rate: Metric
    stamp: Metric
    used: Metric
    doubts: Doubts | None = None


SOURCES = (
    Source(
        Method.CAPACITY, "capacity", capacity.CAPACITY, capacity.TIMESTAMP, capacity.USED,
        Doubts(capacity.VALID, capacity.DOUBT, capacity.OWN_LOAD),
    ),
    Source(
        Method.GOODPUT, "bandwidth", bandwidth.GOODPUT, bandwidth.TIMESTAMP, bandwidth.USED,
        Doubts(bandwidth.VALID, bandwidth.DOUBT, bandwidth.OWN_LOAD),
    ),
    Source(Method.IPERF3, "iperf3", iperf3.RATE, iperf3.TIMESTAMP, iperf3.USED),
    Source(Method.HTTP, "webspeed", webspeed.RATE, webspeed.TIMESTAMP, webspeed.USED),
)  # fmt: skip
