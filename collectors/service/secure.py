"""What is asked of TLS beyond a chain that verifies: days left, protocol, cipher. Pure. Stapled answers: staple.py."""

from collections.abc import Iterable, Iterator

from collectors.core import Reason
from collectors.core.ports import TlsFacts
from collectors.messages.said import Said
from collectors.service.target import Target
from collectors.service.verdict import Verdict

_DAY = 86_400.0
_SECRET = ("TLS_", "ECDHE-", "DHE-")  # key exchanges with forward secrecy; TLS 1.3 has no others
_SEALED = ("GCM", "CCM", "CHACHA20")  # authenticated encryption


def judge_tls(verdict: Verdict, target: Target, facts: TlsFacts | None, now: float) -> Verdict:
    """A right answer over TLS that is not what was asked for fails; a slow one, too. `now` is Unix time."""
    if facts is None or not verdict.reason.success:
        return verdict
    problem = next(_problems(target, facts, now), "")
    return Verdict(Reason.TLS, problem) if problem else verdict


def judge_hops(verdict: Verdict, target: Target, hops: Iterable[tuple[str, TlsFacts | None]], now: float) -> Verdict:
    """The same for all hosts that redirects led over, each with what its TLS showed: the worst of them counts.

    A chain may begin on plain HTTP; where TLS is to be checked it never ends there.
    """
    last = None
    for host, last in hops:
        judged = judge_tls(verdict, target, last, now)
        if judged is not verdict:
            return Verdict(judged.reason, Said("at_host", host=host, what=judged.why))
    if last is None and verdict.reason.success and _wants_tls(target):
        return Verdict(Reason.TLS, Said("tls.unchecked"))
    return verdict


def _wants_tls(target: Target) -> bool:
    return target.days_left is not None or bool(target.tls_version) or target.strong_cipher


def _problems(target: Target, facts: TlsFacts, now: float) -> Iterator[str]:
    left = (facts.earliest_expiry - now) / _DAY
    if target.days_left is not None and left < target.days_left:
        yield Said("certificate.days", left=round(left, 1), least=target.days_left)
    if target.tls_version and not facts.version >= f"TLS {target.tls_version}":
        yield Said("tls.old", version=facts.version or "an unknown version", least=target.tls_version)
    if target.strong_cipher and (why := weakness(facts.cipher)):
        yield Said("tls.weak", cipher=facts.cipher, why=why)


def weakness(cipher: str) -> str:
    """What a cipher suite (OpenSSL's name) lacks, "" when nothing."""
    if not cipher.startswith(_SECRET):
        return Said("tls.secrecy")
    if not any(word in cipher for word in _SEALED):
        return Said("tls.unsealed")
    return ""
