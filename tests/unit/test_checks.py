"""What the doctor says about the address from which platforms fetch files."""

import pytest

from bot.commands import checks
from bot.settings import Settings


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("https://links.example.com", True),
        ("https://8.8.8.8", True),
        ("http://links.example.com", False),
        ("https://localhost", False),
        ("https://10.0.0.7", False),
        ("https://[::1]", False),
        ("https://crosslink.internal", False),
    ],
)
async def test_platforms_fetch_from_public_https_alone(address: str, is_public: bool):
    (check,) = await checks._publishing(Settings.model_validate({"base_url": address}))
    assert ("URL properties" in check.do) is is_public
    assert f"{address}/media/" in check.says
