import pytest
from django.test import RequestFactory

from talentcard.core.network import client_address


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [
        (False, "203.0.113.9", "127.0.0.1"),
        (True, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (True, "", "127.0.0.1"),
    ],
)
def test_client_address_believes_only_our_proxy(
    settings: object, behind_proxy: bool, forwarded: str, address: str
) -> None:
    settings.BEHIND_PROXY = behind_proxy  # type: ignore[attr-defined]

    assert client_address(RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})) == address
