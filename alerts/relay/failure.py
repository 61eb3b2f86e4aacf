"""Why a channel did not take a message."""

import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

_SHORTEST = 4  # letters of a secret: what is shorter is a port number or the like


class DeliveryError(Exception):
    """The channel did not take the message, as far as is known; the text says why, without secrets.

    doubt    it may have taken it: the answer got lost
    wait     seconds for which it wants to be left alone
    lasting  the same again will not do: a wrong number, a key that has ended
    """

    def __init__(self, text: str, *, doubt: bool = False, wait: float = 0.0, lasting: bool = False) -> None:
        super().__init__(text)
        self.doubt = doubt
        self.wait = wait
        self.lasting = lasting


def censored(text: str, secrets: Iterable[str]) -> str:
    """The text without any of these, however they are written in an address, a form or JSON."""
    for form in sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True):
        if len(form) >= _SHORTEST:
            text = text.replace(form, "***")
    return text


def _forms(secret: str) -> Iterator[str]:
    """A telephone number is also written with the country's prefix."""
    escaped = json.dumps(secret)[1:-1]
    yield from (secret, quote(secret, safe=""), quote_plus(secret), escaped, escaped.replace("/", r"\/"))
    digits = re.sub(r"[\s.+-]", "", secret)
    if re.fullmatch(r"(84|0)\d{8,10}", digits):
        yield re.sub(r"^(84|0)", "", digits)
