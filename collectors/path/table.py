"""The hop table: what is known of each distance on the way. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from collectors.core.ports import Method, Packet, Trace, Word
from collectors.path.networks import Networks, Zone, place


@dataclass(frozen=True, slots=True)
class Hop:
    """One distance. address: of whoever answered most often, None = silence; `zone` likewise.

    times     seconds, of the answers, ascending
    loss      share of packets lost up to here, 0 to 1: no more than any hop behind it shows; None = cannot be said
    ends      the host itself answers from here, to these methods
    methods   those that were answered by anybody
    refusals  who gave up on our packets here, and in which words
    """

    distance: int
    address: str | None = None
    zone: Zone | None = None
    times: tuple[float, ...] = ()
    loss: float | None = None
    ends: frozenset[Method] = frozenset()
    methods: frozenset[Method] = frozenset()
    refusals: tuple[tuple[str, Word], ...] = ()

    @property
    def middle(self) -> float:
        """Median of the times, which there must be."""
        return median(self.times)


def table(trace: Trace, networks: Networks, *, gateway: bool) -> tuple[Hop, ...]:
    """Each distance up to the last one that answers, and the first one at which somebody gives up."""
    by_distance: dict[int, list[Packet]] = {}
    for packet in trace.packets:
        by_distance.setdefault(packet.distance, []).append(packet)
    answered = [(packet.distance, packet.reply.word) for packet in trace.packets if packet.reply]
    last = max((distance for distance, word in answered if not word.is_refusal), default=0)
    end = max(last, min((distance for distance, word in answered if word.is_refusal), default=0))
    rows = [by_distance.get(distance, []) for distance in range(1, end + 1)]
    addresses = _addresses(rows)
    zones = place(addresses, networks, gateway=gateway)
    losses = _losses(rows)
    return tuple(
        _hop(distance, row, address, zone, loss)
        for distance, (row, address, zone, loss) in enumerate(zip(rows, addresses, zones, losses, strict=True), 1)
    )


def _hop(distance: int, row: Sequence[Packet], address: str | None, zone: Zone | None, loss: float | None) -> Hop:
    answered = [(packet.method, packet.reply) for packet in row if packet.reply]
    ends = frozenset(method for method, reply in answered if reply.word.is_end)
    passed = [(method, reply) for method, reply in answered if not reply.word.is_refusal]
    return Hop(
        distance,
        address,
        Zone.TARGET if ends else zone,
        tuple(sorted(reply.seconds for _, reply in passed)),
        loss,
        ends,
        frozenset(method for method, _ in passed),
        tuple(sorted({(reply.address, reply.word) for _, reply in answered if reply.word.is_refusal})),
    )


def _addresses(rows: Iterable[Iterable[Packet]]) -> list[str | None]:
    found: list[str | None] = []
    for row in rows:
        replies = [packet.reply for packet in row if packet.reply]
        passed = [reply.address for reply in replies if not reply.word.is_refusal]
        # A router without any way on says so to whatever reaches it; one that cannot reach its neighbour has named
        # itself one hop before.
        refused = [reply.address for reply in replies if reply.address not in found]
        most = Counter(passed or refused).most_common(1)
        found.append(most[0][0] if most else None)
    return found


def _losses(rows: Sequence[Sequence[Packet]]) -> list[float | None]:
    """Routers answer few packets a second and are silent to the rest: what came further has passed them.

    Of the last one nothing can be said, unless it is the host.
    """
    least: float | None = None
    found: list[float | None] = []
    for row in reversed(rows):
        own = _loss(row)
        least = own if least is None or (own is not None and own < least) else least
        found.append(least)
    if rows and not any(packet.reply and packet.reply.word.is_end for packet in rows[-1]):
        found[0] = None
    return found[::-1]


def _loss(row: Iterable[Packet]) -> float | None:
    """Of the method that fares best here; None where nothing got an answer."""
    shares = []
    for method in Method:
        answers = [packet.reply is not None for packet in row if packet.method is method]
        if any(answers):
            shares.append(1 - sum(answers) / len(answers))
    return min(shares, default=None)


@dataclass(frozen=True, slots=True)
class Width:
    """How large a packet may be. most: bytes, None = unknown; lost: the sizes that vanish without a word."""

    most: int | None = None
    lost: tuple[int, ...] = ()


def width(sized: Iterable[Packet]) -> Width:
    """From packets that may not be cut. A router that says "too big" is doing what it should (RFC 1191)."""
    sizes: dict[int, list[Packet]] = {}
    for packet in sized:
        sizes.setdefault(packet.size, []).append(packet)
    words = {size: {packet.reply.word for packet in packets if packet.reply} for size, packets in sizes.items()}
    passed = [size for size, said in words.items() if said - {Word.TOO_BIG}]
    if not passed:
        return Width()
    told = {size for size, said in words.items() if Word.TOO_BIG in said}
    named = (packet.reply.mtu for packets in sizes.values() for packet in packets if packet.reply)
    most = max((max(passed), *(mtu for mtu in named if max(passed) < mtu < min(told, default=0))))
    lost = [size for size, said in words.items() if not said and size > most]
    # One word is enough: the silence about other sizes is that of a router which answers few packets a second.
    return Width(most, () if told else tuple(sorted(lost)))
