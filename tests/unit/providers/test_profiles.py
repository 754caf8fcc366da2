"""Whether a bio leads to the other account."""

import pytest

from core.domain.account import Platform
from core.providers.profiles import leads_to
from tests.builders import an_account


@pytest.mark.parametrize(
    "text",
    [
        "https://www.tiktok.com/@nordlicht.bakery",
        "Bread! TikTok.com/@Nordlicht.Bakery.",
        "(tiktok.com/@nordlicht.bakery)",
        "http://127.0.0.1:8000/www.tiktok.com/@nordlicht.bakery?lang=de",
    ],
)
def test_an_address_leads_there_however_it_is_written(text):
    assert leads_to(text, an_account(Platform.TIKTOK))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tiktok.com/@nordlicht.bakery2",
        "tiktok.com/@nordlicht.bakery.fans",
        "tiktok.com/@nordlichtxbakery",
        "nottiktok.com/@nordlicht.bakery",
        "instagram.com/nordlicht.bakery",
        "@nordlicht.bakery",
    ],
)
def test_another_address_does_not(text):
    assert not leads_to(text, an_account(Platform.TIKTOK))


def test_instagram_addresses_have_no_at():
    assert leads_to("instagram.com/nordlicht.bakery/", an_account(Platform.INSTAGRAM))


def test_nothing_leads_to_an_account_without_a_handle():
    assert not leads_to("tiktok.com/@none", an_account(handle=None))
