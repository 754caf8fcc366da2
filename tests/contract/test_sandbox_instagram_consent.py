"""The emulated Instagram Login asks people for consent as its fact sheet says, over real HTTP."""

import pytest

from tests.contract.sandbox_publishing import BASIC, CONTENT_PUBLISH
from tests.unit.sandbox.people import callback


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"client_id": "another"}, "Invalid platform app"),
        ({"redirect_uri": "https://evil.example/back"}, "Invalid redirect_uri"),
        ({"response_type": "token"}, "Invalid response_type"),
        ({"scope": f"{BASIC},business_basic"}, "Invalid Scopes: business_basic"),
        ({"scope": f"{BASIC},instagram_business_content_publishing"}, "Invalid Scopes"),
        ({"scope": CONTENT_PUBLISH}, "is missing"),
    ],
)
async def test_a_wrong_request_ends_on_instagrams_own_page(instagram, wrong, text):
    for answer in (await instagram.look(**wrong), await instagram.decide("velowerk", **wrong)):
        assert (answer.status_code, text in answer.text) == (400, True)
        assert "Location" not in answer.headers


async def test_scopes_may_be_separated_by_spaces(instagram):
    assert (await instagram.look(scope=f"{BASIC} {CONTENT_PUBLISH}", **{"as": "velowerk"})).status_code == 200


async def test_a_person_chooses_an_account_then_sees_the_permissions(instagram):
    assert "velo.personal" in (await instagram.look()).text
    consent = await instagram.look(**{"as": "velowerk"})
    assert f'value="{CONTENT_PUBLISH}"' in consent.text
    assert "Sandbox." in consent.text


async def test_an_uninvited_person_gets_no_further(instagram, site):
    await site.control("apps/instagram", {"target_users": ["velowerk"]})
    assert (await instagram.decide("velo.fanpage")).status_code == 400
    assert (await instagram.decide("velowerk")).status_code == 302


async def test_the_facebook_way_shows_unless_switched_off(instagram):
    assert "Facebook" in (await instagram.look()).text
    assert "Facebook" not in (await instagram.look(enable_fb_login="false")).text


async def test_allowing_appends_the_suffix_that_is_no_part_of_the_code(instagram):
    answer = await instagram.decide("velowerk")
    got = callback(answer)
    assert answer.headers["Location"].endswith("#_")
    assert (got["state"], set(got)) == ("a-state", {"code", "state"})
    assert "matching code" in (await instagram.exchange(got["code"] + "#_")).json()["error_message"].lower()


async def test_cancelling_has_its_three_fields(instagram):
    got = callback(await instagram.decide("velowerk", "cancel"))
    assert (got["error"], got["error_reason"]) == ("access_denied", "user_denied")
    assert set(got) == {"error", "error_reason", "error_description", "state"}


async def test_a_session_skips_the_chooser_but_a_forced_login_does_not(instagram):
    await instagram.short("velowerk")
    assert "Authorize Crosslink" in (await instagram.look()).text
    assert "Log in to Instagram" in (await instagram.look(force_reauth="true")).text


async def test_a_forced_login_may_end_on_the_feed(instagram, site):
    await site.switch("instagram", force_reauth="drops_on_feed")
    page = await instagram.look(force_reauth="true", **{"as": "velowerk"})
    assert (page.status_code, "Your feed" in page.text) == (200, True)


@pytest.mark.parametrize("condition", ["checkpoint", "unconfirmed", "banned", "deleted"])
async def test_an_account_in_trouble_cannot_consent(instagram, site, condition):
    await site.change("instagram", "velowerk", condition=condition)
    assert (await instagram.decide("velowerk")).status_code == 400


async def test_a_form_that_makes_no_sense_calls_nobody_back(instagram):
    assert (await instagram.decide("nobody")).status_code == 400
