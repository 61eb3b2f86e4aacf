"""Reference pages below docs/, written from the product's own objects, so that they cannot say anything else."""

from collections.abc import Mapping

from tests.render import alerts, metrics, settings

HEADER = "<!-- Written by `make render` from the code; change the code, not this page. -->\n\n"


def pages() -> Mapping[str, str]:
    """Path below the checkout -> text."""
    return {
        "docs/alerts.md": HEADER + alerts.page(),
        "docs/metrics.md": HEADER + metrics.page(),
        "docs/settings.md": HEADER + settings.page(),
    }
