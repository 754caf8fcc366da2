"""How a grant ends at the emulated TikTok, what of it is told, and what its owner and scripts may change."""

import hashlib
import hmac
import json

import pytest

from tests.contract.sandbox_posting import BASIC, HOUR, VIDEO_PUBLISH, code_of
from tests.unit.sandbox.site import until


async def test_revoke_ends_the_whole_grant_and_tells_with_reason_five(tiktok, site):
    tokens = await tiktok.link("velowerk")
    answer = await tiktok.revoke(tokens["access_token"])
    assert (answer.status_code, answer.text) == (200, "{}")
    assert code_of(await tiktok.user(tokens["access_token"])) == "access_token_invalid"
    assert (await tiktok.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert not (await site.truth("tiktok", "velowerk"))["linked"]
    (got,) = await site.bot.received(1)
    assert json.loads(json.loads(got.body)["content"]) == {"reason": 5}


@pytest.mark.parametrize("spares", [True, False])
async def test_a_refresh_token_may_outlive_its_revoke_but_opens_nothing(tiktok, site, spares):
    await site.switch("tiktok", revoke_spares_refresh=spares)
    tokens = await tiktok.link("velowerk")
    await tiktok.revoke(tokens["access_token"])
    answer = await tiktok.refresh(tokens["refresh_token"])
    assert answer.status_code == (200 if spares else 400)
    renewed = answer.json().get("access_token", "act.none")
    assert code_of(await tiktok.user(renewed)) == "access_token_invalid"
    other = await tiktok.link("velo.fanpage")
    await site.change("tiktok", "velo.fanpage", remove_app=True)
    assert (await tiktok.refresh(other["refresh_token"])).json()["error"] == "invalid_grant"


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
    truth = await site.change("tiktok", "velowerk", untick=[VIDEO_PUBLISH])
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
    assert grant["scopes"] == [BASIC, VIDEO_PUBLISH]
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
        ({"untick": [VIDEO_PUBLISH]}, "No app is linked"),
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
    form = {"account": "velowerk", "action": "withdraw", "scope": VIDEO_PUBLISH}
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
