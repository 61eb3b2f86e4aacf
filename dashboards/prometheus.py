"""The store's HTTP API (Prometheus's /api/v1, spoken by VictoriaMetrics and Mimir too), read only.

Plain urllib: one question after the other is all that a report or a check needs.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from types import MappingProxyType
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

LARGEST_ANSWER = 512 * 1024 * 1024


class PrometheusError(Exception):
    """The store gave no usable answer; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Series:
    """One series: labels without the metric's name, and (Unix time, value) in ascending time."""

    labels: Mapping[str, str]
    points: Sequence[tuple[float, float]]

    def label(self, name: str) -> str:
        """The value of a label, "" when the series has none of that name (as PromQL sees it)."""
        return self.labels.get(name, "")


class Prometheus:
    """`Prometheus("http://127.0.0.1:9090").query('up', at=time.time())`. Holds no connection open."""

    def __init__(self, url: str, timeout: float = 120.0) -> None:
        self.url = url.rstrip("/")
        self._timeout = timeout

    def query(self, expression: str, at: float) -> list[Series]:
        """The value of an expression at one moment: one point for each series. Raises PrometheusError."""
        return self._ask("query", {"query": expression, "time": f"{at:.3f}"})

    def query_range(self, expression: str, start: float, end: float, step: float) -> list[Series]:
        """The values at start, start + step, ... up to end, at most 11,000 a series. Raises PrometheusError."""
        moments = {"start": f"{start:.3f}", "end": f"{end:.3f}", "step": f"{step:.3f}"}
        return self._ask("query_range", {"query": expression, **moments})

    def _ask(self, endpoint: str, parameters: Mapping[str, str]) -> list[Series]:
        request = Request(f"{self.url}/api/v1/{endpoint}", data=urlencode(parameters).encode(), method="POST")
        try:
            return list(_series(json.loads(self._exchange(request))["data"]))
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise PrometheusError(f"{self.url} does not answer like Prometheus: check the address") from error

    def _exchange(self, request: Request) -> bytes:
        try:
            with _direct().open(request, timeout=self._timeout) as response:
                answer: bytes = response.read(LARGEST_ANSWER + 1)
        except HTTPError as error:
            raise PrometheusError(f"{self.url} refused the question ({error.code}): {_reason(error)}") from error
        except TimeoutError as error:
            raise PrometheusError(f"{self.url} did not answer within {self._timeout:g} s") from error
        except (OSError, HTTPException) as error:  # URLError is an OSError; HTTPException: the answer broke off
            reason = getattr(error, "reason", None) or error
            raise PrometheusError(f"cannot reach Prometheus at {self.url}: {reason}") from error
        if len(answer) > LARGEST_ANSWER:
            raise PrometheusError(f"{self.url} sent more than {LARGEST_ANSWER >> 20} MiB: ask for fewer offices")
        return answer


def _direct() -> OpenerDirector:
    """The store stands in the province's own network: a proxy named in the environment is not for it."""
    return build_opener(ProxyHandler({}))


def _reason(error: HTTPError) -> str:
    """Prometheus says in JSON what is wrong with a question; anything else says so in the status line."""
    with error:
        try:
            return str(json.loads(error.read(65536))["error"])
        except (OSError, HTTPException, ValueError, TypeError, LookupError):
            return str(error.reason)


def _series(data: Any) -> Iterator[Series]:
    for found in _results(data):
        labels = {name: value for name, value in found["metric"].items() if name != "__name__"}
        points = found["values"] if data["resultType"] == "matrix" else [found["value"]]
        yield Series(MappingProxyType(labels), [(float(time), float(value)) for time, value in points])


def _results(data: Any) -> list[Any]:
    """A scalar or string result is a vector of one sample without labels."""
    if data["resultType"] in ("scalar", "string"):
        return [{"metric": {}, "value": data["result"]}]
    return list(data["result"])
