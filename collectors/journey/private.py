"""Names of fields that no probe may fill in: passwords, one-time codes, identity numbers, captchas. Pure.

A list of names cannot prove that a field is harmless. It catches the slip; the rule stands in docs/journeys.md.
"""

import re

from collectors.service.text import fold

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")  # userPin, OTPCode
_WORDS = frozenset(("pass", "pwd", "pw", "pin", "pincode", "mapin", "mk", "totp", "cccd", "cmnd"))
_PARTS = (
    *("password", "passwd", "passphrase", "passcode", "matkhau", "secret", "credential", "apikey", "captcha"),
    *("username", "tendangnhap", "taikhoan", "maxacthuc", "maxacnhan", "sodinhdanh", "madinhdanh", "socancuoc"),
)


def is_private(name: str) -> bool:
    """Whether a field of this name holds what only a person may give: `mật khẩu`, `j_password`, `userOTP`, `PIN`."""
    words = re.findall("[a-z]+", fold(_HUMP.sub(" ", name)))
    together = "".join(words)
    return (
        any(word in _WORDS or word.startswith("otp") or word.endswith("otp") for word in words)
        or any(part in together for part in _PARTS)
        or together in _WORDS
    )
