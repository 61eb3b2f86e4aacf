"""The hostile web server's pages: as large as a probe reads, each made to be slow or large to look at.

None is ever the same twice, for what was read once is remembered.
"""

from asyncio import StreamReader, StreamWriter
from itertools import count

from collectors.core import Reason
from collectors.service.target import Target
from tests.servers.hostile import OK
from tests.servers.http_wrong import Table, rows
from tests.servers.tcp import Behaviour, request

MOST = Target().max_body
PIECE = 16_384
MOST_REDIRECTS = 10
_numbers = count()


def full_of(unit: str, charset: str = "utf-8", claimed: str = "") -> Behaviour:
    """A page of MOST bytes in which one thing is repeated."""
    more = unit.encode(charset)
    body = memoryview(more * (MOST // len(more)))
    head = OK + f"Content-Type: text/html; charset={claimed or charset}\r\n\r\n".encode()

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await request(reader)
        writer.write(head + f"{next(_numbers)} ".encode(charset))
        for start in range(0, len(body), PIECE):
            writer.write(body[start : start + PIECE])
            await writer.drain()

    return behave


async def leads_on(reader: StreamReader, writer: StreamWriter) -> None:
    """Ten redirects, each with a page of its own."""
    number = int((await request(reader)).split(b" ")[1].strip(b"/") or b"0")
    head = OK if number == MOST_REDIRECTS else b"HTTP/1.1 302 Found\r\nLocation: /%d\r\n" % (number + 1)
    writer.write(head + b"Content-Length: %d\r\n\r\n" % MOST)
    for _ in range(MOST // PIECE):
        writer.write(b"x" * PIECE)
        await writer.drain()


OVER_PAGES: Table = rows(
    "",
    Reason.OK,
    a_page_of_marks_out_of_order=full_of("\u0315\u0300"),
    a_page_of_Hebrew_marks=full_of("\u05b4\u05b0"),
    a_page_of_ligatures=full_of("\ufdfa"),
    a_page_of_ligatures_in_UTF_16=full_of("\ufdfa", "utf-16-le", "utf-16"),
    a_page_of_letters_beyond_the_first_plane=full_of("\U0001f600"),
    a_page_in_an_exotic_codec=full_of("a", "ascii", "punycode"),
    a_page_in_Vietnamese=full_of("<li>Thủ tục đăng ký khai sinh, cấp giấy chứng nhận</li>\n"),
    a_page_of_headings=full_of("<h1>x"),
    a_page_of_tags=full_of("<a>"),
    a_page_of_beginnings=full_of("<script"),
    a_page_of_references=full_of("&#7843;"),
    a_page_of_one_endless_number=full_of("&#" + "9" * 60_000),
    a_page_behind_ten_pages=leads_on,
)
