"""How requests name themselves."""

import pytest

from agent import VERSION, user_agent


@pytest.mark.parametrize(
    ("contact", "named"),
    [
        ("", ""),
        ("ops@example.vn", " (+ops@example.vn)"),
        ("Sở Khoa học và Công nghệ Cao Bằng", " (+So Khoa hoc va Cong nghe Cao Bang)"),
        ("Đường dây nóng Đắk Lắk", " (+Duong day nong Dak Lak)"),
    ],
)
def test_a_vietnamese_contact_stays_readable_in_a_header_that_carries_ascii_only(contact: str, named: str) -> None:
    assert user_agent(contact) == f"communewatch/{VERSION}{named}"
