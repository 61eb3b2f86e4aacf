"""Download and upload by plain HTTP: the second, usual method, against any public server, for partners who ask.

One file over one connection, slow start included, as QCVN 34:2022 has the rate of a sample: bytes by time. It needs no
responder of ours, floods the line for as long as the file lasts, and reads low beside the office's own traffic; what it
says is what a browser gets. The line's own capacity is the matter of the collector `capacity`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from collectors.core import Kind, Lane, Metric, Ports, Reading, Reason, Sample, Schedule
from collectors.core.ports import Direction, HttpExchange, HttpRequest
from collectors.core.values import Url

LEAST_SECONDS = 1.0  # a shorter transfer is mostly slow start
_STALL = 5.0  # seconds without a byte
_HEADERS = 1.05  # IP bytes for each byte of a file
_MEGABIT = 125_000
_EACH = ("direction",)

RATE = Metric(
    "link_http_bytes_per_second", Kind.GAUGE, "Bytes of a file by the time of its transfer over HTTP, start included.",
    _EACH,
)  # fmt: skip
SECONDS = Metric("link_http_transfer_seconds", Kind.GAUGE, "How long the last transfer over HTTP took.", _EACH)
USED = Metric("link_http_used_bytes", Kind.GAUGE, "Bytes of files that the last transfer over HTTP moved.", _EACH)
TIMESTAMP = Metric("link_http_timestamp_seconds", Kind.GAUGE, "When the last transfers over HTTP ended, Unix time.")


@dataclass(frozen=True, slots=True)
class Target:
    """A file to fetch, where to post one to (nowhere if left out), and how much of either at most."""

    url: Url
    upload: Url | None = None
    max_bytes: int = 10_000_000
    monthly_bytes: int = 0

    def check(self) -> Iterable[tuple[str, str]]:
        if not 1_000_000 <= self.max_bytes <= 100_000_000:
            yield "max_bytes", "should be between 1000000 and 100000000"
        if 0 < self.monthly_bytes < self.most_bytes:
            yield "monthly_bytes", f"is less than one run may use ({self.most_bytes})"

    @property
    def most_bytes(self) -> int:
        """Of one run, at the IP layer."""
        return round((2 if self.upload else 1) * self.max_bytes * _HEADERS)


@dataclass(frozen=True, slots=True)
class _Finding:
    """One direction. size: bytes of the file that were moved; rate None: no figure, and `text` says why."""

    direction: Direction
    result: Reason
    text: str
    size: int = 0
    seconds: float = 0.0
    rate: float | None = None


class WebSpeed:
    """See above."""

    name = "webspeed"
    target = Target
    metrics = (RATE, SECONDS, USED, TIMESTAMP)
    schedule = Schedule(every=86400, timeout=60, lane=Lane.BULK)
    needs = frozenset(("http",))

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """Down, then up where there is an address for it, each within its share of the time."""
        share = timeout / (2 if target.upload else 1)
        request = HttpRequest(target.url, max_body=target.max_bytes, max_kept=0, stall=_STALL, version="1.1")
        seen: dict[Direction, HttpExchange] = {"down": await ports.http.exchange(request, share)}
        findings = [_download(seen["down"])]
        if target.upload:
            body = Random(0).randbytes(target.max_bytes)  # noqa: S311 - no secret: it must only not be compressible
            upload = HttpRequest(target.upload, "POST", _BINARY, body, max_body=100_000, max_kept=0, version="1.1")
            seen["up"] = await ports.http.exchange(upload, share)
            findings.append(_upload(seen["up"], len(body)))
        failures = [finding.result for finding in findings if finding.result is not Reason.OK]
        return Reading(
            failures[0] if failures else Reason.OK,
            (*(sample for finding in findings for sample in _samples(finding)), TIMESTAMP(ports.clock.now())),
            {
                f"{direction} {phase}": seconds
                for direction, one in seen.items()
                for phase, seconds in one.phases.items()
            },
            tuple(f"{finding.direction}: {finding.text}" for finding in findings),
            used_bytes=round(sum(finding.size for finding in findings) * _HEADERS),
        )


COLLECTOR = WebSpeed()
_BINARY = (("Content-Type", "application/octet-stream"),)


def _download(seen: HttpExchange) -> _Finding:
    """From the first byte to the last, or to the bound."""
    return _judge("down", seen, seen.body_size, seen.phases.get("transfer", 0.0))


def _upload(seen: HttpExchange, size: int) -> _Finding:
    """From the first byte to the answer, without the round trip that the answer takes.

    What a server that answered with a failure, or not at all, has taken is not known: all of it counts as used.
    """
    if "processing" not in seen.phases:
        size = 0
    return _judge("up", seen, size, seen.phases.get("processing", 0.0) - seen.phases.get("connect", 0.0))


def _judge(direction: Direction, seen: HttpExchange, size: int, seconds: float) -> _Finding:
    if seen.failure:
        return _Finding(direction, seen.failure.reason, f"no figure: {seen.failure.message}", size)
    if (refusal := _refusal(seen.status or 0)) is not None:
        return _Finding(direction, refusal, f"no figure: the server answers with status {seen.status}", size)
    if seconds < LEAST_SECONDS:
        text = f"no figure: {size / 1e6:.2f} MB took {max(0.0, seconds):.2f} s, too short to tell; take a larger file"
        return _Finding(direction, Reason.INVALID, text, size, max(0.0, seconds))
    rate = size / seconds
    text = f"{rate / _MEGABIT:.2f} Mbit/s by HTTP, {size / 1e6:.2f} MB in {seconds:.2f} s, {seen.address}"
    return _Finding(direction, Reason.OK, text, size, seconds, rate)


def _refusal(status: int) -> Reason | None:
    """Why an answer with this status is no transfer."""
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return Reason.REDIRECT
    if status in (403, 429):
        return Reason.BLOCKED
    return Reason.ERROR if status >= 500 else Reason.CONTENT


def _samples(finding: _Finding) -> Iterator[Sample]:
    yield USED(finding.size, direction=finding.direction)
    if finding.rate is not None:
        yield RATE(finding.rate, direction=finding.direction)
        yield SECONDS(finding.seconds, direction=finding.direction)
