"""The emulated TikTok asks people for consent as its fact sheet says, over real HTTP."""

import hashlib

import pytest

from tests.contract.sandbox_posting import BASIC, VIDEO_PUBLISH
from tests.unit.sandbox.people import callback

VERIFIER = "v" * 43
HEX = hashlib.sha256(VERIFIER.encode()).hexdigest()


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_key": "another"},
        {"client_key": None, "client_id": "sandbox-tiktok-key"},
        {"response_type": "token"},
        {"redirect_uri": "https://evil.example/back"},
        {"scope": "user.info.basic video.publish"},
        {"scope": "video.create"},
        {"scope": None},
    ],
)
async def test_a_wrong_request_ends_on_tiktoks_own_page_and_calls_nobody_back(tiktok, site, wrong):
    for answer in (await tiktok.look(**wrong), await tiktok.decide("velowerk", **wrong)):
        assert answer.status_code == 400
        assert "Something went wrong" in answer.text
        assert "Location" not in answer.headers


async def test_an_unapproved_scope_or_an_uninvited_person_ends_there_too(tiktok, site):
    await site.control("apps/tiktok", {"scopes": [BASIC], "target_users": ["velowerk"]})
    assert "Something went wrong" in (await tiktok.look()).text
    assert (await tiktok.decide("velowerk", scope=BASIC)).status_code == 302
    assert "non_sandbox_target" in (await tiktok.decide("velo.fanpage", scope=BASIC)).text


async def test_a_person_chooses_an_account_then_sees_the_permissions(tiktok):
    chooser = await tiktok.look()
    assert all(handle in chooser.text for handle in ("nordlicht.bakery", "velowerk", "velo.fanpage"))
    consent = await tiktok.look(**{"as": "velowerk"})
    assert 'value="video.publish"' in consent.text
    assert "@velowerk" in consent.text
    assert "Sandbox." in consent.text


async def test_allowing_calls_back_with_the_granted_scopes_in_the_plural(tiktok):
    got = callback(await tiktok.decide("velowerk"))
    assert (got["scopes"], got["state"]) == (f"{BASIC},{VIDEO_PUBLISH}", "a-state")
    assert got["code"]


@pytest.mark.parametrize("error", ["access_denied", "unauthorized_client"])
async def test_cancelling_calls_back_with_an_error(tiktok, site, error):
    await site.switch("tiktok", cancel_error=error)
    got = callback(await tiktok.decide("velowerk", "cancel"))
    assert (got["error"], got["state"], "code" in got) == (error, "a-state", False)


@pytest.mark.parametrize(
    "uris",
    [
        ["http://agency.example/back"],
        ["https://agency.example/back?client=1"],
        ["https://agency.example/back#there"],
        ["https://agency.example/" + "x" * 500],
        ["http://localhost/back"],
        ["http://localhost:port/back"],
        [f"https://agency.example/{number}" for number in range(11)],
    ],
)
async def test_the_portal_takes_no_other_redirects_than_login_kit_does(site, uris):
    assert (await site.control("apps/tiktok", {"redirect_uris": uris})).status_code == 400


async def test_the_portal_takes_ten_redirects_on_this_machine_with_their_ports(site):
    uris = ["http://localhost:3000/back", *(f"https://agency.example/{number}" for number in range(9))]
    assert (await site.control("apps/tiktok", {"redirect_uris": uris})).json()["redirect_uris"] == uris


async def test_an_unticked_scope_is_not_granted_and_the_basic_one_cannot_be_unticked(tiktok):
    tokens = await tiktok.link(
        "velowerk", scopes=[VIDEO_PUBLISH], scope=f"{BASIC},{VIDEO_PUBLISH},video.upload"
    )
    assert tokens["scope"] == f"{BASIC},{VIDEO_PUBLISH}"


async def test_the_basic_scope_comes_by_itself(tiktok):
    assert (await tiktok.link("velowerk", scope=VIDEO_PUBLISH))["scope"] == f"{BASIC},{VIDEO_PUBLISH}"


@pytest.mark.parametrize("form", [{"handle": "nobody"}, {"handle": "velowerk", "decision": "maybe"}])
async def test_a_form_that_makes_no_sense_calls_nobody_back(tiktok, form):
    assert (await tiktok.decide(**form)).status_code == 400


async def test_without_disable_auto_auth_the_last_account_is_silently_reconnected(tiktok):
    await tiktok.link("velo.fanpage")
    assert callback(await tiktok.look(disable_auto_auth="0"))["code"]
    assert (await tiktok.look()).status_code == 200
    wider = await tiktok.look(disable_auto_auth=None, scope=f"{BASIC},video.upload")
    assert wider.status_code == 200


@pytest.mark.parametrize("condition", ["checkpoint", "banned", "deleted"])
async def test_an_account_in_trouble_cannot_consent(tiktok, site, condition):
    await site.change("tiktok", "velowerk", condition=condition)
    answer = await tiktok.decide("velowerk")
    assert (answer.status_code, condition in answer.text or condition == "deleted") == (400, True)


# PKCE: hex, and only looked at on loopback unless a switch says more


async def test_a_hex_challenge_must_be_proved(tiktok):
    got = callback(await tiktok.decide("velowerk", code_challenge=HEX, code_challenge_method="S256"))
    wrong = await tiktok.exchange(got["code"], code_verifier="w" * 43)
    assert wrong.json()["error"] == "invalid_request"
    got = callback(await tiktok.decide("velowerk", code_challenge=HEX, code_challenge_method="S256"))
    assert "access_token" in (await tiktok.exchange(got["code"], code_verifier=VERIFIER)).json()


@pytest.mark.parametrize(
    ("policy", "sent", "shown"),
    [
        ("if_sent", {}, True),
        ("if_sent", {"code_challenge": "base64url_not_hex", "code_challenge_method": "S256"}, False),
        ("if_sent", {"code_challenge": HEX, "code_challenge_method": "plain"}, False),
        ("off", {"code_challenge": "anything"}, True),
        ("loopback", {}, False),
        ("always", {}, False),
        ("always", {"code_challenge": HEX, "code_challenge_method": "S256"}, True),
    ],
)
async def test_how_strict_pkce_is_can_be_switched(tiktok, site, policy, sent, shown):
    await site.switch("tiktok", pkce=policy)
    assert (await tiktok.look(**sent)).status_code == (200 if shown else 400)


async def test_a_challenge_on_an_https_redirect_is_ignored(tiktok, site):
    await site.control("apps/tiktok", {"redirect_uris": ["https://agency.example/back"]})
    answer = await tiktok.look(redirect_uri="https://agency.example/back", code_challenge="x")
    assert answer.status_code == 200
