"""A portal on which an errand can be run: a session, a token, a login page on another host, a draft that is deleted."""

import asyncio
import json
from asyncio import StreamReader, StreamWriter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qs

from tests.servers.tcp import silence

_SESSION = "SID=s-1"
_TOKEN = 't&"/1'


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Errand:
    """What the portal remembers, and what is wrong with it: paths (with their methods) that hang or fail."""

    hangs: frozenset[str] = frozenset()
    fails: frozenset[str] = frozenset()
    login: str = ""  # the address of the login page
    drafts: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)

    async def behave(self, reader: StreamReader, writer: StreamWriter) -> None:
        request = await _read(reader)
        name = f"{request.method} {request.path}"
        self.asked.append(name)
        self.cookies.append(request.headers.get("cookie", ""))
        if name in self.hangs:
            await silence()
        status, headers, body = (500, "", "") if name in self.fails else self._answer(name, request)
        head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Length: {len(body.encode())}\r\n{headers}\r\n"
        writer.write(head.encode() + body.encode())

    def _answer(self, name: str, request: Request) -> tuple[int, str, str]:
        known = _SESSION in request.headers.get("cookie", "")
        match name:
            case "GET /":
                page = f'<title>Cổng</title><input name="csrf" value="{_TOKEN.replace("&", "&amp;")}">'.replace(
                    '"/', "&quot;/"
                )
                return 200, f"Content-Type: text/html\r\nSet-Cookie: {_SESSION}; Path=/; HttpOnly\r\n", page
            case "GET /login":
                return 302, f"Location: {self.login}\r\n", ""
            case "GET /auth":
                return 200, "Content-Type: text/html\r\nSet-Cookie: SSO=1\r\n", "Đăng nhập VNeID"
            case "POST /drafts" if known and parse_qs(request.body.decode())["csrf"] == [_TOKEN]:
                self.drafts.add("7")
                return 303, "Location: /drafts/7\r\n", ""
            case "GET /drafts/7" if known and "7" in self.drafts:
                return 200, "Content-Type: application/json\r\n", json.dumps({"draft": {"id": 7}})
            case "DELETE /drafts/7" if known and request.headers.get("x-token") == _TOKEN:
                self.drafts.discard("7")
                return 204, "", ""
        return 400, "", name


async def _read(reader: StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path.partition("?")[0], headers, body)


async def slow(reader: StreamReader, writer: StreamWriter) -> None:
    """A page that takes its time."""
    await _read(reader)
    await asyncio.sleep(0.3)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
