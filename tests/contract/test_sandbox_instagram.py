"""The emulated Instagram Login keeps to its fact sheet, driven over real HTTP."""

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs

import pytest

from tests.unit.sandbox.people import Instagram, callback
from tests.unit.sandbox.site import a_site, until

HOUR, DAY = 3_600, 86_400
BASIC, PUBLISH = "instagram_business_basic", "instagram_business_content_publish"
UNSUPPORTED = ("IGApiException", 100, None)


@pytest.fixture
async def site():
    async with a_site() as running:
        yield running


@pytest.fixture
def instagram(site):
    return Instagram(site)


def refused(answer):
    """Type, code and subcode of Graph's envelope."""
    error = answer.json()["error"]
    assert {"message", "type", "code", "fbtrace_id"} <= set(error)
    return error["type"], error["code"], error.get("error_subcode")


# Authorize


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"client_id": "another"}, "Invalid platform app"),
        ({"redirect_uri": "https://evil.example/back"}, "Invalid redirect_uri"),
        ({"response_type": "token"}, "Invalid response_type"),
        ({"scope": f"{BASIC},business_basic"}, "Invalid Scopes: business_basic"),
        ({"scope": f"{BASIC},instagram_business_content_publishing"}, "Invalid Scopes"),
        ({"scope": PUBLISH}, "is missing"),
    ],
)
async def test_a_wrong_request_ends_on_instagrams_own_page(instagram, wrong, text):
    for answer in (await instagram.look(**wrong), await instagram.decide("velowerk", **wrong)):
        assert (answer.status_code, text in answer.text) == (400, True)
        assert "Location" not in answer.headers


async def test_scopes_may_be_separated_by_spaces(instagram):
    assert (await instagram.look(scope=f"{BASIC} {PUBLISH}", **{"as": "velowerk"})).status_code == 200


async def test_a_person_chooses_an_account_then_sees_the_permissions(instagram):
    assert "velo.personal" in (await instagram.look()).text
    consent = await instagram.look(**{"as": "velowerk"})
    assert f'value="{PUBLISH}"' in consent.text
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


# The code for a short token: flat answers, flat refusals


async def test_the_live_answer_is_flat(instagram):
    code = callback(await instagram.decide("velowerk"))["code"]
    body = (await instagram.exchange(code)).json()
    assert body["permissions"] == [BASIC, PUBLISH]
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
    assert body["permissions"] == f"{BASIC},{PUBLISH}"
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
    assert refused(await instagram.lengthen(await instagram.short("velowerk"), **changed)) == expected


async def test_a_long_token_is_not_lengthened_and_a_short_one_not_refreshed(instagram):
    short = await instagram.short("velowerk")
    long = (await instagram.lengthen(short)).json()["access_token"]
    assert refused(await instagram.lengthen(long))[1] == 100
    assert refused(await instagram.refresh(short))[1] == 100


async def test_a_short_token_lives_an_hour(instagram, site):
    short = await instagram.short("velowerk")
    await site.control("clock/advance", {"seconds": HOUR})
    assert refused(await instagram.lengthen(short)) == ("OAuthException", 190, 463)


async def test_the_token_calls_have_no_version(instagram, site):
    token = await instagram.link("velowerk")
    answer = await instagram.graph(token, "/v25.0/refresh_access_token", grant_type="ig_refresh_token")
    assert refused(answer) == UNSUPPORTED


@pytest.mark.parametrize(
    ("switch", "expected"),
    [("code_100", ("OAuthException", 100, None)), ("code_10", ("OAuthException", 10, None))],
)
async def test_a_young_token_is_not_refreshed(instagram, site, switch, expected):
    await site.switch("instagram", young_refresh=switch)
    assert refused(await instagram.refresh(await instagram.link("velowerk"))) == expected


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
    assert refused(await instagram.graph(old)) == ("OAuthException", 190, 463)
    assert (await instagram.graph(body["access_token"])).status_code == 200


