"""What the emulated Graph API answers of an account, and every refusal of its table, over real HTTP."""

import json

import pytest

from tests.contract.sandbox_publishing import CONTENT_PUBLISH, DAY, UNSUPPORTED, refused_as


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
    assert refused_as(await instagram.graph(token, fields="shoe_size")) == ("OAuthException", 100, None)
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
    assert refused_as(await instagram.graph(token, f"/{other['user_id']}")) == ("OAuthException", 100, 33)


async def test_versioned_paths_may_be_refused(instagram, site):
    token = await instagram.link("velowerk")
    assert (await instagram.graph(token, "/v25.0/me")).status_code == 200
    await site.switch("instagram", versioned_paths=False)
    assert refused_as(await instagram.graph(token, "/v25.0/me")) == UNSUPPORTED
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
    assert (answer.status_code, refused_as(answer)) == (400, UNSUPPORTED)
    assert f"method type: {method.lower()}" in answer.json()["error"]["message"]


async def test_a_personal_account_looks_like_a_wrong_path(instagram, site):
    short = await instagram.short("velo.personal")
    assert refused_as(await instagram.lengthen(short)) == UNSUPPORTED
    assert refused_as(await instagram.graph(short)) == UNSUPPORTED
    token = await instagram.link("velowerk")
    await site.change("instagram", "velowerk", type="PERSONAL")
    await site.control("clock/advance", {"seconds": DAY})
    assert refused_as(await instagram.refresh(token)) == UNSUPPORTED


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
    assert refused_as(await instagram.graph(token)) == ("OAuthException", 190, subcode)
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
    assert (answer.status_code, refused_as(answer)[2]) == (401, 0)
    await site.change("instagram", "velowerk", remove_app=True)
    assert refused_as(await instagram.graph(token)) == ("OAuthException", 190, None)


@pytest.mark.parametrize("token", ["EAAfromFacebook", "-"])
async def test_a_foreign_token_cannot_be_parsed(instagram, token):
    answer = await instagram.graph(token)
    assert refused_as(answer) == ("OAuthException", 190, None)
    assert "Cannot parse access token" in answer.json()["error"]["message"]


async def test_a_token_that_never_was_is_invalid(instagram):
    assert refused_as(await instagram.graph("IGAA" + "x" * 60)) == ("OAuthException", 190, None)


async def test_the_limit_edge_needs_the_publishing_permission(instagram, site):
    token = await instagram.link("velowerk")
    (body,) = (await instagram.limit(token)).json()["data"]
    assert body == {"quota_usage": 0, "config": {"quota_total": 100, "quota_duration": DAY}}
    await site.change("instagram", "velowerk", untick=[CONTENT_PUBLISH])
    assert refused_as(await instagram.limit(token)) == ("OAuthException", 10, None)
    assert (await instagram.graph(token)).status_code == 200
    await site.switch("instagram", missing_permission="200")
    assert refused_as(await instagram.limit(token)) == ("OAuthException", 200, None)


async def test_a_restricted_account_shows_at_the_limit_edge_only(instagram, site):
    token = await instagram.link("velowerk")
    await site.change("instagram", "velowerk", condition="restricted")
    assert refused_as(await instagram.limit(token)) == ("OAuthException", 25, 2207050)
    assert (await instagram.graph(token)).status_code == 200
    await site.switch("instagram", restricted_limit=False, quota_total=50)
    assert (await instagram.limit(token)).json()["data"][0]["config"]["quota_total"] == 50


async def test_the_limit_edge_refuses_unknown_fields(instagram):
    token = await instagram.link("velowerk")
    answer = await instagram.graph(token, "/me/content_publishing_limit", fields="shoe_size")
    assert refused_as(answer)[1] == 100


# Usage


async def test_usage_headers_appear_after_some_traffic(instagram):
    token = await instagram.link("velowerk")
    answers = [await instagram.graph(token) for _ in range(11)]
    assert ["X-App-Usage" in one.headers for one in answers] == [False] * 10 + [True]
    (case,) = json.loads(answers[-1].headers["X-Business-Use-Case-Usage"])["1000200030004000"]
    assert (case["type"], case["estimated_time_to_regain_access"]) == ("instagram", 0)


@pytest.mark.parametrize(("least", "statuses"), [(0, [400, 400]), (1, [200, 400])])
async def test_what_an_account_without_impressions_may_ask_is_a_switch(instagram, site, least, statuses):
    await site.switch("instagram", calls_without_impressions=least)
    token = await instagram.link("velowerk")
    await site.change("instagram", "velowerk", impressions=0)
    assert [(await instagram.graph(token)).status_code for _ in range(2)] == statuses


async def test_the_call_budget_follows_the_impressions(instagram, site, monkeypatch):
    monkeypatch.setattr("sandbox.instagram.gate.CALLS_PER_IMPRESSION", 12)
    await site.change("instagram", "velowerk", impressions=1)
    token = await instagram.link("velowerk")
    answers = [await instagram.graph(token) for _ in range(13)]
    assert [one.status_code for one in answers] == [200] * 12 + [400]
    assert refused_as(answers[-1]) == ("OAuthException", 80002, None)
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
    assert (answer.status_code, refused_as(answer)) == (status, expected)


async def test_throttling_and_the_gateway_can_be_scripted(instagram, site):
    await site.fault("instagram.me", "throttle")
    throttled = await instagram.graph("any")
    assert refused_as(throttled)[1] == 4
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
