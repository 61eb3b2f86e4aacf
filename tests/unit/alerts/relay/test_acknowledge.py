"""The links in messages."""

from dataclasses import replace
from pathlib import Path

from alerts.relay.acknowledge import Links, load_key
from alerts.relay.short import SMS_LENGTH
from tests.unit.alerts.relay.office import channel, office
from tests.unit.alerts.relay.test_desk import DUTY, accept
from tests.unit.alerts.relay.webhook import alert, notification
from tests.unit.inventory.test_hours import at

LINKS = Links("https://cb.example.vn/", b"k" * 32)


def test_each_channel_has_a_link_of_its_own_in_both_languages_and_in_the_sms(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty"), channel("sms"), links=LINKS)
    named = alert(annotations={"summary_vi": "Xã Trường Hà: mất điện lưới", "summary_en": "No mains"})
    accept(place, notification(named), "duty", "sms")
    (incident,) = place.book.incidents.values()
    links = {name: LINKS.of(incident, name) for name in ("duty", "sms")}
    assert len(set(links.values())) == 2
    for name, link in links.items():
        (letter,) = place.waiting[name]
        assert letter.body.count(link) == 2
        assert letter.short.endswith(link)
        assert len(letter.short) <= SMS_LENGTH
        assert LINKS.find(link.rpartition("/")[2], place.book) == (incident, name)


def test_a_link_ends_with_its_incident_and_cannot_be_guessed_from_another(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty"), parties={"province-04": [DUTY]}, links=LINKS)
    accept(place, notification(), now=at(12))
    (incident,) = place.book.incidents.values()
    token = LINKS.of(incident, "duty").rpartition("/")[2]
    next_one = replace(incident, opened=incident.opened + 1)
    for wrong in (
        LINKS.of(next_one, "duty"), LINKS.of(incident, "phone"), Links(LINKS.url, b"x" * 32).of(incident, "duty"),
        token[:-1] + ("a" if token[-1] != "a" else "b"), "", "é" * 24,
    ):  # fmt: skip
        assert LINKS.find(wrong.rpartition("/")[2], place.book) is None
    accept(place, notification(alert("resolved")), now=at(13))
    assert LINKS.find(token, place.book) is None


def test_what_is_over_has_no_link(tmp_path: Path) -> None:
    place = office(tmp_path, links=LINKS)
    accept(place, notification(alert("resolved")))
    assert "cb.example.vn" not in place.waiting["duty"][0].body


def test_the_key_is_made_once_and_for_nobody_else(tmp_path: Path) -> None:
    key = load_key(tmp_path)
    assert (len(key), load_key(tmp_path)) == (32, key)
    assert (tmp_path / "keys" / "acknowledge").stat().st_mode & 0o077 == 0
