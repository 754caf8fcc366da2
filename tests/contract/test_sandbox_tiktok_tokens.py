"""The emulated TikTok gives, refreshes and ends tokens as its fact sheet says, over real HTTP."""

import pytest

from tests.contract.sandbox_posting import DAY, HOUR, code_of
from tests.unit.sandbox.people import callback


async def test_the_answer_is_flat_with_both_lifetimes(tiktok):
    tokens = await tiktok.link("nordlicht.bakery")
    assert set(tokens) == {
        "access_token", "expires_in", "open_id", "refresh_expires_in", "refresh_token", "scope", "token_type",
    }  # fmt: skip
    assert (tokens["expires_in"], tokens["refresh_expires_in"]) == (2 * HOUR, 180 * DAY)
    assert (tokens["access_token"][:4], tokens["refresh_token"][:4]) == ("act.", "rft.")


async def test_the_older_regime_is_a_switch(tiktok, site):
    await site.switch("tiktok", lifetimes="24h_365d")
    tokens = await tiktok.link("nordlicht.bakery")
    assert (tokens["expires_in"], tokens["refresh_expires_in"]) == (DAY, 365 * DAY)


async def test_the_open_id_stays_the_same(tiktok, site):
    first = await tiktok.link("velowerk")
    await site.change("tiktok", "velowerk", rename="velo.werk")
    assert (await tiktok.link("velo.werk"))["open_id"] == first["open_id"]


async def test_a_missing_last_slash_is_not_found_at_the_gateway(tiktok):
    answer = await tiktok.token(path="/v2/oauth/token", grant_type="client_credentials")
    assert (answer.status_code, answer.text) == (404, "Unsupported path(Janus)")


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"client_key": None, "client_id": "sandbox-tiktok-key"}, "invalid_request"),
        ({"grant_type": None}, "invalid_request"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_key": "wrong"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"code": "unknown"}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1/other"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "rft.unknown"}, "invalid_grant"),
    ],
)
async def test_the_token_endpoint_refuses_in_oauths_words(tiktok, form, error):
    code = callback(await tiktok.decide("velowerk"))["code"]
    answer = await tiktok.exchange(form.get("code", code), **{k: v for k, v in form.items() if k != "code"})
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert set(answer.json()) == {"error", "error_description", "log_id"}


async def test_a_body_that_is_no_form_is_refused(site):
    answer = await site.http.post(
        "/open.tiktokapis.com/v2/oauth/token/", json={"grant_type": "refresh_token"}
    )
    assert answer.json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("switch", "status", "error"),
    [
        ({"oauth_error_status": "200"}, 200, "invalid_grant"),
        ({"oauth_error_status": "401"}, 401, "invalid_grant"),
        ({"redirect_mismatch_error": "invalid_request"}, 400, "invalid_request"),
    ],
)
async def test_uncertain_refusals_are_switches(tiktok, site, switch, status, error):
    await site.switch("tiktok", **switch)
    code = callback(await tiktok.decide("velowerk"))["code"]
    answer = await tiktok.exchange(code, redirect_uri="http://127.0.0.1/other")
    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_a_code_is_spent_once(tiktok):
    code = callback(await tiktok.decide("velowerk"))["code"]
    assert (await tiktok.exchange(code)).status_code == 200
    assert (await tiktok.exchange(code)).json()["error"] == "invalid_grant"


async def test_a_code_gets_old(tiktok, site):
    await site.switch("tiktok", code_lifetime_seconds=60)
    code = callback(await tiktok.decide("velowerk"))["code"]
    await site.control("clock/advance", {"seconds": 61})
    assert (await tiktok.exchange(code)).json()["error"] == "invalid_grant"


async def test_client_credentials_give_a_token_that_opens_nothing_here(tiktok):
    answer = (await tiktok.token(grant_type="client_credentials")).json()
    assert (answer["access_token"][:4], answer["expires_in"], answer["token_type"]) == (
        "clt.",
        7_200,
        "Bearer",
    )
    assert code_of(await tiktok.user(answer["access_token"])) == "access_token_invalid"


# Refresh


async def test_a_refresh_replaces_the_refresh_token_and_the_old_one_is_dead_at_once(tiktok):
    first = await tiktok.link("velowerk")
    second = (await tiktok.refresh(first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert (await tiktok.refresh(first["refresh_token"])).json()["error"] == "invalid_grant"
    assert code_of(await tiktok.user(second["access_token"])) == "ok"
    assert code_of(await tiktok.user(first["access_token"])) == "ok"


async def test_grace_lets_the_replaced_token_live_a_little(tiktok, site):
    await site.switch("tiktok", rotation_grace_seconds=60)
    first = await tiktok.link("velowerk")
    await tiktok.refresh(first["refresh_token"])
    assert (await tiktok.refresh(first["refresh_token"])).status_code == 200
    await site.control("clock/advance", {"seconds": 61})
    assert (await tiktok.refresh(first["refresh_token"])).json()["error"] == "invalid_grant"


async def test_rotation_can_be_off_or_every_other_time(tiktok, site):
    await site.switch("tiktok", rotation="never")
    first = await tiktok.link("velowerk")
    same = (await tiktok.refresh(first["refresh_token"])).json()
    assert same["refresh_token"] == first["refresh_token"]
    await site.switch("tiktok", rotation="every_other")
    kept = [(await tiktok.refresh(first["refresh_token"])).json()["refresh_token"] for _ in range(2)]
    assert kept[0] == first["refresh_token"] or kept[1] == kept[0]


async def test_what_is_left_of_a_refresh_token_counts_down(tiktok, site):
    await site.switch("tiktok", rotation="never")
    first = await tiktok.link("velowerk")
    await site.control("clock/advance", {"seconds": 10 * DAY})
    assert (await tiktok.refresh(first["refresh_token"])).json()["refresh_expires_in"] == 170 * DAY


@pytest.mark.parametrize(("life", "left"), [("slides", 180 * DAY), ("from_consent", 170 * DAY)])
async def test_whether_rotation_restarts_the_life_is_a_switch(tiktok, site, life, left):
    await site.switch("tiktok", refresh_life=life)
    first = await tiktok.link("velowerk")
    await site.control("clock/advance", {"seconds": 10 * DAY})
    assert (await tiktok.refresh(first["refresh_token"])).json()["refresh_expires_in"] == left


async def test_tokens_end_by_the_clock(tiktok, site):
    tokens = await tiktok.link("velowerk")
    await site.control("clock/advance", {"seconds": 2 * HOUR})
    assert code_of(await tiktok.user(tokens["access_token"])) == "access_token_invalid"
    await site.control("clock/advance", {"seconds": 180 * DAY})
    assert (await tiktok.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_refresh_or_a_new_consent_can_end_older_tokens(tiktok, site):
    await site.switch("tiktok", refresh_kills_access=True, new_consent_kills_old_tokens=True)
    first = await tiktok.link("velowerk")
    second = (await tiktok.refresh(first["refresh_token"])).json()
    assert code_of(await tiktok.user(first["access_token"])) == "access_token_invalid"
    await tiktok.link("velowerk")
    assert code_of(await tiktok.user(second["access_token"])) == "access_token_invalid"


async def test_a_new_consent_leaves_older_tokens_alone_by_default(tiktok):
    first = await tiktok.link("velowerk")
    await tiktok.link("velowerk")
    assert code_of(await tiktok.user(first["access_token"])) == "ok"
