"""Credentials are known by their names, and URLs are shown without what may be one."""

import pytest

from collectors.core.credentials import in_query, is_credential, shown
from collectors.core.values import Secret, Url


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Authorization",
            "Proxy-Authorization",
            "Cookie",
            "X-Api-Key",
            "X-API-KEY",
            "apikey",
            "ApiKey",
            "X-Auth-Token",
        ),
        *("token", "access_token", "accessToken", "sig", "X-Amz-Signature", "client_secret", "password", "jwt", "sid"),
    ],
)
def test_a_credential_is_known_by_its_name(name: str) -> None:
    assert is_credential(name)


@pytest.mark.parametrize(
    "name", ["Accept", "Accept-Language", "X-Requested-With", "page", "monkey", "author", "q", "ma_thu_tuc", "keyword"]
)
def test_an_ordinary_field_is_none(name: str) -> None:
    assert not is_credential(name)


def test_credentials_in_a_query_are_found() -> None:
    assert [*in_query("https://a.example/?page=1&api_key=s3cret&sig=x#token=y")] == [
        ("api_key", "s3cret"),
        ("sig", "x"),
    ]


def test_a_url_is_shown_without_its_query() -> None:
    url = Url.parse("https://a.example/list?token=s3cret")
    assert shown(url) == "https://a.example/list?..."
    assert repr(url) == "'https://a.example/list?...'"
    assert str(url).endswith("s3cret")


def test_where_a_secret_was_written_makes_no_other_secret_of_it() -> None:
    assert Secret("x", written_out=True) == Secret("x")
    assert "written_out" not in repr(Secret("x", written_out=True))
