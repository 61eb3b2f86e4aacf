"""HOW it runs in one office: configuration, schedule, runner, pages, and the adapters to the world.

Not here: what is measured (collectors/), where the office stands (inventory/), when to wake whom (alerts/). The agent
imports none of inventory, alerts and dashboards: an office installs only `communewatch[office]`.
"""

import unicodedata

VERSION = "0.1.0"


def user_agent(contact: str = "") -> str:
    """How our requests name themselves to the owners of the services, with whom to ask; headers carry ASCII only."""
    bare = unicodedata.normalize("NFD", contact.translate({ord("đ"): "d", ord("Đ"): "D"}))
    readable = bare.encode("ascii", "ignore").decode()
    return f"communewatch/{VERSION}" + (f" (+{readable})" if readable else "")
