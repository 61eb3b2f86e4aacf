"""relay.yml is checked as a whole, and secrets stay secret."""

import re
from pathlib import Path

import pytest

from alerts.relay.cli import main
from alerts.relay.config import RelaySettings, Retry
from alerts.relay.sender import without_address
from collectors.core.decode import DecodeError, decode_text
from collectors.core.values import Duration, Secret
from tests.tools.debian import CHECKOUT

GOOD = """
version: 1
queue: /var/lib/communewatch/relay
channels:
  zalo: {url: "zalo://123456:token-of-the-bot/987654", fallback: mail}
  mail: {url: "mailtos://robot:pass-word@example.vn", form: full}
  sms: {url: "json://127.0.0.1/", form: short, only_critical: true, per_minute: 5}
default: [zalo]
"""


def problems(text: str) -> str:
    with pytest.raises(DecodeError) as caught:
        decode_text(text, RelaySettings, "relay.yml")
    return str(caught.value)


def test_a_good_file_is_read() -> None:
    settings = decode_text(GOOD, RelaySettings, "relay.yml").value
    assert settings.channels["zalo"].fallback == "mail"
    assert settings.listen.port == 9819
    assert "token" not in repr(settings)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("default: [zalo]", "default: [gone]"), r"relay.yml:8 default: gone is not one of the channels"),
        (("default: [zalo]", "default: []"), r"default: is empty"),
        (("fallback: mail", "fallback: fax"), r"zalo: its fallback fax is not one of the channels"),
        (("form: full", "fallback: zalo"), r"zalo: its fallbacks lead in a circle"),
        (("  sms:", "  S M S:"), r"'S M S': a name is made of small letters"),
        (("per_minute: 5", "per_minute: 0"), r"channels.sms.per_minute: should be at least 1"),
        (("queue:", "queu:"), r"did you mean queue"),
        (("version: 1", "version: 1\nretry: {first: 0s}"), r"retry.first: should be more than 0"),
        (("version: 1", "version: 1\nretry: {first: 1m, longest: 5s}"), r"retry.longest: should be at least `first`"),
        (("version: 1", "version: 1\nretry: {attempts: 0}"), r"retry.attempts: should be at least 1"),
        (("version: 1", "version: 1\nqueue_limit: 0"), r"queue_limit: should be at least 1"),
    ],
)
def test_a_slip_is_reported_with_its_place(change: tuple[str, str], message: str) -> None:
    assert re.search(message, problems(GOOD.replace(*change)))


@pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")  # apprise, when it loads its plugins
def test_an_address_that_apprise_does_not_know_is_refused_without_showing_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "relay.yml"
    path.write_text(GOOD.replace("zalo://", "nonsense://"), encoding="utf-8")
    assert main(["run", "--config", str(path)]) == 2
    said = capsys.readouterr().err
    assert "relay.yml:5 channels.zalo.url: is not an address that apprise understands" in said
    assert "token-of-the-bot" not in said


@pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")  # apprise, when it loads its plugins
@pytest.mark.parametrize(
    ("channel", "status", "said"),
    [("sms", 0, ""), ("fax", 1, "receivers.yml: somebody is to be told by fax"), ("[", 2, "receivers.yml:")],
)
def test_a_check_starts_nothing_and_says_who_would_not_be_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], channel: str, status: int, said: str
) -> None:
    path = tmp_path / "relay.yml"
    path.write_text(f"{GOOD}receivers: {tmp_path / 'receivers.yml'}\n", encoding="utf-8")
    level = f"{{channels: [mail], escalation: [{{channels: [{channel}], critical: 10m}}]}}"
    (tmp_path / "receivers.yml").write_text(f"version: 1\nreceivers: {{one: [{level}]}}\n", encoding="utf-8")
    assert main(["check", "--config", str(path)]) == status
    told = capsys.readouterr()
    assert said in told.err
    assert "zalo: url, then mail\n" in told.out
    assert "token-of-the-bot" not in told.out + told.err
    assert {one.name for one in tmp_path.iterdir()} == {"relay.yml", "receivers.yml"}


def test_a_missing_file_is_a_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--config", str(tmp_path / "relay.yml")]) == 2
    assert "No such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("tgram://123456789:abcdefg_hij/-1001234", "error at https://api.telegram.org/bot123456789:abcdefg_hij/send"),
        ("mailtos://robot:p%40ss-word@example.vn", "login robot with p@ss-word failed"),
        ("zalo://onlyletters/chat", "onlyletters is not valid"),
    ],
)
def test_no_part_of_an_address_appears_in_an_error(url: str, text: str) -> None:
    said = without_address(text, Secret(url))
    for part in ("123456789", "abcdefg_hij", "robot", "ss-word", "onlyletters"):
        assert part not in said


def test_waits_double_up_to_the_longest() -> None:
    retry = Retry(first=Duration(5), longest=Duration(60))
    assert [retry.wait(failures) for failures in (1, 2, 3, 4, 5, 1000)] == [5, 10, 20, 40, 60, 60]


def test_the_example_of_the_documentation_is_a_good_file() -> None:
    text = (CHECKOUT / "docs" / "relay.md").read_text(encoding="utf-8")
    example = text.partition("```yaml\n")[2].partition("```")[0]
    settings = decode_text(example, RelaySettings, "relay.yml", read_secrets=False).value
    assert {name for name in settings.channels if settings.channels[name].zns} == {"zns-lanh-dao-cao-bang"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("form: full", 'http: {url: "https://sms.example.vn/"}'), r"mail.url: a channel has exactly one of"),
        (('url: "json://127.0.0.1/"', "per_minute: 3"), r"sms.url: a channel has exactly one of"),
        (('url: "json://127.0.0.1/"', 'http: {url: "https://a.vn/{who}"}'), r"http.url: {who} is neither one of"),
        (('url: "json://127.0.0.1/"', 'http: {url: "ftp://a.vn/"}'), r"http.url: is not an http"),
        (
            ('url: "json://127.0.0.1/"', 'http: {url: "https://a.vn/", accepted: {body: "("}}'),
            r"accepted.body: is not a regular expression",
        ),
        (
            ('url: "json://127.0.0.1/"', 'zns: {phone: "09", template_id: "1", data: {a: "{what}"}}'),
            r"zns.data: {what} is not one of the letter's words",
        ),
        (
            ('url: "json://127.0.0.1/"', 'zns: {phone: "09", template_id: "1", data: {a: "{title}"}}'),
            r"sms: zns needs the application",
        ),
    ],
)
def test_a_slip_of_a_channel_is_reported_with_its_place(change: tuple[str, str], message: str) -> None:
    sms = '{url: "json://127.0.0.1/", form: short, only_critical: true, per_minute: 5}'
    plain = GOOD.replace(sms, '{url: "json://127.0.0.1/"}')
    assert re.search(message, problems(plain.replace(*change)))
