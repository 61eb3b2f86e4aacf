"""When a certificate is to be renewed. Pure."""

_SHARE = 1 / 3  # of its life that is left when the next one is asked for: of 90 days a month, for a line that is down


def is_due(begins: float, ends: float, now: float) -> bool:
    """Whether the next one should be asked for; Unix seconds."""
    return ends - now < (ends - begins) * _SHARE