async def test_the_text_may_stay_or_the_old_one_die(instagram, site):
    await site.switch("instagram", refresh_string="same")
    old = await instagram.link("velowerk")
    await site.control("clock/advance", {"seconds": DAY})
    assert (await instagram.refresh(old)).json()["access_token"] == old
    await site.switch("instagram", refresh_string="new", refresh_keeps_old=False)
    await site.control("clock/advance", {"seconds": DAY})
    await instagram.refresh(old)
    assert refused(await instagram.graph(old))[1] == 190


async def test_sixty_days_without_a_refresh_are_the_end(instagram, site):
    token = await instagram.link("velowerk")
    await site.control("clock/advance", {"seconds": 60 * DAY})
    assert refused(await instagram.refresh(token)) == ("OAuthException", 190, 463)


async def test_without_the_basic_permission_nothing_is_refreshed(instagram, site):
    token = await instagram.link("velowerk")
    await site.change("instagram", "velowerk", untick=[BASIC])
    await site.control("clock/advance", {"seconds": DAY})
    assert refused(await instagram.refresh(token)) == ("OAuthException", 10, None)


# The account's node


async def test_me_has_two_ids(instagram, site):
    token = await instagram.link("velowerk")
    body = (await instagram.graph(token, fields="user_id,username,account_type")).json()
    truth = await site.truth("instagram", "velowerk")
    assert body == {
        "id": truth["id"],
        "user_id": truth["user_id"],
        "username": "velowerk",
        "account_type": "MEDIA_CREATOR",
    }
    assert truth["id"] != truth["user_id"]


async def test_the_shape_of_me_is_a_switch(instagram, site):
    token = await instagram.link("nordlicht.bakery")
    await site.switch("instagram", me_answer="data", account_type="title")
    (body,) = (await instagram.graph(token, fields="account_type")).json()["data"]
    assert body["account_type"] == "Business"


async def test_a_nonexisting_field_is_refused(instagram, site):
    token = await instagram.link("nordlicht.bakery")
    assert refused(await instagram.graph(token, fields="shoe_size")) == ("OAuthException", 100, None)
    website = (await instagram.graph(token, fields="website")).json()["website"]
    assert website == "https://www.tiktok.com/@nordlicht.bakery"
    await site.switch("instagram", profile_fields=False)
    assert "nonexisting field" in (await instagram.graph(token, fields="website")).json()["error"]["message"]


async def test_the_token_may_come_in_the_query(instagram, site):
    token = await instagram.link("velowerk")
    assert (await site.http.get("/graph.instagram.com/me", params={"access_token": token})).status_code == 200


@pytest.mark.parametrize(
    ("switch", "professional", "app_scoped"),
    [("both", 200, 200), ("professional", 200, 400), ("app_scoped", 400, 200)],
)
async def test_which_id_opens_the_node_is_a_switch(instagram, site, switch, professional, app_scoped):
    await site.switch("instagram", node_ids=switch)
    token, truth = await instagram.link("velowerk"), await site.truth("instagram", "velowerk")
    answers = [await instagram.graph(token, f"/v25.0/{truth[name]}") for name in ("user_id", "id")]
    assert [one.status_code for one in answers] == [professional, app_scoped]


async def test_somebody_elses_id_is_ambiguous(instagram, site):
    token, other = await instagram.link("velowerk"), await site.truth("instagram", "nordlicht.bakery")
    assert refused(await instagram.graph(token, f"/{other['user_id']}")) == ("OAuthException", 100, 33)


