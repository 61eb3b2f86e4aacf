"""The bounds of a head: right ones pass in whatever pieces they come, endless lines do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.io.http_head import MOST_HEAD, HeadGuard
from collectors.core import ProbeError

STATUS = b"HTTP/1.1 200 OK\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"


def problem(*pieces: bytes) -> str:
    guard = HeadGuard()
    try:
        for piece in pieces:
            guard.check(piece)
    except ProbeError as error:
        return error.message
    return ""


@pytest.mark.parametrize(
    "head",
    [
        STATUS + b"X: " + b"x" * 8_000 + b"\r\n\r\n",
        STATUS + b"X: y\r\n" * 4_000 + b"\r\n",
        b"HTTP/1.1 200 " + b"O" * 2_000 + b"\r\n\r\n",
        HINTS * 100 + STATUS + b"\r\n",
        STATUS.replace(b"\r", b"") + b"\n",
    ],
)
def test_what_a_right_server_may_send_passes_and_its_body_is_not_looked_at(head: bytes) -> None:
    assert problem(head + b"x" * 100_000) == ""
    assert problem(head, b"x" * 100_000) == ""


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (b"HTTP/1.1 200 " + b"O" * 3_000, "the status line"),
        (STATUS + b"X: " + b"x" * 9_000, "a header"),
        (STATUS + b"X: y\r\n" + b" y\r\n" * 4_000, "a header"),
        (STATUS + b"X: y\r\n" * 10_000, f"within {MOST_HEAD} bytes"),
        (HINTS * 2_000, f"within {MOST_HEAD} bytes"),
        (HINTS + b"HTTP/1.1 200 " + b"O" * 3_000, "the status line"),
    ],
)
def test_what_does_not_end_is_refused(head: bytes, why: str) -> None:
    assert why in problem(head)


@given(
    st.lists(st.sampled_from([STATUS, HINTS, b"\r\n", b"\n", b" x", b"X: y\r\n", b"x" * 3_000])), st.integers(1, 5_000)
)
def test_it_does_not_matter_in_which_pieces_a_head_comes(parts: list[bytes], size: int) -> None:
    whole = b"".join(parts)[: MOST_HEAD - 1]
    pieces = [whole[start : start + size] for start in range(0, len(whole), size)]
    assert problem(whole) == problem(*pieces)
