"""Runs in the office's own environment: the least that an exchange costs in CPython, for comparison.

Nothing but calls into C, one after the other: a socket, where asked for OpenSSL's handshake with the chain and the name
checked, a request that is ready, and the answer read to its end. No event loop, no timeout, no phases, no verdict.
Prints `exchanges cpu_seconds`. Usage: bare.py URL CA COUNT
"""

import resource
import socket
import ssl
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

RECORD = 16_384


def exchange(address: tuple[str, int], request: bytes, secure: Callable[[socket.socket], socket.socket]) -> bytes:
    """The beginning of the answer."""
    with socket.create_connection(address) as plain, secure(plain) as connection:
        connection.sendall(request)
        first = connection.recv(RECORD)
        while connection.recv(RECORD):
            pass
        return first


def main(url: str, ca: str, count: int) -> None:
    """Ask so often, and once before."""
    place = urlsplit(url)
    address = (place.hostname or "", place.port or 0)
    request = f"GET / HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n".encode()

    def as_it_is(connection: socket.socket) -> socket.socket:
        return connection

    def over_tls(connection: socket.socket) -> socket.socket:
        return context.wrap_socket(connection, server_hostname=address[0])

    if ca:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(ca)
    secure = over_tls if ca else as_it_is
    exchange(address, request, secure)
    before = resource.getrusage(resource.RUSAGE_SELF)
    for _ in range(count):
        assert exchange(address, request, secure).startswith(b"HTTP/1.1 200")
    after = resource.getrusage(resource.RUSAGE_SELF)
    print(count, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