async def test_versioned_paths_may_be_refused(instagram, site):
    token = await instagram.link("velowerk")
    assert (await instagram.graph(token, "/v25.0/me")).status_code == 200
    await site.switch("instagram", versioned_paths=False)
    assert refused(await instagram.graph(token, "/v25.0/me")) == UNSUPPORTED
    assert (await instagram.graph(token, "/me")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nowhere"),
        ("POST", "/me/insights"),
        ("DELETE", "/me/media"),
        ("GET", "/me/media_publish"),
        ("PUT", "/me"),
    ],
)
async def test_wrong_or_missing_paths_are_unsupported_requests(instagram, method, path):
    answer = await instagram.graph(await instagram.link("velowerk"), path, method)
    assert (answer.status_code, refused(answer)) == (400, UNSUPPORTED)
    assert f"method type: {method.lower()}" in answer.json()["error"]["message"]


async def test_a_personal_account_looks_like_a_wrong_path(instagram, site):
    short = await instagram.short("velo.personal")
    assert refused(await instagram.lengthen(short)) == UNSUPPORTED
    assert refused(await instagram.graph(short)) == UNSUPPORTED
    token = await instagram.link("velowerk")
    await site.change("instagram", "velowerk", type="PERSONAL")
    await site.control("clock/advance", {"seconds": DAY})
    assert refused(await instagram.refresh(token)) == UNSUPPORTED


# What an account's condition does to its tokens


@pytest.mark.parametrize(
    ("change", "subcode"),
    [
        ({"remove_app": True}, 458),
        ({"condition": "checkpoint"}, 459),
        ({"password_changed": True}, 460),
        ({"condition": "unconfirmed"}, 464),
        ({"logged_out": True}, 467),
        ({"condition": "banned"}, 0),
        ({"condition": "deleted"}, 458),
    ],
)
async def test_every_way_to_lose_a_token_has_its_subcode(instagram, site, change, subcode):
    token = await instagram.link("velowerk")
    await site.change("instagram", "velowerk", **change)
    assert refused(await instagram.graph(token)) == ("OAuthException", 190, subcode)
    assert (await site.journal("instagram.me"))[-1]["outcome"] == f"190/{subcode}"


async def test_a_passed_checkpoint_brings_the_token_back(instagram, site):
    token = await instagram.link("velowerk")
    await site.change("instagram", "velowerk", condition="checkpoint")
    await site.change("instagram", "velowerk", condition="normal")
    assert (await instagram.graph(token)).status_code == 200


async def test_observed_variants_of_190_are_switches(instagram, site):
    await site.switch("instagram", removed_subcode="none", password_subcode="0", auth_status="401")
    token = await instagram.link("velowerk")
    await site.change("instagram", "velowerk", password_changed=True)
    answer = await instagram.graph(token)
    assert (answer.status_code, refused(answer)[2]) == (401, 0)
    await site.change("instagram", "velowerk", remove_app=True)
    assert refused(await instagram.graph(token)) == ("OAuthException", 190, None)


@pytest.mark.parametrize("token", ["EAAfromFacebook", "-"])
async def test_a_foreign_token_cannot_be_parsed(instagram, token):
    answer = await instagram.graph(token)
    assert refused(answer) == ("OAuthException", 190, None)
    assert "Cannot parse access token" in answer.json()["error"]["message"]


async def test_a_token_that_never_was_is_invalid(instagram):
    assert refused(await instagram.graph("IGAA" + "x" * 60)) == ("OAuthException", 190, None)


async def test_the_limit_edge_needs_the_publishing_permission(instagram, site):
    token = await instagram.link("velowerk")
    (body,) = (await instagram.limit(token)).json()["data"]
    assert body == {"quota_usage": 0, "config": {"quota_total": 100, "quota_duration": DAY}}
    await site.change("instagram", "velowerk", untick=[PUBLISH])
    assert refused(await instagram.limit(token)) == ("OAuthException", 10, None)
    assert (await instagram.graph(token)).status_code == 200
    await site.switch("instagram", missing_permission="200")
    assert refused(await instagram.limit(token)) == ("OAuthException", 200, None)


