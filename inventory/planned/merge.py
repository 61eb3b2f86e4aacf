"""From notices to entries of planned.yml, and those into what stands there already. Pure: the time is an argument.

A piece of work is known again by its number in the foreign file; where that has none, by its place and its day.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inventory.planned.notice import series
from inventory.planned.schema import WorkEntry

_Number = tuple[str, str, str]  # kind, source, and what the foreign file calls it

KEPT = timedelta(days=30)  # how long imported work is kept after it was


@dataclass(frozen=True, slots=True)
class Change:
    """+ new, ~ changed, x cancelled, - over for long and left out; = as it was."""

    sign: str
    id: str
    entry: WorkEntry


def by_id(entries: Iterable[WorkEntry]) -> dict[str, WorkEntry]:
    """Rows of one piece of work put together; an id that the same row gets again next time."""
    groups: dict[str, list[WorkEntry]] = {}
    for entry in entries:
        groups.setdefault(_key(entry), []).append(entry)
    found: dict[str, WorkEntry] = {}
    for key, group in groups.items():
        joined = _joined(group)
        for one in joined:
            found[_id(one, key if len(joined) == 1 else f"{key}|{_where(one)}")] = one
    return found


def into(
    existing: Mapping[str, WorkEntry],
    imported: Mapping[str, WorkEntry],
    now: datetime,
    *,
    source: str,
    replace_all: bool,
    whole: bool = True,
) -> list[Change]:
    """What becomes of each entry. replace_all: what the source no longer has, and is not over yet, is cancelled.

    whole: whether all of the file could be read; otherwise nothing is cancelled for being missing
    """
    numbers = {_number(entry, entry.ref) for entry in imported.values() if entry.ref and whole}
    replaced = source if replace_all and whole else None
    return [*_old(existing, imported, now, replaced, numbers), *_new(existing, imported)]


def _old(
    existing: Mapping[str, WorkEntry],
    imported: Mapping[str, WorkEntry],
    now: datetime,
    replaced: str | None,
    numbers: Set[_Number],
) -> Iterator[Change]:
    for key, entry in existing.items():
        if key in imported:
            sign = "=" if imported[key] == entry else "x" if imported[key].cancelled > entry.cancelled else "~"
            yield Change(sign, key, imported[key])
        elif entry.source and _end(entry) < now - KEPT:
            yield Change("-", key, entry)
        elif entry.cancelled or _end(entry) <= now:
            yield Change("=", key, entry)
        elif (replaced and entry.source == replaced) or not numbers.isdisjoint(_numbers(entry)):
            yield Change("x", key, replace(entry, cancelled=True))
        else:
            yield Change("=", key, entry)


def _new(existing: Mapping[str, WorkEntry], imported: Mapping[str, WorkEntry]) -> Iterator[Change]:
    """What is cancelled before anybody knew of it is no news."""
    for key, entry in imported.items():
        if key not in existing and not entry.cancelled:
            yield Change("+", key, entry)


def _joined(group: Iterable[WorkEntry]) -> list[WorkEntry]:
    """One place at several times is one entry, and so are several places at the same times."""
    places: dict[tuple[str, bool], WorkEntry] = {}
    for one in group:
        key = (_where(one), one.cancelled)
        before = places.get(key, one)
        places[key] = replace(one, times=tuple(sorted({*before.times, *one.times})))
    times: dict[tuple[object, bool], WorkEntry] = {}
    for one in places.values():
        at = (one.times, one.cancelled)
        before = times.get(at, one)
        times[at] = replace(
            before,
            communes=_both(before.communes, one.communes),
            offices=_both(before.offices, one.offices),
            feeders=_both(before.feeders, one.feeders),
            services=_both(before.services, one.services),
        )
    return list(times.values())


def _both(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _key(entry: WorkEntry) -> str:
    own = entry.ref or f"{_where(entry)}|{min(entry.times).start:%Y-%m-%d}"
    return f"{entry.kind}|{entry.source}|{own}"


def _number(entry: WorkEntry, ref: str) -> _Number:
    return entry.kind, entry.source, ref


def _numbers(entry: WorkEntry) -> set[_Number]:
    """A file with one of these has the whole of it: what was put together otherwise, or is moved no more, is gone."""
    return {_number(entry, ref) for ref in (entry.ref, series(entry.ref))}


def _where(entry: WorkEntry) -> str:
    return "|".join((*sorted(entry.places), entry.operator, *sorted(entry.services)))


def _id(entry: WorkEntry, key: str) -> str:
    return f"{entry.kind}-{hashlib.sha256(key.encode()).hexdigest()[:10]}"


def _end(entry: WorkEntry) -> datetime:
    return max(window.end for window in entry.times)
