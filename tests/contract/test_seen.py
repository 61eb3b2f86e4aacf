"""What probes say they saw stands in the catalogue, and every word of the catalogue is said by some probe."""

import re
from pathlib import Path

import collectors
from collectors.core import Reason
from collectors.messages import catalogue

ROOMS = ("agent", "collectors")
QUOTED = re.compile(r'"([a-z_]+(?:\.[a-z_]+)*)"')


def sources() -> str:
    root = Path(__file__).parents[2]
    return "".join(path.read_text(encoding="utf-8") for room in ROOMS for path in sorted((root / room).rglob("*.py")))


def keys(reader: str) -> set[str]:
    return {key.removeprefix(f"{reader}.") for key in catalogue() if key.startswith(f"{reader}.")}


def test_every_word_is_said_by_some_probe() -> None:
    said = set(QUOTED.findall(sources()))
    assert {key for key in keys("seen") if not key.startswith("phase.")} - said == set()


def test_what_is_said_is_in_the_catalogue() -> None:
    said = set(re.findall(r'Said\("([a-z_.]+)"', sources()))
    powers = {key.removeprefix("power.") for key in catalogue() if key.startswith("power.")}
    assert said - keys("seen") - powers == set()


def test_advice_is_on_something_that_can_be_seen() -> None:
    results = {f"{name}.{reason}" for name in collectors.names() for reason in Reason}
    assert keys("next") <= keys("seen") | results


def test_what_is_wrong_with_a_service_is_said_in_both_languages() -> None:
    """But for this machine's own faults and for what a library says, which are English."""
    root = Path(__file__).parents[2]
    told = [
        *root.glob("collectors/service/*.py"),
        *root.glob("collectors/journey/*.py"),
        root / "collectors/freshness.py",
    ]
    met = [
        root / "agent/io" / f"{name}.py" for name in ("attempt", "connect", "dns_query", "files", "resolver", "staple")
    ]
    met += [*root.glob("agent/io/http*.py"), root / "agent/io/talk.py", root / "agent/io/tls.py"]
    plain = re.compile(r'(?:Verdict|ProbeError)\(\s*Reason\.(?!OK\b|PERMISSION\b)\w+,\s*f?"[^"]*"')
    assert [found[0] for path in (*told, *met) for found in plain.finditer(path.read_text(encoding="utf-8"))] == []
