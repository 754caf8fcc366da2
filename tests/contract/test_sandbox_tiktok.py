"""The emulated TikTok keeps to its fact sheet, driven over real HTTP."""

import hashlib
import hmac
import json

import pytest

from tests.unit.sandbox.people import TikTok, callback
from tests.unit.sandbox.site import a_site, until

HOUR, DAY = 3_600, 86_400
BASIC, PUBLISH = "user.info.basic", "video.publish"
VERIFIER = "v" * 43
HEX = hashlib.sha256(VERIFIER.encode()).hexdigest()


@pytest.fixture
async def site():
    async with a_site() as running:
        yield running


@pytest.fixture
def tiktok(site):
    return TikTok(site)


def code_of(answer):
    return answer.json()["error"]["code"]


# Authorize


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
    assert (got["scopes"], got["state"]) == (f"{BASIC},{PUBLISH}", "a-state")
    assert got["code"]


async def test_cancelling_calls_back_with_an_error(tiktok):
    got = callback(await tiktok.decide("velowerk", "cancel"))
    assert (got["error"], got["state"], "code" in got) == ("access_denied", "a-state", False)


async def test_an_unticked_scope_is_not_granted_and_the_basic_one_cannot_be_unticked(tiktok):
    tokens = await tiktok.link("velowerk", scopes=[PUBLISH], scope=f"{BASIC},{PUBLISH},video.upload")
    assert tokens["scope"] == f"{BASIC},{PUBLISH}"


async def test_the_basic_scope_comes_by_itself(tiktok):
    assert (await tiktok.link("velowerk", scope=PUBLISH))["scope"] == f"{BASIC},{PUBLISH}"


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


# Token endpoint


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


# Data endpoints


async def test_user_info_answers_the_asked_fields_in_the_envelope(tiktok):
    tokens = await tiktok.link("velowerk")
    body = (await tiktok.user(tokens["access_token"], "open_id,display_name")).json()
    assert body["data"] == {"user": {"open_id": tokens["open_id"], "display_name": "Velo Werk"}}
    assert body["error"]["code"] == "ok"
    assert body["error"]["log_id"]


@pytest.mark.parametrize("fields", [None, "", "open_id,shoe_size"])
async def test_fields_are_required_and_known(tiktok, fields):
    tokens = await tiktok.link("velowerk")
    answer = await tiktok.user(tokens["access_token"], fields)
    assert (answer.status_code, code_of(answer)) == (400, "invalid_params")


async def test_a_field_without_its_scope_is_refused_or_left_out_by_switch(tiktok, site):
    tokens = await tiktok.link("velowerk")
    answer = await tiktok.user(tokens["access_token"], "open_id,username")
    assert (answer.status_code, code_of(answer)) == (401, "scope_not_authorized")
    await site.switch("tiktok", field_without_scope="omitted")
    body = (await tiktok.user(tokens["access_token"], "open_id,username")).json()
    assert set(body["data"]["user"]) == {"open_id"}


async def test_the_profile_scope_opens_the_handle_and_the_visible_link(tiktok):
    tokens = await tiktok.link("nordlicht.bakery", scope=f"{BASIC},user.info.profile")
    user = (await tiktok.user(tokens["access_token"], "username,bio_description")).json()["data"]["user"]
    assert user["username"] == "nordlicht.bakery"
    assert "instagram.com/nordlicht.bakery" in user["bio_description"]


@pytest.mark.parametrize("token", ["-", "act.unknown"])
async def test_an_unknown_token_is_invalid(tiktok, token):
    answer = await tiktok.user(token)
    assert (answer.status_code, code_of(answer)) == (401, "access_token_invalid")


async def test_errors_have_an_empty_data_or_none_by_switch(tiktok, site):
    assert (await tiktok.user("x")).json()["data"] == {}
    await site.switch("tiktok", error_data="missing")
    assert "data" not in (await tiktok.user("x")).json()


