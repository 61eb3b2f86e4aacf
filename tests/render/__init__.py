"""Reference pages below docs/, written from the product's own objects, so that they cannot say anything else."""

from collections.abc import Mapping

from tests.render import alerts, metrics, settings, ups_devices

HEADER = "<!-- Written by `make render` from the code; change the code, not this page. -->\n\n"


def pages() -> Mapping[str, str]:
    """Path below the checkout -> text."""
    return {
        "docs/alerts.md": HEADER + alerts.page(),
        "docs/metrics.md": HEADER + metrics.page(),
        "docs/settings.md": HEADER + settings.page(),
    }


def judged_pages() -> Mapping[str, str]:
    """The pages that can be written only beside the recordings of real devices; none where those are not there."""
    return {ups_devices.PATH: HEADER + ups_devices.page()} if ups_devices.possible() else {}
