"""docs/ups-devices.md: every recorded UPS, what we read of it, and what others expect. Needs the recordings."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from collectors.core import Reading
from collectors.ups.canonical import Observation
from collectors.ups.profile import PROFILES
from tests.fakes.time import run
from tests.tools.debian import CHECKOUT
from tests.ups import nut
from tests.ups.canonical import facts
from tests.ups.derive import State, derived
from tests.ups.differences import Comparison, beside_librenms
from tests.ups.librenms import Sensor, sensors
from tests.ups.product import looks_at, observation, verdict
from tests.ups.recordings import Recording, folder, recordings

PATH = "docs/ups-devices.md"

INTRODUCTION = """\
# Các UPS đã đối chiếu / UPS devices that were compared

Trang này so {recordings} bản ghi của thiết bị thật, do các dự án khác công bố ([nguồn gốc](#origin)), với những gì
sản phẩm đọc được từ đó, cả trong kiểm thử không dùng mạng lẫn qua SNMP thật (snmpsim).

- {shown} bản ghi cho biết nguồn nào đang cấp điện: đọc được {read} bản, không bản nào bị báo nhầm là mất điện.
- LibreNMS có {sensors} giá trị mong đợi: {equal} giá trị trùng, {explained} giá trị khác nhưng có lý do ghi bên
  dưới, {beyond} giá trị nằm ngoài những gì sản phẩm đo.
- NUT 2.8.0 nhận ra {nut} bản ghi; sản phẩm nhận ra đủ các bản đó và thêm {more} bản nữa.

Recorded cards, read by the whole product and judged by what their own projects and NUT make of the same answers. Every
row, number and reason below comes from the tests (`tests/ups`, `tests/unit/collectors/ups/test_expected*.py`,
`tests/ports/test_ups_recordings.py`), which fail on a difference that nobody explained.
"""

DERIVATION = """\
Made from the recordings above: a card answers as it did, but for the objects that its MIBs change in that state
(`tests/ups/derive.yml`). `python -m tests.ups.derive --out FOLDER` writes them as files for snmpsim, named
`derived-STATE-RECORDING`. In the tests each gives its verdict within two looks, and a whole outage (mains, battery,
low, silence, mains) is told in that order. Recovered: mains is back, what remembers the outage is still set.
"""

DERIVED_BESIDE_NUT = """\
Debian's `snmp-ups` 2.8.0 before derived cards of each MIB that it knows (`tests/ports/test_ups_beside_nut.py`): it too
calls each outage `OB` and each return `OL`; it calls each self-test `OB`, which is `self_test` here. In an outage it
adds `OFF` for MGE cards: it takes their word for the mains for one of the output.
"""


@dataclass(frozen=True, slots=True)
class Device:
    """One recorded card as it was read, and what others said."""

    recording: Recording
    reading: Reading
    beside_librenms: Sequence[Comparison]
    beside_nut: Sequence[Comparison]
    nut: nut.Answer | None

    @property
    def seen(self) -> Observation:
        return observation(self.reading)


def page() -> str:
    """The whole page."""
    devices = run(_devices())
    sections = (
        _introduction(devices),
        _table("Devices", "recording | family | model | read as | verdict | LibreNMS | NUT 2.8.0", _rows(devices)),
        _table("Differences that have a reason", "recording | value | expected by | reason", _differences(devices)),
        _table("Expected values without a place in the canonical form", "what | values", _beyond(sensors())),
        _table("States that nobody recorded", "state | cards | verdict", _derived()),
        DERIVATION,
        _table("Beside NUT", "of the same recordings | NUT 2.8.0 | communewatch", _beside_nut(devices)),
        DERIVED_BESIDE_NUT,
        _origin(devices),
    )
    return "\n".join(sections)


def possible() -> bool:
    """Whether the recordings are on this machine."""
    return (CHECKOUT.parent / "shared" / "ups" / "manifest.csv").exists()


def digest() -> str:
    """Of the manifest: the page of other recordings is another page."""
    return sha256((folder() / "manifest.csv").read_bytes()).hexdigest()[:12]


async def _devices() -> Sequence[Device]:
    said = {answer.recording: answer for answer in nut.answers()}
    found: list[Device] = []
    for recording in recordings():
        (reading,) = await looks_at(recording.answers())
        ours, answer = facts(observation(reading)), said.get(recording)
        expected = [sensor for sensor in sensors() if sensor.recording == recording] if reading.success else []
        beside_nut = nut.beside_nut(answer, ours) if answer else []
        found.append(Device(recording, reading, beside_librenms(expected, ours), beside_nut, answer))
    return found


def _introduction(devices: Sequence[Device]) -> str:
    compared = [each for device in devices for each in device.beside_librenms]
    recognised = sum(1 for device in devices if device.nut)
    return INTRODUCTION.format(
        recordings=len(devices),
        shown=sum(device.recording.has_state for device in devices),
        read=sum(device.recording.has_state and device.reading.success for device in devices),
        sensors=len(sensors()),
        equal=sum(each.agrees for each in compared),
        explained=sum(not each.agrees for each in compared),
        beyond=len(sensors()) - len(compared),
        nut=recognised,
        more=sum(device.reading.success for device in devices) - recognised,
    )


def _rows(devices: Iterable[Device]) -> Iterator[tuple[str, ...]]:
    titles: Mapping[str, str] = {profile.name: profile.title for profile in PROFILES}
    for device in devices:
        if device.recording.has_state or device.reading.success:
            seen = device.seen
            yield (
                device.recording.stem,
                device.recording.family,
                f"{seen.manufacturer} {seen.model}".strip().replace("|", "/"),
                ", ".join(titles[name] for name in seen.mibs),
                _verdict(device),
                _counted(device.beside_librenms),
                _nut(device),
            )


def _verdict(device: Device) -> str:
    told = verdict(device.reading)
    return "unknown (its state was cut away)" if told == "unknown" and not device.recording.has_state else told


def _counted(compared: Sequence[Comparison]) -> str:
    equal = sum(each.agrees for each in compared)
    explained = len(compared) - equal
    return "" if not compared else f"{equal} equal" + (f", {explained} explained" if explained else "")


def _nut(device: Device) -> str:
    if not device.nut:
        return "not recognised"
    status = " ".join(sorted(device.nut.status)) or "no status"
    return f"{device.nut.mib.split()[0]}: {status}"


def _differences(devices: Iterable[Device]) -> Iterator[tuple[str, ...]]:
    for device in devices:
        grouped: dict[tuple[str, str], list[str]] = {}
        for each in (*device.beside_librenms, *device.beside_nut):
            if not each.agrees:
                grouped.setdefault((each.whose, each.reason), []).append(str(each.fact).replace("_", " "))
        for (whose, reason), names in grouped.items():
            yield device.recording.stem, ", ".join(names), {"librenms": "LibreNMS", "nut": "NUT"}[whose], reason


def _beyond(expected: Iterable[Sensor]) -> Iterator[tuple[str, ...]]:
    counted = Counter(sensor.beyond for sensor in expected if sensor.beyond)
    yield from ((why, str(count)) for why, count in counted.most_common())


def _derived() -> Iterator[tuple[str, ...]]:
    for state in State:
        cards = sum(derived(each, state) is not None for each in recordings())
        verdict = f"{state.verdict}, counted as a disturbance" if state is State.DIP else state.verdict
        yield state.value.replace("_", " "), str(cards), verdict


def _beside_nut(devices: Sequence[Device]) -> Iterator[tuple[str, ...]]:
    ours = [device for device in devices if device.reading.success]
    theirs = [device for device in devices if device.nut]
    told = {"mains", "outage", "low_battery", "bypass", "overload", "self_test"}
    with_state = sum(verdict(device.reading) in told for device in ours)
    yield "recognised", str(len(theirs)), str(len(ours))
    yield "recognised by NUT and not by us", "", str(sum(not device.reading.success for device in theirs))
    yield "state told", str(sum(bool(device.nut and device.nut.status) for device in theirs)), str(with_state)
    false = [device for device in theirs if device.nut and "OB" in device.nut.status]
    outages = [device for device in ours if verdict(device.reading) in ("outage", "low_battery")]
    yield "outage although none was recorded", _names(false), _names(outages)
    compared = [each for device in devices for each in device.beside_nut]
    yield "values", str(len(compared)), f"{sum(each.agrees for each in compared)} equal, the rest explained"


def _names(devices: Sequence[Device]) -> str:
    return ", ".join(device.recording.stem for device in devices) or "none"


def _origin(devices: Iterable[Device]) -> str:
    counted = Counter((device.recording.project, device.recording.licence) for device in devices)
    names = ", ".join(f"{project} ({count}, {licence})" for (project, licence), count in sorted(counted.items()))
    silent = ", ".join(sorted(d.recording.stem for d in devices if not (d.recording.has_state or d.reading.success)))
    return f"""\
## Origin

{names}. They are read in place and are no part of this repository; manifest {digest()}.

Of these nobody can tell what feeds the load (identification only, cut down, or no UPS): {silent}.
"""


def _table(title: str, head: str, rows: Iterable[tuple[str, ...]]) -> str:
    columns = "|---" * (head.count("|") + 1) + "|"
    return "\n".join((f"## {title}", "", f"| {head} |", columns, *(f"| {' | '.join(row)} |" for row in rows), ""))
