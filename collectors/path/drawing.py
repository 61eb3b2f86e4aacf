"""The way as a person sees it: one line per hop, bars of time, and a mark where it breaks. Pure."""

from collections.abc import Collection, Iterator

from collectors.messages import Language, text
from collectors.path.locate import Finding, Observation
from collectors.path.names import Said
from collectors.path.table import Hop

_BAR = 24
_MS = 1000


def drawing(seen: Observation, finding: Finding) -> tuple[str, ...]:
    """The hops, what else was looked at, and the verdict in both languages."""
    return (*_way(seen, finding), *_further(seen), *sentences(seen, finding))


def sentences(seen: Observation, finding: Finding) -> Iterator[str]:
    """Where, and why: Vietnamese, then English."""
    languages: tuple[Language, ...] = ("vi", "en")
    for lang in languages:
        why = text(f"path.why.{finding.why}", lang, behind=_name(seen, finding, lang), what=finding.what)
        yield text("path.verdict", lang, where=text(f"path.where.{finding.fault}", lang), why=why)


def _name(seen: Observation, finding: Finding, lang: Language) -> str:
    if not finding.behind:
        return text("path.this_machine", lang)
    hop = next((hop for hop in seen.hops if hop.distance == finding.behind and hop.address), None)
    address = hop.address if hop else seen.lan.gateway if finding.behind == 1 else ""
    return text("path.hop", lang, number=finding.behind, address=address or "?")


def _way(seen: Observation, finding: Finding) -> Iterator[str]:
    """From the office outwards; what lies behind the last answer is silence, and not drawn."""
    slowest = max((hop.middle for hop in seen.hops if hop.times), default=0.0)
    yield f"  0  {_both('path.this_machine')}"
    if finding.behind == 0:
        yield _mark()
    for hop in seen.hops:
        if hop.address or hop.distance < len(seen.hops):
            yield _line(hop, slowest)
        if finding.behind == hop.distance:
            yield _mark()


def _line(hop: Hop, slowest: float) -> str:
    if hop.address is None:
        return f"{hop.distance:>3}  *{'':<15} {_both('path.silent')}"
    zone = _both(f"path.where.{hop.zone}") if hop.zone else ""
    time = f"{hop.times[0] * _MS:8.1f} {hop.middle * _MS:8.1f} ms" if hop.times else " " * 20
    loss = f"{hop.loss:4.0%}" if hop.loss is not None else "    "
    bar = "█" * max(1, round(hop.middle / slowest * _BAR)) if hop.times and slowest else ""
    return f"{hop.distance:>3}  {hop.address:<16} {time} {loss}  {bar:<{_BAR}}  {zone}".rstrip()


def _mark() -> str:
    return f"  ✘  ───── {_both('path.broken')} ─────"


def _both(key: str) -> str:
    return f"{text(key)} / {text(key, 'en')}"


def _server(said: Said, suspects: Collection[str]) -> str:
    mark = "✘" if said.server in suspects else " "
    whose = _both("path.seen.trusted" if said.trusted else "path.seen.own")
    none = _both("path.seen.no_answer" if said.addresses is None else "path.seen.no_address")
    found = ", ".join(sorted(said.addresses or ())) or none
    time = "" if said.seconds is None else f", {said.seconds * _MS:.1f} ms"
    return f"{mark} {_both('path.seen.server')} {said.server} ({whose}): {found}{time}"


def _further(seen: Observation) -> Iterator[str]:
    if seen.end:
        methods = ", ".join(sorted(set().union(*(hop.ends for hop in seen.hops))))
        yield f"{seen.host} ({seen.address}) {_both('path.seen.answers')}: {methods}"
    if seen.width.most:
        lost = f"; {_both('path.seen.vanish')}: {', '.join(map(str, seen.width.lost))}" if seen.width.lost else ""
        yield f"{_both('path.seen.whole')}: {seen.width.most} byte{lost}"
    yield from (_server(said, seen.names.suspects) for said in seen.names.answers)
    if seen.stands_in:
        yield f"{seen.host}: {_both('path.seen.stands_in')} {seen.address}"
    if seen.reduced:
        yield _both("path.reduced")
        yield seen.reduced
