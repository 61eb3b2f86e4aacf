"""The contract between what is measured and what runs it.

A collector is a pure function of a target and five ports. It names its metrics as objects, returns one `Reading`, and
knows neither who it is (labels come from the office's configuration) nor when it runs (the agent's schedule decides).
"""

from collectors.core.collector import Collector, Lane, Schedule
from collectors.core.metric import Kind, Metric, Sample
from collectors.core.ports import Ports
from collectors.core.reading import NameFailure, ProbeError, Reading, Reason

__all__ = [
    "Collector",
    "Kind",
    "Lane",
    "Metric",
    "NameFailure",
    "Ports",
    "ProbeError",
    "Reading",
    "Reason",
    "Sample",
    "Schedule",
]
