"""The way as it last led to its end, to compare a broken one with. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from collectors.path.networks import Zone
from collectors.path.table import Hop

_MOST = 64


@dataclass(frozen=True, slots=True)
class Usual:
    """The zone at each distance, None = silent there. Empty = no way has led anywhere yet.

    mute  the gateway has answered nothing at all, and let everything through
    """

    zones: tuple[Zone | None, ...] = ()
    mute: bool = False

    def behind(self, hops: Sequence[Hop]) -> Zone | None:
        """What usually answers next behind these hops; None where that is unknown, or they are another way.

        Of a router only the zone counts: who balances load over two of them has not changed the way.
        """
        zones = self.zones[: len(hops)]
        same = len(zones) == len(hops) and all(hop.zone in (zone, None) for hop, zone in zip(hops, zones, strict=True))
        return next((zone for zone in self.zones[len(hops) :] if zone), None) if same else None

    def plain(self) -> object:
        """For a file, as JSON has it."""
        return {"zones": list(self.zones), "mute": self.mute}

    @classmethod
    def read(cls, kept: object) -> "Usual":
        """What `plain` gave. Raises ValueError for anything else: a file may have been cut or touched."""
        whole = kept if isinstance(kept, dict) else {"zones": kept, "mute": False}  # older agents kept the zones alone
        zones, mute = whole.get("zones"), whole.get("mute")
        if not isinstance(zones, list) or len(zones) > _MOST or not isinstance(mute, bool):
            raise ValueError("not a way")
        return cls(tuple(None if zone is None else Zone(zone) for zone in zones), mute)
