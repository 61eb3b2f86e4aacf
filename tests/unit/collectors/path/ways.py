"""Ways as a trace shows them, written as one word per hop."""

from collections.abc import Mapping, Sequence

from collectors.core.ports import Method, Packet, Reply, Trace, Word
from collectors.core.ports.path import SIZES
from collectors.path.locate import Lan, Observation
from collectors.path.names import Comparison, Names
from collectors.path.networks import Network, Networks
from collectors.path.table import table, width

FAR = "203.0.113.80"
GATEWAY = "192.168.1.1"
ROUTERS = (GATEWAY, "100.64.0.1", "198.51.100.1", "10.4.0.1", "203.0.113.1")  # each in a zone of its own
LISTS = Networks(
    isp_access=(Network.parse("100.64.0.0/24"),),
    isp_backbone=(Network.parse("198.51.100.0/24"),),
    province=(Network.parse("10.4.0.0/16"),),
    national=(Network.parse("203.0.113.0/24"),),
)
ROUNDS = 3
ENDS = {Method.ICMP: Word.ECHO, Method.TCP: Word.SYN_ACK, Method.UDP: Word.PORT}
LAN = Lan(GATEWAY, carrier=True, neighbour=True, answers=True)


def answers(distance: int, address: str | None, word: Word = Word.EXPIRED, lost: int = 0) -> list[Packet]:
    """Those of one distance: the first `lost` of each method are."""
    replies = [
        None if number < lost or address is None else Reply(address, word, 0.01 * distance) for number in range(ROUNDS)
    ]
    return [Packet(method, distance, 60, reply) for method in Method for reply in replies]


def end(distance: int, methods: Sequence[Method] = tuple(Method), lost: int = 0) -> list[Packet]:
    """The host's own."""
    return [
        Packet(method, distance, 60, Reply(FAR, ENDS[method], 0.05) if method in methods and number >= lost else None)
        for method in Method
        for number in range(ROUNDS)
    ]


def sized(fates: Mapping[int, Reply | None]) -> tuple[Packet, ...]:
    """A size that is not named comes through."""
    return tuple(Packet(Method.ICMP, 64, size, fates.get(size, Reply(FAR, Word.ECHO, 0.05))) for size in SIZES)


def way(
    *rows: list[Packet],
    large: tuple[Packet, ...] = (),
    networks: Networks = LISTS,
    lan: Lan = LAN,
    names: Comparison | None = None,
) -> Observation:
    """What was seen."""
    trace = Trace(FAR, tuple(packet for row in rows for packet in row), large)
    found = table(trace, networks, gateway=bool(lan.gateway))
    compared = names or Comparison(Names.NOT_ASKED, addresses=(FAR,))
    return Observation("portal.example", FAR, lan, networks, found, width(large), compared)


def healthy(networks: Networks = LISTS, silent: Sequence[int] = ()) -> Observation:
    """All five routers, and the host; `silent`: distances that answer nothing."""
    rows = [answers(d, None if d in silent else address) for d, address in enumerate(ROUTERS, 1)]
    return way(*rows, end(6), networks=networks, large=sized({}))


def broken(behind: int, networks: Networks = LISTS, silent: Sequence[int] = ()) -> Observation:
    """The same up to a distance."""
    rows = [answers(d, None if d in silent else address) for d, address in enumerate(ROUTERS[:behind], 1)]
    return way(*rows, *(answers(d, None) for d in range(behind + 1, 31)), networks=networks)