async def test_a_restricted_account_shows_at_the_limit_edge_only(instagram, site):
    token = await instagram.link("velowerk")
    await site.change("instagram", "velowerk", condition="restricted")
    assert refused(await instagram.limit(token)) == ("OAuthException", 25, 2207050)
    assert (await instagram.graph(token)).status_code == 200
    await site.switch("instagram", restricted_limit=False, quota_total=50)
    assert (await instagram.limit(token)).json()["data"][0]["config"]["quota_total"] == 50


async def test_the_limit_edge_refuses_unknown_fields(instagram):
    token = await instagram.link("velowerk")
    answer = await instagram.graph(token, "/me/content_publishing_limit", fields="shoe_size")
    assert refused(answer)[1] == 100


# Usage


async def test_usage_headers_appear_after_some_traffic(instagram):
    token = await instagram.link("velowerk")
    answers = [await instagram.graph(token) for _ in range(11)]
    assert ["X-App-Usage" in one.headers for one in answers] == [False] * 10 + [True]
    (case,) = json.loads(answers[-1].headers["X-Business-Use-Case-Usage"])["1000200030004000"]
    assert (case["type"], case["estimated_time_to_regain_access"]) == ("instagram", 0)


async def test_the_call_budget_follows_the_impressions(instagram, site, monkeypatch):
    monkeypatch.setattr("sandbox.instagram.gate.CALLS_PER_IMPRESSION", 12)
    await site.change("instagram", "velowerk", impressions=1)
    token = await instagram.link("velowerk")
    answers = [await instagram.graph(token) for _ in range(13)]
    assert [one.status_code for one in answers] == [200] * 12 + [400]
    assert refused(answers[-1]) == ("OAuthException", 80002, None)
    (case,) = json.loads(answers[-1].headers["X-Business-Use-Case-Usage"])["1000200030004000"]
    assert (case["call_count"], case["estimated_time_to_regain_access"]) == (100, 1_440)
    await site.control("clock/advance", {"seconds": DAY})
    assert (await instagram.graph(token)).status_code == 200


# Every code of the table, scripted


@pytest.mark.parametrize(
    ("code", "expected", "status"),
    [
        ("190", ("OAuthException", 190, None), 400),
        ("190/0", ("OAuthException", 190, 0), 400),
        ("190/458", ("OAuthException", 190, 458), 400),
        ("190/459", ("OAuthException", 190, 459), 400),
        ("190/460", ("OAuthException", 190, 460), 400),
        ("190/463", ("OAuthException", 190, 463), 400),
        ("190/464", ("OAuthException", 190, 464), 400),
        ("190/467", ("OAuthException", 190, 467), 400),
        ("190/492", ("OAuthException", 190, 492), 400),
        ("102", ("OAuthException", 102, None), 400),
        ("10", ("OAuthException", 10, None), 400),
        ("200", ("OAuthException", 200, None), 400),
        ("100", ("OAuthException", 100, None), 400),
        ("100/33", ("OAuthException", 100, 33), 400),
        ("1", ("OAuthException", 1, None), 500),
        ("2", ("OAuthException", 2, None), 503),
        ("4", ("OAuthException", 4, None), 400),
        ("17", ("OAuthException", 17, None), 400),
        ("32", ("OAuthException", 32, None), 400),
        ("341", ("OAuthException", 341, None), 400),
        ("613", ("OAuthException", 613, None), 400),
        ("80002", ("OAuthException", 80002, None), 400),
        ("368", ("OAuthException", 368, None), 400),
        ("506", ("OAuthException", 506, None), 400),
        ("25/2207050", ("OAuthException", 25, 2207050), 400),
        ("-1/2207001", ("OAuthException", -1, 2207001), 400),
        ("IGApiException", UNSUPPORTED, 400),
        ("nonsense", ("OAuthException", 1, None), 500),
    ],
)
async def test_every_code_can_be_scripted(instagram, site, code, expected, status):
    await site.fault("instagram.me", "refuse", code=code)
    answer = await instagram.graph("any")
    assert (answer.status_code, refused(answer)) == (status, expected)


