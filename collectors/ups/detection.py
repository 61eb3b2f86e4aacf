"""What does a card speak? Pure.

Objects tell, never sysObjectID: many cards answer as net-snmp, and some name a maker whose MIB they do not have. It
only says whom to ask about first. What a card has and lacks, the SNMP adapter remembers: asking again costs little.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from collectors.core.ports import Oid, SnmpValue
from collectors.ups.profile import Profile

SYS_DESCR = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0"
_ENTERPRISE = re.compile(r"1\.3\.6\.1\.4\.1\.(\d+)(\.|$)")

Answers = Mapping[Oid, SnmpValue]


def first_questions(profiles: Sequence[Profile]) -> tuple[Oid, ...]:
    """Who the agent says it is, and whether it has the standard MIB."""
    standard = (oid for profile in profiles if profile.rank == "standard" for oid in profile.marker_oids)
    return (SYS_DESCR, SYS_OBJECT_ID, *standard)


def questions(answers: Answers, profiles: Sequence[Profile]) -> Iterator[tuple[Oid, ...]]:
    """What to ask next, until a maker's MIB is found: all that this maker's cards might have, then of every other
    family its markers.
    """
    vendors = [profile for profile in profiles if profile.rank == "vendor"]
    maker = _maker(answers.get(SYS_OBJECT_ID))
    likely = [profile for profile in vendors if maker in profile.makers]
    if likely:
        yield tuple(oid for profile in likely for oid in (*profile.marker_oids, *profile.state_oids))
    yield tuple(oid for profile in vendors if profile not in likely for oid in profile.marker_oids)


def spoken(found: Collection[Oid], profiles: Sequence[Profile]) -> tuple[Profile, ...]:
    """The profiles of which something was found that is asked for to recognise them."""
    return tuple(
        profile for profile in profiles if any(oid in found for oid in (*profile.marker_oids, *profile.state_oids))
    )


def has_maker(profiles: Sequence[Profile]) -> bool:
    """Whether a maker's own MIB is among them."""
    return any(profile.rank == "vendor" for profile in profiles)


def first_row(found: Answers, column: Oid) -> int | None:
    """The number of the row whose objects these are."""
    numbers = (oid.removeprefix(column + ".").partition(".")[0] for oid in found if oid.startswith(column + "."))
    return min((int(number) for number in numbers), default=None)


def _maker(object_id: SnmpValue | None) -> int | None:
    """The enterprise number in a sysObjectID."""
    named = _ENTERPRISE.match(object_id) if isinstance(object_id, str) else None
    return int(named[1]) if named else None