@pytest.mark.parametrize(
    ("handle", "widest"), [("nordlicht.bakery", "PUBLIC_TO_EVERYONE"), ("velowerk", "FOLLOWER_OF_CREATOR")]
)
async def test_creator_info_offers_what_the_account_allows(tiktok, handle, widest):
    tokens = await tiktok.link(handle)
    data = (await tiktok.creator(tokens["access_token"])).json()["data"]
    assert data["creator_username"] == handle
    assert data["privacy_level_options"] == [widest, "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
    assert data["duet_disabled"] is (handle == "velowerk")
    assert data["max_video_post_duration_sec"] == 3_600


async def test_unaudited_apps_may_only_be_offered_self_only(tiktok, site):
    await site.switch("tiktok", unaudited_privacy="self_only")
    tokens = await tiktok.link("nordlicht.bakery")
    assert (await tiktok.creator(tokens["access_token"])).json()["data"]["privacy_level_options"] == [
        "SELF_ONLY"
    ]


async def test_creator_info_needs_the_publishing_scope_of_person_and_app(tiktok, site):
    tokens = await tiktok.link("velowerk", scopes=[BASIC])
    assert code_of(await tiktok.creator(tokens["access_token"])) == "scope_not_authorized"
    full = await tiktok.link("velowerk")
    await site.control("apps/tiktok", {"scopes": [BASIC]})
    answer = await tiktok.creator(full["access_token"])
    assert (answer.status_code, code_of(answer)) == (400, "scope_permission_missed")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"posting": "too_many_posts"}, "spam_risk_too_many_posts"),
        ({"posting": "banned"}, "spam_risk_user_banned_from_posting"),
        ({"condition": "restricted"}, "spam_risk_user_banned_from_posting"),
        ({"condition": "checkpoint"}, "spam_risk_user_banned_from_posting"),
    ],
)
async def test_creator_info_refuses_posting_with_200_on_purpose(tiktok, site, change, code):
    tokens = await tiktok.link("velowerk")
    await site.change("tiktok", "velowerk", **change)
    answer = await tiktok.creator(tokens["access_token"])
    assert (answer.status_code, code_of(answer)) == (200, code)


async def test_creator_info_is_counted_in_a_sliding_minute_per_token(tiktok, site):
    tokens = await tiktok.link("velowerk")
    answers = [await tiktok.creator(tokens["access_token"]) for _ in range(21)]
    assert [one.status_code for one in answers] == [200] * 20 + [429]
    assert code_of(answers[-1]) == "rate_limit_exceeded"
    assert "Retry-After" not in answers[-1].headers
    await site.control("clock/advance", {"seconds": 60})
    assert (await tiktok.creator(tokens["access_token"])).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/v2/post/publish/video/init",
        "/v2/post/publish/status/fetch",
        "/v2/video/list/",
        "/v2/oauth/token/refresh/",
    ],
)
async def test_what_is_missing_says_so_like_the_gateway(site, path):
    answer = await site.http.post(f"/open.tiktokapis.com{path}")
    assert (answer.status_code, answer.text) == (404, "Unsupported path(Janus)")


# Every code of the tables, scripted


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("access_token_invalid", 401),
        ("scope_not_authorized", 401),
        ("scope_permission_missed", 400),
        ("invalid_params", 400),
        ("invalid_param", 400),
        ("invalid_file_upload", 400),
        ("rate_limit_exceeded", 429),
        ("internal_error", 500),
        ("spam_risk_too_many_posts", 403),
        ("reached_active_user_cap", 403),
    ],
)
async def test_every_general_code_has_its_status(tiktok, site, code, status):
    await site.fault("tiktok.user_info", "refuse", code=code)
    answer = await tiktok.user("any")
    assert (answer.status_code, code_of(answer), answer.json()["data"]) == (status, code, {})
    assert (await site.journal("tiktok.user_info"))[-1]["outcome"] == code


