"""Conversations that end where TLS begins: STARTTLS of SMTP (RFC 3207) and IMAP (RFC 9051, section 6.2.1). Pure."""

import re
from collections.abc import Callable, Mapping

from collectors.core import ProbeError, Reason
from collectors.messages.said import Said
from collectors.service.words import Kind

_NAME = b"communewatch.invalid"  # a name that is nobody's (RFC 2606): who asks is in the contract with the owner
_SMTP_REPLY = re.compile(rb"(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\n")
_IMAP_LINE = re.compile(rb"[^\n]*\n")
_OFFERED = re.compile(rb"^250[ -]STARTTLS\s*$", re.IGNORECASE | re.MULTILINE)

Reply = Callable[[bytes], bytes | None]


class Smtp:
    """Says EHLO, looks for the offer, and takes it. One conversation long."""

    def __init__(self) -> None:
        self._said = 0

    def __call__(self, heard: bytes) -> bytes | None:
        """What is said next; raises ProbeError where there is no offer, or it does not hold."""
        replies = _SMTP_REPLY.findall(heard)
        if len(replies) <= self._said:
            return b""  # listen on
        self._said = len(replies)
        match replies:
            case [_]:
                return b"EHLO " + _NAME + b"\r\n"
            case [_, offers]:
                if not _OFFERED.search(offers):
                    raise ProbeError(Reason.UNSUPPORTED, Said("mail.no_offer"))
                return b"STARTTLS\r\n"
        if not replies[-1].startswith(b"220"):
            raise ProbeError(Reason.ERROR, Said("mail.other", code=replies[-1][:3].decode("ascii")))
        return None


class Imap:
    """Asks for TLS after the greeting. One conversation long."""

    def __init__(self) -> None:
        self._asked = False

    def __call__(self, heard: bytes) -> bytes | None:
        """What is said next; raises ProbeError where the server says no."""
        lines = _IMAP_LINE.findall(heard)
        if not lines or (self._asked and not any(line.startswith(b"t ") for line in lines)):
            return b""  # listen on
        if not self._asked:
            self._asked = True
            return b"t STARTTLS\r\n"
        answer = next(line for line in lines if line.startswith(b"t "))
        if not answer.upper().startswith(b"T OK"):
            raise ProbeError(Reason.UNSUPPORTED, Said("mail.refused"))
        return None


CONVERSATIONS: Mapping[Kind, Callable[[], Reply]] = {Kind.SMTP: Smtp, Kind.IMAP: Imap}
