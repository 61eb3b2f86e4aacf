"""What does a card speak? Pure.

Objects tell, never sysObjectID: many cards answer as net-snmp, and some name a maker whose MIB they do not have. It
only says where to look further when no marker was found. What a card has and lacks, the SNMP adapter remembers.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from collectors.core.ports import Oid, SnmpValue
from collectors.ups.profile import Profile

SYS_DESCR = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0"
_ENTERPRISE = re.compile(r"1\.3\.6\.1\.4\.1\.(\d+)(\.|$)")

Answers = Mapping[Oid, SnmpValue]


def marks(profiles: Sequence[Profile]) -> tuple[Oid, ...]:
    """What shows which families a card speaks: first of the standard MIB, which most cards have, then of every maker's.

    Of each family the most usual marker comes first, so that a slow card is recognised before all were asked for.
    """
    ordered = sorted(profiles, key=lambda profile: profile.rank != "standard")
    numbered = [(number, oid) for profile in ordered for number, oid in enumerate(profile.marker_oids)]
    return tuple(oid for _, oid in sorted(numbered, key=lambda pair: pair[0]))


def further_marks(object_id: SnmpValue | None, profiles: Sequence[Profile]) -> tuple[Oid, ...]:
    """What else may show that a card is of the maker that it names: anything of its state."""
    maker = _maker(object_id)
    likely = (profile for profile in profiles if profile.rank == "vendor" and maker in profile.makers)
    return tuple(oid for profile in likely for oid in profile.state_oids)


def spoken(found: Collection[Oid], profiles: Sequence[Profile]) -> tuple[Profile, ...]:
    """The profiles of which something was found that is asked for to recognise them."""
    return tuple(
        profile for profile in profiles if any(oid in found for oid in (*profile.marker_oids, *profile.state_oids))
    )


def first_row(found: Answers, column: Oid) -> int | None:
    """The number of the row whose objects these are."""
    numbers = (oid.removeprefix(column + ".").partition(".")[0] for oid in found if oid.startswith(column + "."))
    return min((int(number) for number in numbers), default=None)


def _maker(object_id: SnmpValue | None) -> int | None:
    """The enterprise number in a sysObjectID."""
    named = _ENTERPRISE.match(object_id) if isinstance(object_id, str) else None
    return int(named[1]) if named else None
