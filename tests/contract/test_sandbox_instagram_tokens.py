"""The emulated Instagram Login gives, lengthens and refreshes tokens as its fact sheet says, over real HTTP."""

import pytest

from tests.contract.sandbox_publishing import BASIC, CONTENT_PUBLISH, DAY, HOUR, UNSUPPORTED, refused_as
from tests.unit.sandbox.people import callback


async def test_the_live_answer_is_flat(instagram):
    code = callback(await instagram.decide("velowerk"))["code"]
    body = (await instagram.exchange(code)).json()
    assert body["permissions"] == [BASIC, CONTENT_PUBLISH]
    assert isinstance(body["user_id"], int)
    assert body["user_id"] > 2**53
    assert body["access_token"].startswith("IGAA")


async def test_the_documented_answer_is_a_list_with_texts(instagram, site):
    await site.switch(
        "instagram",
        token_answer="data",
        token_permissions="text",
        token_user_id_type="text",
        token_user_id="professional",
    )
    code = callback(await instagram.decide("velowerk"))["code"]
    (body,) = (await instagram.exchange(code)).json()["data"]
    assert body["permissions"] == f"{BASIC},{CONTENT_PUBLISH}"
    assert body["user_id"] == (await site.truth("instagram", "velowerk"))["user_id"]


async def test_an_unticked_permission_is_not_granted(instagram):
    code = callback(await instagram.decide("velowerk", scopes=[BASIC]))["code"]
    assert (await instagram.exchange(code)).json()["permissions"] == [BASIC]


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"client_id": "meta-id"}, "Invalid platform app"),
        ({"client_secret": "wrong"}, "client secret"),
        ({"client_secret": None}, "client_secret"),
        ({"grant_type": "refresh_token"}, "grant_type"),
        ({"redirect_uri": "http://127.0.0.1/other"}, "redirect_uri"),
    ],
)
async def test_the_exchange_refuses_flat(instagram, form, message):
    code = callback(await instagram.decide("velowerk"))["code"]
    answer = await instagram.exchange(code, **form)
    body = answer.json()
    assert (answer.status_code, set(body)) == (400, {"error_type", "code", "error_message"})
    assert (body["error_type"], body["code"]) == ("OAuthException", 400)
    assert message in body["error_message"]


async def test_a_code_is_spent_once_and_within_an_hour(instagram, site):
    code = callback(await instagram.decide("velowerk"))["code"]
    assert (await instagram.exchange(code)).status_code == 200
    assert (await instagram.exchange(code)).status_code == 400
    late = callback(await instagram.decide("velowerk"))["code"]
    await site.control("clock/advance", {"seconds": HOUR})
    assert (await instagram.exchange(late)).status_code == 400


async def test_other_paths_of_that_host_refuse_flat_too(site):
    answer = await site.http.get("/api.instagram.com/oauth/authorize")
    assert (answer.status_code, answer.json()["error_type"]) == (404, "OAuthException")


# Short for long, long for fresh


async def test_a_short_token_becomes_a_long_one(instagram):
    body = (await instagram.lengthen(await instagram.short("velowerk"))).json()
    assert set(body) == {"access_token", "token_type", "expires_in"}
    assert (body["token_type"], body["expires_in"]) == ("bearer", 60 * DAY - 56)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"grant_type": "fb_exchange_token"}, UNSUPPORTED),
        ({"client_secret": "wrong"}, ("OAuthException", 1, None)),
        ({"access_token": "EAAfacebook"}, ("OAuthException", 190, None)),
    ],
)
async def test_lengthening_refuses_in_graphs_words(instagram, changed, expected):
    assert refused_as(await instagram.lengthen(await instagram.short("velowerk"), **changed)) == expected


async def test_a_long_token_is_not_lengthened_and_a_short_one_not_refreshed(instagram):
    short = await instagram.short("velowerk")
    long = (await instagram.lengthen(short)).json()["access_token"]
    assert refused_as(await instagram.lengthen(long))[1] == 100
    assert refused_as(await instagram.refresh(short))[1] == 100


async def test_a_short_token_lives_an_hour(instagram, site):
    short = await instagram.short("velowerk")
    await site.control("clock/advance", {"seconds": HOUR})
    assert refused_as(await instagram.lengthen(short)) == ("OAuthException", 190, 463)


async def test_the_token_calls_have_no_version(instagram, site):
    token = await instagram.link("velowerk")
    answer = await instagram.graph(token, "/v25.0/refresh_access_token", grant_type="ig_refresh_token")
    assert refused_as(answer) == UNSUPPORTED


@pytest.mark.parametrize(
    ("switch", "expected"),
    [("code_100", ("OAuthException", 100, None)), ("code_10", ("OAuthException", 10, None))],
)
async def test_a_young_token_is_not_refreshed(instagram, site, switch, expected):
    await site.switch("instagram", young_refresh=switch)
    assert refused_as(await instagram.refresh(await instagram.link("velowerk"))) == expected


async def test_a_young_refresh_can_be_allowed(instagram, site):
    await site.switch("instagram", young_refresh="accepted")
    assert (await instagram.refresh(await instagram.link("velowerk"))).status_code == 200


async def test_a_day_old_token_is_refreshed_for_another_sixty_days(instagram, site):
    old = await instagram.link("velowerk")
    await site.control("clock/advance", {"seconds": 59 * DAY})
    body = (await instagram.refresh(old)).json()
    assert body["expires_in"] == 60 * DAY - 56
    assert body["access_token"] != old
    assert (await instagram.graph(old)).status_code == 200
    await site.control("clock/advance", {"seconds": 2 * DAY})
    assert refused_as(await instagram.graph(old)) == ("OAuthException", 190, 463)
    assert (await instagram.graph(body["access_token"])).status_code == 200


async def test_the_text_may_stay_or_the_old_one_die(instagram, site):
    await site.switch("instagram", refresh_string="same")
    old = await instagram.link("velowerk")
    await site.control("clock/advance", {"seconds": DAY})
    assert (await instagram.refresh(old)).json()["access_token"] == old
    await site.switch("instagram", refresh_string="new", refresh_keeps_old=False)
    await site.control("clock/advance", {"seconds": DAY})
    await instagram.refresh(old)
    assert refused_as(await instagram.graph(old))[1] == 190


async def test_sixty_days_without_a_refresh_are_the_end(instagram, site):
    token = await instagram.link("velowerk")
    await site.control("clock/advance", {"seconds": 60 * DAY})
    assert refused_as(await instagram.refresh(token)) == ("OAuthException", 190, 463)


@pytest.mark.parametrize("code", ["10", "200"])
async def test_without_the_basic_permission_nothing_is_refreshed(instagram, site, code):
    await site.switch("instagram", missing_permission=code)
    token = await instagram.link("velowerk")
    await site.change("instagram", "velowerk", untick=[BASIC])
    await site.control("clock/advance", {"seconds": DAY})
    assert refused_as(await instagram.refresh(token)) == ("OAuthException", int(code), None)
