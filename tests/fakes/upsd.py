"""A NUT server from memory, as FakeNet's `talks` want it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class FakeUpsd:
    """upses: name -> variables, or the error that is given instead; accounts: user -> password, {} = nobody is asked.

    `heard` is every line that came.
    """

    upses: Mapping[str, Mapping[str, str] | str]
    accounts: Mapping[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    user: str = ""
    password: str = ""

    def speak(self, said: bytes) -> bytes:
        """The answer to one line."""
        line = said.decode().rstrip("\n")
        self.heard.append(line)
        verb, _, rest = line.partition(" ")
        return {"LIST": self._list, "LOGIN": self._login, "USERNAME": self._username, "PASSWORD": self._password}[verb](
            rest
        ).encode()

    def _username(self, rest: str) -> str:
        self.user = rest.strip('"')
        return "OK\n"

    def _password(self, rest: str) -> str:
        self.password = rest.strip('"')
        return "OK\n"

    def _login(self, _: str) -> str:
        return "OK\n" if self.accounts.get(self.user) == self.password else "ERR ACCESS-DENIED\n"

    def _list(self, rest: str) -> str:
        if rest == "UPS":
            return _block("UPS", [f'UPS {name} "A \\"fine\\" UPS"' for name in self.upses])
        name = rest.removeprefix("VAR ").strip('"')
        found = self.upses[name]
        if isinstance(found, str):
            return f"ERR {found}\n"
        return _block(f"VAR {name}", [f'VAR {name} {key} "{value}"' for key, value in found.items()])


def _block(what: str, rows: list[str]) -> str:
    return "\n".join((f"BEGIN LIST {what}", *rows, f"END LIST {what}", ""))
