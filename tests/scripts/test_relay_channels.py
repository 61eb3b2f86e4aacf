"""Channels of the relay over HTTP, against services that answer, refuse, are slow, break off and lie."""

import asyncio
import json
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from alerts.relay.config import Channel
from alerts.relay.failure import DeliveryError
from alerts.relay.sender import AppriseSender
from alerts.relay.template import Accepted, HttpTemplate
from alerts.relay.web import _TIMEOUT, Request, Web
from collectors.core.values import Secret
from tests.rules.servers import free_port
from tests.servers.answers import (
    LETTER,
    QUICK,
    Handler,
    breaks_off_at_once,
    breaks_off_in_the_middle,
    never_answers,
    says,
    service,
)

# --- one request, and what is known of it ---------------------------------------------------------------------------


async def failure(web_: Web, template: HttpTemplate) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await template.send(web_, LETTER, "short")
    return caught.value


@pytest.mark.parametrize(
    ("handler", "doubt", "lasting", "wait"),
    [
        (says(500), False, False, 0),
        (says(503, Retry_After="7"), False, False, 7),
        (says(429, Retry_After="Fri, 15 Jan 2027 08:00:30 GMT"), False, False, 30),
        (says(429, Retry_After="86400"), False, False, 3600),
        (says(429, Retry_After="nonsense"), False, False, 0),
        (says(401), False, True, 0),
        (says(504), True, False, 0),
        (says(302, Location="http://127.0.0.1:1/"), False, False, 0),
        (breaks_off_at_once, True, False, 0),
        (never_answers, True, False, 0),
    ],
)
async def test_what_a_refusal_means(handler: Handler, doubt: bool, lasting: bool, wait: float) -> None:
    async with service(handler) as url:
        error = await failure(QUICK, HttpTemplate(f"{url}/0"))
    assert (error.doubt, error.lasting, error.wait) == (doubt, lasting, wait)


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://no-such-host.invalid/"])
async def test_where_nobody_listens_or_no_name_resolves_nothing_was_sent(url: str) -> None:
    error = await failure(Web(), HttpTemplate(url.format(port=free_port())))
    assert (error.doubt, error.lasting) == (False, False)


async def test_where_no_name_server_answers_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(*_: object, **__: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr("aiohttp.connector.DefaultResolver.resolve", silent)
    known = (_TIMEOUT.total or 0, _TIMEOUT.connect or 1e9, _TIMEOUT.sock_connect, _TIMEOUT.sock_read)
    total, connect, sock_connect, sock_read = (one / 100 if one else None for one in known)
    quick = aiohttp.ClientTimeout(total=total, connect=connect, sock_connect=sock_connect, sock_read=sock_read)
    error = await failure(Web(timeout=quick), HttpTemplate("http://sms.example.vn/0"))
    assert not error.doubt


async def test_an_answer_that_breaks_off_counts_only_when_its_end_is_not_needed() -> None:
    async with service(breaks_off_in_the_middle) as url:
        await HttpTemplate(f"{url}/0").send(QUICK, LETTER, "short")
        error = await failure(QUICK, HttpTemplate(f"{url}/0", accepted=Accepted(body="ok")))
    assert error.doubt


@pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")  # apprise, when it loads its plugins
@pytest.mark.parametrize(
    ("handler", "doubt"), [(says(500), False), (breaks_off_at_once, True), (never_answers, True), (None, False)]
)
async def test_what_apprise_lets_us_know(handler: Handler | None, doubt: bool) -> None:
    sender = AppriseSender()
    async with service(*filter(None, [handler])) as url:
        where = url if handler else f"http://127.0.0.1:{free_port()}"
        address = Secret(where.replace("http:", "json:") + "/0?rto=0.3")
        with pytest.raises(DeliveryError) as caught:
            await sender.send(Channel(address), LETTER)
    sender.close()
    assert caught.value.doubt is doubt
    assert "JSON" in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


# --- any service over HTTP ------------------------------------------------------------------------------------------


@dataclass
class Gateway:
    """Keeps what it was sent."""

    answer: str = '{"code": "0"}'
    requests: list[tuple[str, dict[str, str], str]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.requests.append((request.path_qs, dict(request.headers), await request.text()))
        return web.Response(text=self.answer)


SECRETS = {"key": Secret("top&secret"), "to": Secret("0912345678")}


async def test_an_sms_gateway_gets_its_own_body_with_every_word_quoted() -> None:
    gateway = Gateway()
    async with service(gateway.take) as url:
        await HttpTemplate(
            f"{url}/0?id={{id}}", '{"to": "{to}", "text": "{text}", "title": "{title}", "no": 5}',
            headers={"Authorization": "Bearer {key}"}, values=SECRETS,
        ).send(QUICK, LETTER, "short")  # fmt: skip
        form = "user={key}&text={summary:12}&gone={alert}"
        await HttpTemplate(f"{url}/0", form, type="form", values=SECRETS).send(QUICK, LETTER, "short")
        await HttpTemplate(f"{url}/0?text={{short}}", method="GET").send(QUICK, LETTER, "short")
    (path, headers, body), (_, _, fields), (asked, _, nothing) = gateway.requests
    assert path == "/0?id=0123.sms"
    assert json.loads(body) == {"to": "0912345678", "text": "Tin gap & ngan", "title": 'Tin "gấp"', "no": 5}
    assert headers["Authorization"] == "Bearer top&secret"
    assert headers["Idempotency-Key"] == '"0123.sms"'
    assert fields == "user=top%26secret&text=X%C3%A3+Tr%C6%B0%E1%BB%9Dng...&gone="
    assert (asked, nothing) == ("/0?text=Tin%20gap%20%26%20ngan", "")


async def test_a_webhook_without_a_body_gets_all_words_as_json() -> None:
    gateway = Gateway()
    async with service(gateway.take) as url:
        await HttpTemplate(f"{url}/0").send(QUICK, LETTER, "full")
    content = json.loads(gateway.requests[0][2])
    assert content["text"] == 'Tin "gấp"\nDòng 1\nDòng 2'
    assert (content["id"], content["office"]) == ("0123.sms", "01273-1")


async def test_a_gateway_that_says_200_and_means_no_is_believed_and_its_echo_is_censored() -> None:
    async with service(Gateway('{"code": "101", "for": "0912345678"}').take) as url:
        accepted = Accepted(status=(200,), body=r'"code": *"0"')
        error = await failure(QUICK, HttpTemplate(f"{url}/0", values=SECRETS, accepted=accepted))
    assert str(error) == 'answers 200: {"code": "101", "for": "***"}'


ECHOES = ("-" * 195 + "ke/y+ke/y", "ke%2Fy%2Bke%2Fy", r"ke\/y+ke\/y", "84912345678", "+84 912345678")


@pytest.mark.parametrize("echo", ECHOES)
async def test_no_part_of_a_secret_is_told_however_a_gateway_echoes_it(echo: str) -> None:
    secrets = {"key": Secret("ke/y+ke/y"), "to": Secret("0912345678")}
    async with service(Gateway(echo).take) as url:
        error = await failure(QUICK, HttpTemplate(f"{url}/0", values=secrets, accepted=Accepted(status=(202,))))
    assert "ke" not in str(error)
    assert "12345678" not in str(error)


async def test_one_request_is_one_connection() -> None:
    """One that the service has closed meanwhile would look like a lost answer."""
    gateway = Gateway()
    async with service(gateway.take) as url:
        for _ in range(2):
            await QUICK.ask(Request("POST", f"{url}/0", {}, b""))
    assert all(headers.get("Connection") == "close" for _, headers, _ in gateway.requests)