async def test_throttling_and_the_gateway_can_be_scripted(instagram, site):
    await site.fault("instagram.me", "throttle")
    throttled = await instagram.graph("any")
    assert refused(throttled)[1] == 4
    assert json.loads(throttled.headers["X-App-Usage"])["call_count"] == 100
    await site.fault("instagram.oauth.short", "throttle")
    assert (await instagram.exchange("any")).json()["error_type"] == "OAuthException"
    await site.fault("instagram", "refuse", code="http_502")
    assert (await instagram.graph("any")).status_code == 502


async def test_pages_can_be_down(instagram, site):
    for where in ("instagram.authorize", "instagram.pages"):
        await site.fault(where, "refuse", code="maintenance")
    assert "maintenance" in (await instagram.look()).text
    assert "maintenance" in (await site.http.get("/www.instagram.com/accounts/login/")).text


# Ends of a grant, callbacks, webhooks


def opened(got, secret):
    """The payload of a callback's signed_request, its signature computed here."""
    (signed,) = parse_qs(got.body.decode())["signed_request"]
    mac, payload = signed.split(".")
    expected = hmac.new(secret, payload.encode(), hashlib.sha256).digest()
    assert mac == base64.urlsafe_b64encode(expected).rstrip(b"=").decode()
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


async def test_removing_the_app_calls_deauthorize_once(instagram, site):
    await instagram.link("velowerk")
    site.bot.status = 500
    await site.change("instagram", "velowerk", remove_app=True)
    (got,) = await site.bot.received(1)
    payload = opened(got, b"sandbox-instagram-secret")
    assert (got.path, payload["algorithm"]) == ("/webhooks/instagram/deauthorize", "HMAC-SHA256")
    assert payload["user_id"] == (await site.truth("instagram", "velowerk"))["id"]
    assert isinstance(payload["issued_at"], int)
    await until(lambda: site.sandbox.instagram.deliveries()[0]["state"] == "given_up")


async def test_the_uncertain_points_of_callbacks_are_switches(instagram, site):
    await site.switch(
        "instagram", callback_user_id="professional", callback_secret="meta", callback_retries=True
    )
    await instagram.link("velowerk")
    site.bot.status = 500
    await site.change("instagram", "velowerk", remove_app=True)
    payload = opened((await site.bot.received(1))[0], b"sandbox-meta-secret")
    assert payload["user_id"] == (await site.truth("instagram", "velowerk"))["user_id"]
    await until(lambda: site.sandbox.instagram.deliveries()[0]["attempts"])
    site.clock.advance(61)
    await site.bot.received(2)


async def test_the_owner_removes_the_app_and_asks_for_deletion_on_the_page(instagram, site):
    await instagram.link("velowerk")
    page = "/www.instagram.com/accounts/manage_access/"
    assert "Remove Crosslink" in (await site.http.get(page)).text
    for action in ("remove", "delete_data"):
        await site.http.post(page, data={"account": "velowerk", "action": action})
    first, second = sorted(await site.bot.received(2), key=lambda got: got.path)
    assert (first.path, second.path) == ("/webhooks/instagram/deauthorize", "/webhooks/instagram/deletion")
    assert opened(second, b"sandbox-instagram-secret")["user_id"]


async def test_nobody_deletes_what_was_never_given(site):
    answer = await site.control("accounts/instagram/velowerk", {"request_deletion": True})
    assert (answer.status_code, "never" in answer.text or "ever" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("switch", "status", "linked"),
    [("unsupported", 400, True), ("ignored", 200, True), ("revokes", 200, False)],
)
async def test_nobody_knows_what_deleting_permissions_does(instagram, site, switch, status, linked):
    await site.switch("instagram", delete_permissions=switch)
    answer = await instagram.graph(await instagram.link("velowerk"), "/me/permissions", "DELETE")
    assert answer.status_code == status
    assert (await site.truth("instagram", "velowerk"))["linked"] is linked


