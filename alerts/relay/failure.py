"""Why a channel did not take a message."""

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


def censored(text: str, secrets: list[str]) -> str:
    """The text without any of these."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, "***")
    return text
