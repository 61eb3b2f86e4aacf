"""Zalo Notification Service: a template that Zalo has approved, filled in and sent to one telephone number.

POST https://business.openapi.zalo.me/message/template, header access_token; the answer's `error` is 0 when it was
taken (https://developers.zalo.me/docs/zalo-notification-service, https://zalo.cloud/zns/guidelines/handle-error-code).
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alerts.relay.failure import DeliveryError, censored
from alerts.relay.letter import Letter, stem
from alerts.relay.tokens import Tokens
from alerts.relay.web import Reply, Request, Web
from alerts.relay.words import KNOWN, fill, names, words
from collectors.core.values import Secret, Url

_TOKEN_ENDED = -124
_PASSING = (-100,)  # "unknown, try again later"; every other code stays until somebody changes something


@dataclass(frozen=True, slots=True)
class Zns:
    """phone: 0912345678 or 84912345678; data: the template's parameters, with {placeholders} for the letter's words."""

    phone: Secret
    template_id: str
    data: Mapping[str, str]
    url: Url = Url("https://business.openapi.zalo.me/message/template")

    def check(self) -> Iterator[tuple[str, str]]:
        """Placeholders that nothing fills would be sent as they stand."""
        for name in sorted({name for text in self.data.values() for name in names(text)} - KNOWN):
            yield "data", f"{{{name}}} is not one of the letter's words: {', '.join(sorted(KNOWN))}"

    @property
    def _number(self) -> str:
        """With the country's prefix and without anything between the digits."""
        return re.sub(r"^0", "84", re.sub(r"\D", "", self.phone.reveal()))

    def request(self, letter: Letter, form: str, token: str) -> Request:
        """tracking_id: the same for every attempt at one message."""
        said = words(letter, form)
        body = {
            "phone": self._number,
            "template_id": self.template_id,
            "template_data": {name: fill(text, said) for name, text in self.data.items()},
            "tracking_id": stem(letter.id),
        }
        headers = {"Content-Type": "application/json", "access_token": token}
        return Request("POST", self.url, headers, json.dumps(body, ensure_ascii=False).encode())

    async def send(self, web: Web, tokens: Tokens, letter: Letter, form: str) -> None:
        """Raises DeliveryError. A token that Zalo does not take any more is renewed once."""
        token = await tokens.access()
        code, text = self._judge(await web.ask(self.request(letter, form, token)))
        if code == _TOKEN_ENDED:
            token = await tokens.access(refused=token)
            code, text = self._judge(await web.ask(self.request(letter, form, token)))
        if code:
            said = censored(text, [self.phone.reveal(), self._number, self._number[2:], token])
            raise DeliveryError(f"Zalo answers {code}: {said[:200]}", lasting=code not in _PASSING)

    def _judge(self, reply: Reply) -> tuple[int, str]:
        """Error code and words. Raises DeliveryError for what Zalo itself did not answer."""
        if reply.cut:
            raise DeliveryError("the answer broke off", doubt=True)
        if reply.status != 200:
            raise reply.error(f"answers {reply.status}")
        try:
            content = json.loads(reply.text)
            return int(content["error"]), str(content.get("message", ""))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            raise DeliveryError("answers something that is not Zalo's", doubt=True) from None
