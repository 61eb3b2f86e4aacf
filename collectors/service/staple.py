"""The OCSP answer that a TLS server sends along: there, and as good as one from the responder itself."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from collectors.core import Ports, ProbeError, Reason, Sample
from collectors.core.ports import Staple
from collectors.core.values import HostPort
from collectors.messages.said import Said
from collectors.service import metrics
from collectors.service.ocsp import Question
from collectors.service.signatures import load
from collectors.service.target import Target
from collectors.service.verdict import Verdict

Judged = tuple[Verdict, tuple[Sample, ...]]


async def with_staple(verdict: Verdict, target: Target, ports: Ports, timeout: float) -> Judged:
    """The verdict of a service that works, with what its server staples considered."""
    if not target.staple or not verdict.reason.success:
        return verdict, ()
    await load()
    host, port, name = _place(target)
    try:
        found = await ports.net.staple(host, port, name, max(timeout, 0.001), family=target.one_family)
    except ProbeError as error:
        return Verdict(error.reason, Said("authority.staple.unseen", what=error.message)), ()
    problem, samples = judge(found, datetime.fromtimestamp(ports.clock.now(), UTC))
    samples = (metrics.STAPLED(found.answer is not None), *samples)
    return (verdict if problem.reason is Reason.OK else problem), samples


def judge(found: Staple, now: datetime) -> Judged:
    """Whatever is wrong with it is a matter of TLS."""
    from cryptography import x509  # noqa: PLC0415

    if not found.answer:
        return Verdict(Reason.TLS, Said("authority.staple.none")), ()
    try:
        leaf, issuer, *_ = map(x509.load_der_x509_certificate, found.certificates)
    except ValueError:
        return Verdict(Reason.TLS, Said("authority.staple.issuer")), ()
    verdict, samples = Question(leaf, issuer, b"").judge(found.answer, now)
    if verdict.reason is Reason.OK:
        return verdict, samples
    return Verdict(Reason.TLS, Said("authority.staple.wrong", what=verdict.why)), samples


def _place(target: Target) -> tuple[str, int, str]:
    """Host, port, and the name that TLS asks for."""
    if target.url is None:
        return target.host, target.port or 443, target.server_name or target.host
    url = urlsplit(target.url)
    name, port = url.hostname or "", url.port or 443
    instead = target.connect_to or HostPort(name)
    return instead.host, instead.port or port, name
