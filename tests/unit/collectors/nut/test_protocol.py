"""NUT's network protocol: words, answers, errors, and whatever else a port may say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core import ProbeError, Reason
from collectors.core.values import Secret
from collectors.nut.protocol import LONGEST_LINE, Dialogue, Found, ask, command, words
from collectors.nut.target import Target
from tests.fakes.upsd import FakeUpsd

ONE = {"office": {"ups.status": "OL", "battery.charge": "98"}}


def hold(target: Target, server: FakeUpsd) -> Found:
    """The whole conversation, a line at a time."""
    dialogue, heard = Dialogue(ask(target)), b""
    while (said := dialogue.reply(heard)) is not None:
        heard += server.speak(said)
    assert dialogue.result
    return dialogue.result


def refusal(target: Target, server: FakeUpsd) -> ProbeError:
    with pytest.raises(ProbeError) as caught:
        hold(target, server)
    return caught.value


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"OK", ("OK",)),
        (b'VAR office ups.status "OL CHRG"\r', ("VAR", "office", "ups.status", "OL CHRG")),
        (rb'UPS office "a \"fine\" one \\o/"', ("UPS", "office", r'a "fine" one \o/')),
        (b'VAR office ups.id ""', ("VAR", "office", "ups.id", "")),
        ('UPS main "Trụ sở xã"'.encode(), ("UPS", "main", "Trụ sở xã")),
        (b"", ()),
    ],
)
def test_a_line_is_its_words(line: bytes, expected: tuple[str, ...]) -> None:
    assert words(line) == expected


@pytest.mark.parametrize("line", [b'VAR "office', b'VAR of"fice"', rb'VAR "office\"', b'VAR "a"b'])
def test_quotes_that_do_not_close_are_no_line(line: bytes) -> None:
    with pytest.raises(ProbeError) as caught:
        words(line)
    assert caught.value.reason is Reason.BAD_ANSWER


@given(st.lists(st.text(st.characters(exclude_categories=("Cc", "Cs", "Z"))).map("a{}".format), min_size=1))
def test_what_we_say_is_read_back_as_it_was_meant(said: list[str]) -> None:
    assert words(command("SET", *said)[:-1]) == ("SET", *said)


def test_the_variables_of_the_only_ups_are_read_without_its_name() -> None:
    server = FakeUpsd(ONE)
    assert hold(Target("nut"), server) == Found("office", 'A "fine" UPS', ONE["office"])
    assert server.heard == ["LIST UPS", "LIST VAR office"], "nobody logs in to read"


def test_a_user_logs_in_on_the_ups_that_is_read() -> None:
    server = FakeUpsd({**ONE, "second-ups": {"ups.status": "OB"}}, {"reader": "pass word"})
    found = hold(Target("nut", ups="second-ups", user="reader", password=Secret("pass word")), server)
    assert found.variables == {"ups.status": "OB"}
    assert server.heard == [
        "USERNAME reader", 'PASSWORD "pass word"', "LIST UPS", "LOGIN second-ups", "LIST VAR second-ups",
    ]  # fmt: skip


def test_a_wrong_password_is_denied_and_not_repeated() -> None:
    error = refusal(Target("nut", user="reader", password=Secret("guessed")), FakeUpsd(ONE, {"reader": "right"}))
    assert error.reason is Reason.DENIED
    assert "guessed" not in error.message


@pytest.mark.parametrize("code", ["DATA-STALE", "DRIVER-NOT-CONNECTED"])
def test_a_server_that_has_lost_its_ups_says_so(code: str) -> None:
    assert hold(Target("nut"), FakeUpsd({"office": code})).lost == code


def test_a_driver_that_has_just_begun_knows_nothing_of_its_ups_yet() -> None:
    assert hold(Target("nut"), FakeUpsd({"office": {"ups.status": "WAIT"}})) == Found(
        "office", 'A "fine" UPS', lost="WAIT"
    )


def test_another_error_of_the_server_is_an_error() -> None:
    error = refusal(Target("nut"), FakeUpsd({"office": "FEATURE-NOT-SUPPORTED"}))
    assert (error.reason, "FEATURE-NOT-SUPPORTED" in error.message) == (Reason.ERROR, True)


@pytest.mark.parametrize(("name", "upses"), [("main", ONE), ("", {**ONE, "b": {}}), ("", {}), ("main", {})])
def test_a_ups_that_is_not_there_or_not_clear_is_told_with_those_that_are(
    name: str, upses: dict[str, dict[str, str]]
) -> None:
    error = refusal(Target("nut", ups=name), FakeUpsd(upses))
    assert error.reason is Reason.UNSUPPORTED
    assert all(known in error.message for known in upses)


def listen(pieces: list[bytes], target: Target) -> Reason | None:
    """How a conversation ends in which these come, None = with a result or still listening."""
    dialogue, heard = Dialogue(ask(target)), b""
    try:
        while pieces and dialogue.reply(heard) is not None:
            heard += pieces.pop(0)
    except ProbeError as error:
        return error.reason
    return None


FAILURES = (None, Reason.BAD_ANSWER, Reason.ERROR, Reason.DENIED, Reason.UNSUPPORTED)
WITH_USER = Target("nut", user="reader", password=Secret("x"))


@given(st.lists(st.binary(max_size=60)), st.sampled_from((Target("nut"), WITH_USER)))
def test_any_bytes_have_an_end(pieces: list[bytes], target: Target) -> None:
    assert listen(pieces, target) in FAILURES


_ROW = st.sampled_from(
    [b"OK", b"ERR", b"ERR DATA-STALE", b"BEGIN LIST UPS", b"UPS a", b'UPS b "x"', b"UPS", b"END LIST UPS",
     b"BEGIN LIST VAR a", b'VAR a ups.status "OL"', b"VAR a", b"VAR", b'VAR b c "d"', b"END LIST VAR a", b'"', b""]
)  # fmt: skip


@given(st.lists(_ROW), st.sampled_from((Target("nut"), WITH_USER)))
def test_any_order_of_lines_has_an_end(rows: list[bytes], target: Target) -> None:
    assert listen([row + b"\n" for row in rows], target) in FAILURES


@given(st.lists(st.integers(1, 40)))
def test_it_does_not_matter_how_the_answer_is_cut(cuts: list[int]) -> None:
    whole = FakeUpsd(ONE).speak(b"LIST UPS\n")
    dialogue = Dialogue(ask(Target("nut")))
    assert dialogue.reply(b"") == b"LIST UPS\n"
    for end in sorted(cut for cut in cuts if cut < len(whole)):
        assert dialogue.reply(whole[:end]) == b""
    assert dialogue.reply(whole) == b"LIST VAR office\n"


def test_a_line_without_an_end_is_not_waited_for() -> None:
    dialogue = Dialogue(ask(Target("nut")))
    dialogue.reply(b"")
    with pytest.raises(ProbeError):
        dialogue.reply(b"x" * (LONGEST_LINE + 1))
