"""Whom people mean: by name, channel or handle, however they write it."""

from dataclasses import replace

import pytest

from core.domain.account import Platform
from core.domain.observation import Observation, Wanted
from core.usecases.finding import meant
from tests.builders import NOW, a_client, a_linked_connection, an_account

BAKERY = a_client(id="cl_bakery", name="Nordlicht Bakery", channel="C0BAKERY", expected={})
VELO = a_client(id="cl_velo", name="Velo Werk", channel="C0VELO", expected={Platform.INSTAGRAM: "velo.insta"})
SHOP = a_client(id="cl_shop", name="Velo Shop", channel="C0SHOP", expected={Platform.TIKTOK: "velowerk"})
LINKED = (
    a_linked_connection(BAKERY, account=an_account(handle="nordlicht.tok")),
    a_linked_connection(VELO, account=an_account(handle="VeloWerk")),
    a_linked_connection(
        VELO, platform=Platform.INSTAGRAM, account=an_account(Platform.INSTAGRAM, handle=None)
    ),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (" velo  WERK ", [VELO]),
        ("#C0VELO", [VELO]),
        ("c0velo", [VELO]),
        ("#velo-werk", [VELO]),
        ("nordlicht_bakery", []),
        ("@nordlicht.tok", [BAKERY]),
        ("Nordlicht.Tok", [BAKERY]),
        ("https://www.tiktok.com/@nordlicht.tok?lang=de", [BAKERY]),
        ("instagram.com/nordlicht.tok", []),
        ("@velo.insta", [VELO]),
        ("@velowerk", [VELO, SHOP]),
        ("https://www.instagram.com/velowerk", []),
        ("velo", []),
        ("@nobody", []),
        ("#general", []),
        ("🥐", []),
        ("x" * 3000, []),
    ],
)
def test_a_client_goes_by_its_name_its_channel_and_its_handles(typed, found):
    assert meant(typed, [BAKERY, VELO, SHOP], LINKED) == found


def test_a_name_counts_before_a_handle():
    named = a_client(name="velowerk", expected={})
    assert meant("velowerk", [SHOP, named], ()) == [named]


@pytest.mark.parametrize("expected", [{}, {Platform.TIKTOK: "velowerk"}])
def test_a_handle_is_the_clients_that_uses_the_account_by_now(expected):
    former = a_client(id="cl_former", name="Velo Old", channel="C0OLD", expected=expected)
    wish = Observation(wanted=Wanted.UNLINKED)
    ended = LINKED[1].observed(wish, at=NOW, now=NOW)
    ended = replace(ended, id="cn_former", client_id=former.id)
    assert meant("@velowerk", [former, VELO], [ended, LINKED[1]]) == [VELO]
    assert meant("@velowerk", [former, VELO], [ended]) == [former], "nobody else has it"
