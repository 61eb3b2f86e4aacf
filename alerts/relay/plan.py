"""Who is told of what, and when: pure decisions over parties, severities and the time of the day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from alerts.relay.people import Party
from alerts.rule import Severity
from inventory.schema import Level

_CALM = (Severity.INFO, Severity.NONE)
_GRAVITY = tuple(Severity)  # gravest first


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """When a channel is told; smaller is sooner. at: Unix time, 0 = now; digest: with others, in one message."""

    digest: bool = False
    at: float = 0.0


NOW = Turn()


def graver(one: str, other: str) -> str:
    """The graver of two severities; one that is not ours counts as a warning."""
    return min(known(one), known(other), key=_GRAVITY.index)


def known(severity: str) -> Severity:
    """A severity that is not ours counts as a warning."""
    return Severity(severity) if severity in _GRAVITY else Severity.WARNING


def telling(parties: Iterable[Party], severity: str, now: float) -> Mapping[str, Turn]:
    """Channel -> its turn; where several parties share one, the soonest."""
    found: dict[str, Turn] = {}
    for party in parties:
        for channel, turn in _of(party, known(severity), now):
            found[channel] = min(turn, found.get(channel, turn))
    return found


def _of(party: Party, severity: Severity, now: float) -> Iterator[tuple[str, Turn]]:
    if severity in _CALM and party.digest:
        yield from ((channel, Turn(True, party.digest.next(now))) for channel in party.channels)
        return
    at_once = party.urgent if severity is Severity.CRITICAL else party.quiet if _asleep(party, now) else ()
    yield from ((channel, NOW) for channel in at_once)
    yield from ((channel, _waiting(party, severity, now)) for channel in party.channels)


def morning(parties: Iterable[Party], channel: str, now: float) -> float:
    """When the channel next hears what can wait, Unix time; 0 = nobody has said."""
    times = (party.digest.next(now) for party in parties if party.digest and channel in party.channels)
    return min(times, default=0.0)


def _asleep(party: Party, now: float) -> bool:
    return party.night is not None and party.night.holds(now)


def _waiting(party: Party, severity: Severity, now: float) -> Turn:
    """Only what is critical wakes anybody."""
    if severity is Severity.CRITICAL or not (party.night and party.night.holds(now)):
        return NOW
    return Turn(at=party.night.end.next(now))


@dataclass(frozen=True, slots=True)
class Escalation:
    """One more channel to tell, since nobody has acknowledged for `waited` seconds."""

    channel: str
    waited: float
    turn: Turn


def overdue(parties: Sequence[Party], severity: str, told: float, now: float) -> Iterator[Escalation]:
    """Whom to tell as well of what the first were told at this Unix time, and nobody has acknowledged.

    What was told at night to `quiet` alone has waked nobody: the minutes count from the morning on.
    """
    grave = known(severity)
    for party in parties:
        begun = _waiting(party, grave, told).at or told
        for level in party.escalation:
            after = _after(level, grave)
            if after is not None and now - begun >= after:
                for channel in level.channels:
                    yield Escalation(channel, after, _waiting(party, grave, now))


def _after(level: Level, severity: Severity) -> float | None:
    match severity:
        case Severity.CRITICAL:
            return level.critical
        case Severity.WARNING:
            return level.warning
        case _:
            return None