@pytest.mark.parametrize(
    "code", ["spam_risk_too_many_posts", "spam_risk_user_banned_from_posting", "reached_active_user_cap"]
)
async def test_the_posting_codes_come_with_200_at_creator_info(tiktok, site, code):
    await site.fault("tiktok.creator_info", "refuse", code=code)
    answer = await tiktok.creator("any")
    assert (answer.status_code, code_of(answer)) == (200, code)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("access_denied", 400),
        ("invalid_client", 400),
        ("invalid_grant", 400),
        ("invalid_request", 400),
        ("invalid_scope", 400),
        ("unauthorized_client", 400),
        ("unsupported_grant_type", 400),
        ("unsupported_response_type", 400),
        ("server_error", 500),
        ("temporarily_unavailable", 503),
    ],
)
async def test_every_oauth_category_can_be_scripted(tiktok, site, code, status):
    await site.fault("tiktok.oauth", "refuse", code=code)
    answer = await tiktok.refresh("any")
    assert (answer.status_code, answer.json()["error"]) == (status, code)


async def test_throttling_and_the_gateway_can_be_scripted(tiktok, site):
    for where in ("tiktok.user_info", "tiktok.oauth"):
        await site.fault(where, "throttle")
    await site.switch("tiktok", retry_after=True)
    throttled = await tiktok.user("any")
    assert (throttled.status_code, throttled.headers["Retry-After"]) == (429, "60")
    assert (await tiktok.refresh("any")).status_code == 429
    await site.fault("tiktok.user_info", "refuse", code="http_503")
    assert (await tiktok.user("any")).status_code == 503


async def test_the_consent_page_can_be_down(tiktok, site):
    await site.fault("tiktok.authorize", "refuse", code="maintenance")
    assert "maintenance" in (await tiktok.look()).text


# Ends of a grant


async def test_revoke_ends_the_whole_grant_and_tells_with_reason_five(tiktok, site):
    tokens = await tiktok.link("velowerk")
    answer = await tiktok.revoke(tokens["access_token"])
    assert (answer.status_code, answer.text) == (200, "{}")
    assert code_of(await tiktok.user(tokens["access_token"])) == "access_token_invalid"
    assert (await tiktok.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert not (await site.truth("tiktok", "velowerk"))["linked"]
    (got,) = await site.bot.received(1)
    assert json.loads(json.loads(got.body)["content"]) == {"reason": 5}


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"token": "act.unknown"}, "invalid_request"),
        ({"client_secret": None}, "invalid_client"),
        ({"client_key": "wrong"}, "invalid_client"),
    ],
)
async def test_revoke_refuses(tiktok, form, error):
    tokens = await tiktok.link("velowerk")
    answer = await tiktok.revoke(form.pop("token", tokens["access_token"]), **form)
    assert answer.json()["error"] == error


async def test_the_uncertain_points_of_revoke_are_switches(tiktok, site):
    await site.switch(
        "tiktok",
        revoke_answer="empty",
        revoke_needs_secret=False,
        revoke_takes_expired=True,
        revoke_dead_token="invalid_grant",
        own_revoke_webhook=False,
    )
    tokens = await tiktok.link("velowerk")
    await site.control("clock/advance", {"seconds": 3 * HOUR})
    answer = await tiktok.revoke(tokens["access_token"], client_secret=None)
    assert (answer.status_code, answer.text) == (200, "")
    assert (await tiktok.revoke(tokens["access_token"])).json()["error"] == "invalid_grant"
    assert (await site.control("deliveries", method="GET")).json() == []


async def test_removing_the_app_is_told_by_a_signed_webhook(tiktok, site):
    tokens = await tiktok.link("velowerk")
    await site.change("tiktok", "velowerk", remove_app=True)
    assert (await tiktok.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    (got,) = await site.bot.received(1)
    event = json.loads(got.body)
    assert (got.method, got.path) == ("POST", "/webhooks/tiktok")
    assert set(event) == {"client_key", "event", "create_time", "user_openid", "content"}
    assert (event["event"], event["user_openid"]) == ("authorization.removed", tokens["open_id"])
    assert json.loads(event["content"]) == {"reason": 1}
    stamp, mac = (part.split("=")[1] for part in got.headers["TikTok-Signature"].split(","))
    expected = hmac.new(b"sandbox-tiktok-secret", stamp.encode() + b"." + got.body, hashlib.sha256)
    assert mac == expected.hexdigest()


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"remove_app": 3}, 3), ({"condition": "banned"}, 4), ({"condition": "deleted"}, 2)],
)
async def test_other_ends_have_their_reason(tiktok, site, change, reason):
    await tiktok.link("velowerk")
    await site.change("tiktok", "velowerk", **change)
    (got,) = await site.bot.received(1)
    assert json.loads(json.loads(got.body)["content"]) == {"reason": reason}