async def test_webhook_fields_are_subscribed_per_account(instagram):
    token, edge = await instagram.link("velowerk"), "/me/subscribed_apps"
    assert refused(await instagram.graph(token, edge, "POST", subscribed_fields="media_published"))[1] == 100
    assert (await instagram.graph(token, edge, "POST", subscribed_fields="comments,messages")).json() == {
        "success": True
    }
    (app,) = (await instagram.graph(token, edge)).json()["data"]
    assert app["subscribed_fields"] == ["comments", "messages"]
    await instagram.graph(token, edge, "DELETE")
    assert (await instagram.graph(token, edge)).json() == {"data": []}


async def test_the_handshake_needs_the_challenge_back(site):
    site.bot.echo = "hub.challenge"
    good = (await site.control("webhooks/instagram/handshake")).json()
    assert good == {"status": 200, "verified": True}
    (got,) = site.bot.got
    assert (got.method, got.path, got.query["hub.mode"]) == ("GET", "/webhooks/instagram", "subscribe")
    assert got.query["hub.verify_token"] == "sandbox-verify-token"
    site.bot.status = 403
    bad = (await site.control("webhooks/instagram/handshake", {"verify_token": "guess"})).json()
    assert bad == {"status": 403, "verified": False}


@pytest.mark.parametrize(("shape", "secret"), [("changes", "instagram"), ("flat", "meta")])
async def test_an_event_is_signed_over_the_raw_body(instagram, site, shape, secret):
    await site.switch("instagram", webhook_shape=shape, webhook_secret=secret)
    token = await instagram.link("velowerk")
    event = {"handle": "velowerk", "field": "comments", "value": {"text": "hello"}}
    assert (await site.control("webhooks/instagram/event", event)).status_code == 400
    site.bot.echo = "hub.challenge"
    await site.control("webhooks/instagram/handshake")
    assert "subscribed" in (await site.control("webhooks/instagram/event", event)).json()["error"]
    await instagram.graph(token, "/me/subscribed_apps", "POST", subscribed_fields="comments")
    assert (await site.control("webhooks/instagram/event", event)).json() == {"sent": True}
    got = (await site.bot.received(2))[1]
    mac = hmac.new(f"sandbox-{secret}-secret".encode(), got.body, hashlib.sha256).hexdigest()
    assert got.headers["X-Hub-Signature-256"] == f"sha256={mac}"
    (entry,) = json.loads(got.body)["entry"]
    assert entry["id"] == (await site.truth("instagram", "velowerk"))["user_id"]
    change = entry["changes"][0] if shape == "changes" else entry
    assert (change["field"], change["value"]) == ("comments", {"text": "hello"})


async def test_a_rename_keeps_both_ids(instagram, site):
    before = await site.truth("instagram", "velowerk")
    after = await site.change("instagram", "velowerk", rename="velo.werk")
    assert (after["id"], after["user_id"]) == (before["id"], before["user_id"])
    assert (await site.control("accounts/instagram/velowerk", {"private": True})).status_code == 400


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"posting": "ok"}, "Unknown field 'posting'"),
        ({"type": "CHANNEL"}, "one of BUSINESS"),
        ({"impressions": -1}, "0 or more"),
        ({"logged_out": "yes"}, "true or false"),
        ({"remove_app": 3}, "true or false"),
        ({"condition": "odd"}, "unconfirmed"),
    ],
)
async def test_a_senseless_change_is_refused_in_a_sentence(site, change, sentence):
    answer = await site.control("accounts/instagram/velowerk", change)
    assert (answer.status_code, sentence in answer.json()["error"]) == (400, True)


async def test_profiles_are_public_pages(site):
    for path in ("velowerk/", "velowerk"):
        assert "Bicycles" in (await site.http.get(f"/www.instagram.com/{path}")).text
    assert (await site.http.get("/www.instagram.com/nobody/")).status_code == 404
