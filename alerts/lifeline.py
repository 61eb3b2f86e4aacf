"""The recorded series of the way from the centre to people. See recorded.py."""

from alerts.rule import Recorded

RELAY_DEAD = Recorded("relay:dead", "1 where the relay should be scraped and has not answered for long.")

RECORDED: tuple[Recorded, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Recorded))
