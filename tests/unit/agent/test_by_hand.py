"""Fields of a target on the command line: lists, mappings and secrets, through the decoder of a file."""

import json

import pytest

from agent.by_hand import settings
from collectors.capacity.target import Target as CapacityTarget
from collectors.core.decode import DecodeError, decode_text
from collectors.service.target import Target


def target(*pairs: str) -> Target:
    return decode_text(json.dumps({"url": "https://portal.example/", **settings(Target, pairs)}), Target, "test").value


@pytest.mark.parametrize(
    "pairs", [("status=401,403",), ("status=401", "status=403"), ("status=[401, 403]",), ("status=401, 403",)]
)
def test_a_list_is_written_with_commas_again_and_again_or_as_json(pairs: tuple[str, ...]) -> None:
    assert [(one.first, one.last) for one in target(*pairs).status] == [(401, 401), (403, 403)]


def test_one_item_is_a_list_too() -> None:
    assert 401 in target("status=401").status[0]


def test_a_comma_within_a_pattern_stays_there() -> None:
    assert [str(one) for one in target("body_matches=a{1,3}", "body_matches=b,c").body_matches] == ["a{1,3}", "b,c"]


@pytest.mark.parametrize(
    "pairs",
    [("headers.X-One=1", "headers.X-Two=a=b"), ('headers={"X-One": "1"}', "headers.X-Two=a=b")],
)
def test_a_mapping_is_written_key_by_key_or_as_json(pairs: tuple[str, ...]) -> None:
    assert {name: value.reveal() for name, value in target(*pairs).headers.items()} == {"X-One": "1", "X-Two": "a=b"}


def test_a_key_may_have_dots_of_its_own() -> None:
    assert list(target("json_matches.$.data.state=UP").json_matches) == ["$.data.state"]


def test_a_secret_of_a_mapping_is_read_from_a_file() -> None:
    assert settings(Target, ["headers.Authorization=@key"]) == {"headers": {"Authorization": {"file": "key"}}}


@pytest.mark.parametrize(
    "pairs",
    [("counters.router=192.0.2.1", "counters.index=4"), ('counters={"router": "192.0.2.1"}', "counters.index=4")],
)
def test_a_field_that_has_fields_of_its_own_is_written_one_by_one_or_as_json(pairs: tuple[str, ...]) -> None:
    assert settings(CapacityTarget, pairs) == {"counters": {"router": "192.0.2.1", "index": "4"}}


def test_a_secret_within_such_a_field_is_read_from_a_file() -> None:
    assert settings(CapacityTarget, ["counters.community=@key"]) == {"counters": {"community": {"file": "key"}}}


def test_a_plain_field_stays_a_text() -> None:
    assert settings(Target, ["max_body=100", "unknown=x"]) == {"max_body": "100", "unknown": "x"}


def test_a_mapping_that_is_not_json_is_told_with_its_field() -> None:
    with pytest.raises(DecodeError, match="headers: is not JSON"):
        settings(Target, ["headers={X: 1}"])


def test_a_pattern_may_begin_as_a_list_does() -> None:
    assert [str(one) for one in target("body_matches=[Cc]ổng").body_matches] == ["[Cc]ổng"]


@pytest.mark.parametrize(
    "pair", ["status=4xx,teapot", "status=[401", "headers=x", 'headers={"X": [1]}', 'status=[{"a": 1}]']
)
def test_what_does_not_fit_is_refused_by_the_decoder(pair: str) -> None:
    with pytest.raises(DecodeError):
        target(pair)