@pytest.mark.parametrize("fresh", [True, False])
async def test_a_refused_webhook_is_sent_again_by_the_clock(tiktok, site, fresh):
    await site.switch("tiktok", webhook_fresh_time=fresh)
    await tiktok.link("velowerk")
    site.bot.status = 500
    await site.change("tiktok", "velowerk", remove_app=True)
    await site.bot.received(1)
    site.bot.status = 200
    await until(lambda: attempts(site) == 1)
    site.clock.advance(61)
    first, second = await site.bot.received(2)
    assert first.body == second.body
    stamps = [int(got.headers["TikTok-Signature"].split(",")[0][2:]) for got in (first, second)]
    assert stamps[1] - stamps[0] in ((60, 61, 62) if fresh else (0,))
    await until(lambda: site.sandbox.emulators and attempts(site) == 2)


def attempts(site):
    platform = next(one for one in site.sandbox.emulators if one.name == "tiktok")
    return len(platform.deliveries()[0]["attempts"])


@pytest.mark.parametrize(("mode", "count"), [("lose", 0), ("twice", 2)])
async def test_a_webhook_can_get_lost_or_come_twice(tiktok, site, mode, count):
    await tiktok.link("velowerk")
    await site.change("tiktok", "velowerk", webhooks=mode, remove_app=True)
    assert len(await site.bot.received(count)) == count
    states = [row["state"] for row in (await site.control("deliveries", method="GET")).json()]
    assert (states == ["lost"]) is (mode == "lose")


async def test_a_webhook_can_be_an_hour_late(tiktok, site):
    await tiktok.link("velowerk")
    await site.change("tiktok", "velowerk", webhooks="delay", remove_app=True)
    assert site.bot.got == []
    site.clock.advance(HOUR + 1)
    assert len(await site.bot.received(1)) == 1


async def test_an_unticked_scope_is_gone_for_old_tokens_too(tiktok, site):
    tokens = await tiktok.link("velowerk")
    truth = await site.change("tiktok", "velowerk", untick=[PUBLISH])
    assert truth["grants"][0]["scopes"] == [BASIC]
    assert code_of(await tiktok.creator(tokens["access_token"])) == "scope_not_authorized"
    assert (await tiktok.refresh(tokens["refresh_token"])).json()["scope"] == BASIC


async def test_a_new_password_ends_tokens_only_by_switch(tiktok, site):
    tokens = await tiktok.link("velowerk")
    await site.change("tiktok", "velowerk", password_changed=True)
    assert code_of(await tiktok.user(tokens["access_token"])) == "ok"
    await site.switch("tiktok", password_change_kills_tokens=True)
    await site.change("tiktok", "velowerk", password_changed=True)
    assert code_of(await tiktok.user(tokens["access_token"])) == "access_token_invalid"


# The truth, and the owner's pages


