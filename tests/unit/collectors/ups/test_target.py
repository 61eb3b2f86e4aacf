"""What agent.yml and the command line may say of a UPS."""

import pytest

from collectors.core.decode import DecodeError, decode_text
from collectors.ups import COLLECTOR, Target


def test_a_host_is_enough() -> None:
    agent = decode_text("host: 10.0.0.5", Target, "agent.yml").value.agent
    assert (agent.host, agent.port, agent.version, agent.community.reveal()) == ("10.0.0.5", 161, "auto", "public")


def test_version_3_hands_its_user_on() -> None:
    text = (
        "{host: ups, version: 3, user: reader, auth: sha, auth_key: 12345678, privacy: aes128, privacy_key: 87654321}"
    )
    agent = decode_text(text, Target, "agent.yml").value.agent
    assert (agent.version, agent.user, agent.auth, agent.privacy) == ("3", "reader", "sha", "aes128")
    assert agent.auth_key.reveal() == "12345678"
    assert "12345678" not in repr(agent)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{host: ups, port: 70000}", "70000 is not a UDP port"),
        ("{host: 'no host'}", "'no host' is not an address or a host name"),
        ("{host: ups, mib: apc}", "'apc' is not one of auto, algcom, "),
        ("{host: ups, version: 3}", "SNMP version 3 needs one"),
        (f"{{host: ups, version: 3, user: {'u' * 33}}}", "is longer than the 32 bytes that SNMP allows"),
        ("{host: ups, user: reader}", "is for SNMP version 3, but the version is auto"),
        ("{host: ups, version: 3, user: a, auth: sha, auth_key: short}", "fewer than 8 characters"),
        ("{host: ups, version: 3, user: a, privacy: des, privacy_key: 12345678}", "needs authentication too"),
        ("{host: ups, version: 4}", "'4' is not one of auto, 1, 2c, 3"),
    ],
)
def test_a_wrong_target_is_refused_with_a_reason(text: str, told: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decode_text(text, Target, "agent.yml")
    assert told in str(caught.value)
    assert "12345678" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("10.0.0.5", {"host": "10.0.0.5"}),
        ("ups.office:1161", {"host": "ups.office", "port": "1161"}),
        ("[fd00::5]:161", {"host": "fd00::5", "port": "161"}),
    ],
)
def test_the_command_line_takes_a_host_and_a_port(text: str, target: dict[str, str]) -> None:
    assert COLLECTOR.argument(text) == target
