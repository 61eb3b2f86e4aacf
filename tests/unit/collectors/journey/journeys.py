"""Journeys for tests: written as in agent.yml, walked over pages in memory, in virtual time."""

from collectors.core import Reading
from collectors.core.decode import decode_text
from collectors.journey import COLLECTOR
from collectors.journey.target import Target
from tests.fakes import time
from tests.fakes.http import FakeHttp
from tests.fakes.ports import FakePorts


def decode(text: str) -> Target:
    return decode_text(text, Target, "agent.yml").value


def walk(text: str, http: FakeHttp, timeout: float = 60.0) -> Reading:
    async def run() -> Reading:
        return await COLLECTOR.collect(decode(text), FakePorts(http=http), timeout)

    return time.run(run())


def values(reading: Reading) -> dict[str, float]:
    return {
        "/".join((sample.metric.name.removeprefix("journey_"), *(value for _, value in sample.labels))): sample.value
        for sample in reading.samples
    }
