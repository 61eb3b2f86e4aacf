"""What a person is told when an SNMP agent gives no answer, or not the one that was asked for. Free of secrets."""

from agent.io.snmp.engine import Peer
from agent.io.snmp.presence import Presence
from collectors.core import ProbeError, Reason
from collectors.core.ports import SnmpAgent


class SilentError(Exception):
    """No usable answer within the time of a request."""


class RejectedError(Exception):
    """pysnmp's or the agent's word for why the credentials or the request were not accepted."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


_DENIED = {
    "WrongDigest": "the authentication key or protocol of user {user!r} is wrong",
    "UnknownUserName": "it does not know the user {user!r}",
    "UnknownSecurityName": "it does not know the user {user!r}",
    "UnsupportedSecurityLevel": "it does not allow user {user!r} this mix of authentication and privacy",
    "DecryptionError": "the privacy key or protocol of user {user!r} is wrong",
    "AuthenticationFailure": "the authentication key or protocol of user {user!r} is wrong",
    "authorizationError": "these credentials may not read it; check its access list and the security level",
}


def rejected(agent: SnmpAgent, peer: Peer, word: str) -> ProbeError:
    """DENIED where the credentials are at fault, BAD_ANSWER for anything else that SNMP does not provide for."""
    if word in _DENIED:
        return ProbeError(Reason.DENIED, f"{peer} rejects us: {_DENIED[word].format(user=agent.user)}")
    return ProbeError(Reason.BAD_ANSWER, f"the exchange with {peer} broke down ({word})")


def too_slow(peer: Peer, answers: int) -> ProbeError:
    """It is there, but the poll's time was over before it had answered everything."""
    return ProbeError(
        Reason.TIMEOUT, f"{peer} is too slow: {answers} of its answers came within the time, and not the rest"
    )


def silence(agent: SnmpAgent, peer: Peer, heard: int, presence: Presence) -> ProbeError:
    """What the silence of an agent means, given what came from its address and what presence() found."""
    if (heard and agent.version != "3") or presence is Presence.GARBAGE:
        return ProbeError(
            Reason.BAD_ANSWER, f"{peer} sends something that is no SNMP answer to our question, or sends it too late"
        )
    if presence is Presence.CLOSED:
        return ProbeError(
            Reason.REFUSED, f"{peer.address} is up, but UDP port {peer.port} is closed: SNMP is off or on another port"
        )
    if presence is Presence.NO_ROUTE:
        return ProbeError(Reason.UNREACHABLE, f"this machine has no route to {peer.address}")
    secret = "privacy key" if agent.version == "3" else "community"
    if presence is Presence.AGENT:
        version = "what is not version 3" if agent.version == "auto" else f"version {agent.version}"
        return ProbeError(
            Reason.NO_ANSWER,
            f"an SNMP agent listens on {peer}, but it ignores us: the {secret} is wrong, {version} is"
            " switched off, or our address is not on its access list",
        )
    return ProbeError(Reason.NO_ANSWER, f"no answer: nobody listens on {peer} or the {secret} is wrong")
