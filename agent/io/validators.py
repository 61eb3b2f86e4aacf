"""What may be asked for only if it has changed: the validators of answers that were right (RFC 9110, section 13)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from collectors.core.ports import HttpExchange, HttpRequest

_MOST = 256  # addresses
_KEPT = 3600.0  # seconds; then the whole answer is wanted again, and judged
_CONDITIONS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
_LONGEST = 512  # characters of a validator
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class _Kept:
    conditions: tuple[tuple[str, str], ...]
    until: float


class Validators:
    """By address, in memory only. `now` is monotonic time."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    def conditions(self, request: HttpRequest, now: float) -> Mapping[str, str]:
        """The headers that make the request conditional; none where it should not be, or nothing is known."""
        kept = self._kept.get(request.url) if request.conditional else None
        return dict(kept.conditions) if kept and now < kept.until else {}

    def keep(self, request: HttpRequest, exchange: HttpExchange, now: float) -> None:
        """Of a whole answer. One that was itself "not modified" makes nothing last longer."""
        if not request.conditional or exchange.status == NOT_MODIFIED:
            return
        found = tuple(_found(exchange))
        self._kept.pop(request.url, None)
        if exchange.status == 200 and exchange.complete and found:
            if len(self._kept) >= _MOST:
                del self._kept[next(iter(self._kept))]
            self._kept[request.url] = _Kept(found, now + _KEPT)


def _found(exchange: HttpExchange) -> Iterator[tuple[str, str]]:
    for name, value in exchange.headers:
        condition = _CONDITIONS.get(name.lower())
        if condition and value.isascii() and value.isprintable() and len(value) <= _LONGEST:
            yield condition, value
