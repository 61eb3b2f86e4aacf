"""The way from the centre to people: what tells that it is whole, and its recorded series. See recorded.py."""

from alerts.rule import Recorded

WATCHDOG = "Watchdog"  # the alert that fires as long as Prometheus evaluates rules and hears the relay
RELAY_DEAD = Recorded("relay:dead", "1 where the relay should be scraped and has not answered for long.")

RECORDED: tuple[Recorded, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Recorded))