async def test_the_truth_shows_grant_visible_link_and_state(tiktok, site):
    await tiktok.link("nordlicht.bakery")
    truth = await site.truth("tiktok", "nordlicht.bakery")
    assert (truth["state"], truth["linked"], truth["private"]) == ("normal", True, False)
    assert truth["visible_link"] == "https://www.instagram.com/nordlicht.bakery"
    (grant,) = truth["grants"]
    assert grant["scopes"] == [BASIC, PUBLISH]
    assert grant["since"] < grant["access_expires"] < grant["refresh_expires"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({}, "Nothing to change"),
        ({"colour": "red"}, "Unknown field 'colour'"),
        ({"type": "PERSONAL"}, "Unknown field 'type'"),
        ({"remove_app": True}, "No app is linked"),
        ({"remove_app": 9}, "from 0 to 5"),
        ({"condition": "odd"}, "one of normal"),
        ({"private": "yes"}, "true or false"),
        ({"rename": "nordlicht.bakery"}, "taken"),
        ({"rename": "a b"}, "letters"),
        ({"webhooks": "burn"}, "one of deliver"),
        ({"untick": [PUBLISH]}, "No app is linked"),
        ({"password_changed": False}, "only be true"),
        ({"max_video_post_duration_sec": 0}, "1 or more"),
        ({"bio_link": 4}, "a text"),
    ],
)
async def test_a_senseless_change_is_refused_in_a_sentence_and_changes_nothing(site, change, sentence):
    before = await site.truth("tiktok", "velowerk")
    mixed = {"name": "Changed", **change} if change else {}
    answer = await site.control("accounts/tiktok/velowerk", mixed)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]
    assert await site.truth("tiktok", "velowerk") == before


async def test_the_basic_scope_goes_only_with_the_app(tiktok, site):
    await tiktok.link("velowerk")
    for scopes in ([BASIC], ["video.list"]):
        assert (await site.control("accounts/tiktok/velowerk", {"untick": scopes})).status_code == 400


async def test_creator_settings_can_be_changed(tiktok, site):
    tokens = await tiktok.link("nordlicht.bakery")
    await site.change(
        "tiktok", "nordlicht.bakery", comment_disabled=True, max_video_post_duration_sec=60, private=True
    )
    data = (await tiktok.creator(tokens["access_token"])).json()["data"]
    assert (data["comment_disabled"], data["max_video_post_duration_sec"]) == (True, 60)
    assert data["privacy_level_options"][0] == "FOLLOWER_OF_CREATOR"


async def test_the_owner_withdraws_a_scope_and_removes_the_app_on_the_page(tiktok, site):
    await tiktok.link("velowerk")
    page = await site.http.get("/www.tiktok.com/setting")
    assert "Remove Crosslink" in page.text
    form = {"account": "velowerk", "action": "withdraw", "scope": PUBLISH}
    await site.http.post("/www.tiktok.com/setting", data=form)
    assert (await site.truth("tiktok", "velowerk"))["grants"][0]["scopes"] == [BASIC]
    gone = await site.http.post("/www.tiktok.com/setting", data={"account": "velowerk", "action": "remove"})
    assert "No app has access" in gone.text
    again = await site.http.post("/www.tiktok.com/setting", data={"account": "velowerk", "action": "remove"})
    assert again.status_code == 400


async def test_a_stranger_to_the_page_logs_in_first(site):
    away = await site.http.get("/www.tiktok.com/setting")
    assert (away.status_code, away.headers["Location"]) == (302, "/www.tiktok.com/login")
    assert "velowerk" in (await site.http.get("/www.tiktok.com/login")).text
    back = await site.http.get("/www.tiktok.com/login", params={"as": "velowerk"}, follow_redirects=True)
    assert "Apps and websites" in back.text


async def test_profiles_show_the_visible_link_and_escape_it(site):
    await site.change("tiktok", "velowerk", name="<b>Velo</b>", bio_link="javascript:alert(1)")
    page = (await site.http.get("/www.tiktok.com/@velowerk")).text
    assert "<b>Velo" not in page
    assert 'href="javascript' not in page
    assert (await site.http.get("/www.tiktok.com/@nobody")).status_code == 404
    assert (await site.http.get("/www.tiktok.com/nowhere")).status_code == 404


async def test_pages_forbid_scripts(tiktok):
    policy = (await tiktok.look()).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


async def test_the_journal_holds_no_token(tiktok, site):
    tokens = await tiktok.link("velowerk")
    await tiktok.user(tokens["access_token"])
    written = json.dumps(await site.journal())
    minted = (await site.control("minted", method="GET")).json()
    assert {tokens["access_token"], tokens["refresh_token"]} <= set(minted)
    assert not [secret for secret in minted if secret in written]
