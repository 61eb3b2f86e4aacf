"""Pacing by what a line carries, on real connections."""

import socket
import struct
from collections.abc import Iterator
from contextlib import closing

import pytest

from agent.io.pacing import Pacing

MAX_PACING_RATE = 47  # linux/asm-generic/socket.h


@pytest.fixture
def connection() -> Iterator[socket.socket]:
    """Connected, and nothing was sent yet: the kernel knows no rate."""
    server = socket.create_server(("127.0.0.1", 0))
    with closing(server), closing(socket.create_connection(server.getsockname())) as found:
        yield found


def rate(connection: socket.socket) -> int:
    """Bytes per second that the kernel was told."""
    found: int = struct.unpack("=I", connection.getsockopt(socket.SOL_SOCKET, MAX_PACING_RATE, 4))[0]
    return found


def test_the_next_request_leaves_half_as_fast_again_as_the_last_one_arrived(connection: socket.socket) -> None:
    Pacing().carried(connection, 64_000, 2.0)
    assert rate(connection) == 48_000


def test_one_slow_request_does_not_make_the_line_slow(connection: socket.socket) -> None:
    pacing = Pacing()
    pacing.carried(connection, 64_000, 2.0)
    pacing.carried(connection, 600, 2.0)
    assert rate(connection) == 24_000


def test_a_line_that_stays_slow_is_believed(connection: socket.socket) -> None:
    pacing = Pacing()
    pacing.carried(connection, 64_000, 2.0)
    for _ in range(10):
        pacing.carried(connection, 2_000, 2.0)
    assert rate(connection) == 1_500
