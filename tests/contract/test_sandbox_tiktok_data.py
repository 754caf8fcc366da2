"""What the emulated TikTok answers of an account, and every refusal of its tables, over real HTTP."""

import pytest

from tests.contract.sandbox_posting import BASIC, code_of
from tests.unit.sandbox.people import TikTok
from tests.unit.sandbox.site import a_site


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


@pytest.mark.parametrize("spelled", ["log_id", "logid"])
async def test_the_log_id_has_two_spellings(tiktok, site, spelled):
    await site.switch("tiktok", log_id_field=spelled)
    tokens = await tiktok.link("velowerk")
    for token in ("act.unknown", tokens["access_token"]):
        assert set((await tiktok.user(token)).json()["error"]) == {"code", "message", spelled}


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


@pytest.mark.parametrize(("audited", "offered"), [(False, 1), (True, 3)])
async def test_unaudited_apps_may_only_be_offered_self_only(tiktok, site, audited, offered):
    await site.switch("tiktok", audited=audited, unaudited_privacy="self_only")
    tokens = await tiktok.link("nordlicht.bakery")
    levels = (await tiktok.creator(tokens["access_token"])).json()["data"]["privacy_level_options"]
    assert (len(levels), levels[-1]) == (offered, "SELF_ONLY")


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


@pytest.mark.parametrize(("whose", "shared"), [("token", False), ("app", True)])
async def test_whose_calls_of_user_info_count_is_a_switch(monkeypatch, whose, shared):
    monkeypatch.setattr("sandbox.tiktok.api.USER_INFO_A_MINUTE", 2)
    async with a_site() as small:
        await small.switch("tiktok", user_info_counts=whose)
        people = TikTok(small)
        tokens = [(await people.link(handle))["access_token"] for handle in ("velowerk", "velo.fanpage")]
        answers = [code_of(await people.user(token)) for token in (*tokens, *tokens)]
    assert answers == ["ok", "ok", *(["rate_limit_exceeded"] * 2 if shared else ["ok"] * 2)]


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
