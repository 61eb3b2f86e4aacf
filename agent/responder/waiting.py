"""Clients that wait for a slot: each has a place, and a moment at which to come again. Pure; time is an argument.

Moments lie as far apart as slots become free, so that those who were refused together do not come back together. From
its moment on a slot is kept for whoever waits, for a while, before those who have not waited.
"""

import math
from dataclasses import dataclass, field

GRACE = 10.0  # seconds after its moment for which a place is kept
SOONEST = 1.0
_MOST = 2048
_MOST_OF_A_CLIENT = 32  # offices behind one address
_EARLY = 1.0  # seconds: a timer that fires a little early, or a moment in whole seconds, costs nobody his place


@dataclass(frozen=True, slots=True)
class Slip:
    """place: how many come before, and oneself. seconds: until one's moment, whole ones."""

    place: int
    seconds: int


@dataclass(slots=True)
class _Place:
    """Who waits, and from which moment on a slot is kept."""

    client: str
    moment: float

    def is_called(self, now: float) -> bool:
        return self.moment - _EARLY <= now


@dataclass(slots=True)
class Waiting:
    """Who waits, in the order in which they came."""

    _places: list[_Place] = field(default_factory=list)

    def number(self, now: float) -> int:
        """How many have a place."""
        self._forget(now)
        return len(self._places)

    def slip(self, client: str, now: float, first: float, apart: float) -> Slip:
        """A place at the end; or the client's own one where its moment has come and there still was no slot.

        first: seconds until a slot is likely to be free. apart: seconds between two slots that become free.
        """
        self._forget(now)
        called = [place for place in self._places if place.is_called(now)]
        for ahead, place in enumerate(called):
            if place.client == client:
                place.moment = now + max(SOONEST, (ahead + 1) * apart)
                return Slip(self._places.index(place) + 1, math.ceil(place.moment - now))
        last = max((place.moment for place in self._places), default=-math.inf)
        moment = max(now + max(SOONEST, first), last + apart)
        own = sum(place.client == client for place in self._places)
        if len(self._places) < _MOST and own < _MOST_OF_A_CLIENT:
            self._places.append(_Place(client, moment))
        return Slip(len(self._places), math.ceil(moment - now))

    def before(self, client: str, now: float) -> int:
        """For how many others a slot is kept now; for none where the client's own moment has come."""
        self._forget(now)
        called = [place.client for place in self._places if place.is_called(now)]
        return 0 if client in called else len(called)

    def is_called(self, client: str, now: float) -> bool:
        """Whether the client's moment has come."""
        return any(place.client == client and place.is_called(now) for place in self._places)

    def served(self, client: str, now: float) -> None:
        """It has its slot; the place whose moment has come is free."""
        for place in self._places:
            if place.client == client and place.is_called(now):
                self._places.remove(place)
                return

    def _forget(self, now: float) -> None:
        """Those who did not come."""
        self._places = [place for place in self._places if place.moment + GRACE >= now]
