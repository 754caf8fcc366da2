"""What the emulated TikTok holds back of posts, tells of them by webhook, and gets wrong when told to."""

import json

import httpx
import pytest

from tests.contract.sandbox_posting import (
    DAY,
    FILM,
    a_creator,
    a_post,
    an_upload,
    code_of,
    public,
    turn,
)
from tests.unit.sandbox.films import jpeg
from tests.unit.sandbox.people import TikTok
from tests.unit.sandbox.site import until


@pytest.mark.parametrize(
    ("handle", "level", "code"),
    [
        ("velowerk", "SELF_ONLY", "ok"),
        ("velowerk", "FOLLOWER_OF_CREATOR", "unaudited_client_can_only_post_to_private_accounts"),
        ("velo.fanpage", "SELF_ONLY", "unaudited_client_can_only_post_to_private_accounts"),
    ],
)
async def test_an_unaudited_app_posts_privately_to_private_accounts_only(site, handle, level, code):
    await site.switch("tiktok", audited=False)
    answer = await (await a_creator(site, handle)).direct(an_upload(9), privacy_level=level)
    assert (answer.status_code, code_of(answer)) == (200 if code == "ok" else 403, code)


async def test_an_unaudited_app_posts_for_five_users_a_day(site):
    await site.switch("tiktok", audited=False)
    handles = [f"brand{number}" for number in range(6)]
    await site.control("accounts/tiktok", {"handles": handles})
    answers = []
    for handle in handles:
        await site.change("tiktok", handle, private=True)
        creator = await a_creator(site, handle)
        answers.append(code_of(await creator.direct(an_upload(9), privacy_level="SELF_ONLY")))
    assert answers == ["ok"] * 5 + ["reached_active_user_cap"]
    assert code_of(await creator.inbox(an_upload(9))) == "ok"
    await site.switch("tiktok", drafts_count_as_active=True)
    assert code_of(await creator.inbox(an_upload(9))) == "reached_active_user_cap"
    await turn(site, DAY)
    creator = await a_creator(site, handles[-1])
    assert code_of(await creator.direct(an_upload(9), privacy_level="SELF_ONLY")) == "ok"


async def test_an_audited_app_has_its_cap_of_active_creators(site, creator):
    await site.switch("tiktok", active_creators_a_day=1)
    assert [code_of(await creator.direct(an_upload(9))) for _ in range(2)] == ["ok", "ok"]
    other = await a_creator(site, "velo.fanpage")
    answer = await other.direct(an_upload(9))
    assert (answer.status_code, code_of(answer)) == (403, "reached_active_user_cap")
    asked = [await one.call("creator_info/query", {}) for one in (creator, other)]
    assert [(one.status_code, code_of(one)) for one in asked] == [
        (200, "ok"),
        (200, "reached_active_user_cap"),
    ]


async def test_the_daily_cap_of_posts_ends_after_a_day_and_shows_in_creator_info(creator, site):
    await site.switch("tiktok", posts_a_day=2)
    await creator.uploaded(FILM)
    await creator.uploaded(b"no film, so it fails and does not count")
    await turn(site, 2)
    await creator.uploaded(FILM)
    answer = await creator.direct(an_upload(9))
    assert (answer.status_code, code_of(answer)) == (403, "spam_risk_too_many_posts")
    asked = await creator.call("creator_info/query", {})
    assert (asked.status_code, code_of(asked)) == (200, "spam_risk_too_many_posts")
    await turn(site, DAY)
    assert code_of(await (await a_creator(site)).direct(an_upload(9))) == "ok"


async def test_five_unfinished_drafts_are_the_most(creator, site):
    drafts = [await creator.drafted(FILM) for _ in range(5)]
    await turn(site, 60)
    answer = await creator.inbox(an_upload(9))
    assert (answer.status_code, code_of(answer)) == (403, "spam_risk_too_many_pending_share")
    await site.change("tiktok", "nordlicht.bakery", post_draft=drafts[0])
    assert code_of(await creator.inbox(an_upload(9))) == "ok"


@pytest.mark.parametrize("change", [{"posting": "banned"}, {"condition": "restricted"}])
async def test_a_banned_creator_can_neither_post_nor_get_drafts(creator, site, change):
    await site.change("tiktok", "nordlicht.bakery", **change)
    for answer in (await creator.direct(an_upload(9)), await creator.inbox(an_upload(9))):
        assert (answer.status_code, code_of(answer)) == (403, "spam_risk_user_banned_from_posting")


@pytest.mark.parametrize(
    ("path", "body", "scopes"),
    [
        ("video/init", {"post_info": a_post(), "source_info": an_upload(9)}, "user.info.basic,video.upload"),
        ("inbox/video/init", {"source_info": an_upload(9)}, "user.info.basic,video.publish"),
        ("content/init", {}, "user.info.basic"),
        ("status/fetch", {"publish_id": "x"}, "user.info.basic"),
        ("cancel", {"publish_id": "x"}, "user.info.basic"),
    ],
)
async def test_each_endpoint_needs_a_living_token_and_its_scope(site, path, body, scopes):
    token = (await TikTok(site).link("nordlicht.bakery", scope=scopes))["access_token"]
    creator = await a_creator(site, "velo.fanpage")
    assert code_of(await creator.call(path, body, token)) == "scope_not_authorized"
    dead = await creator.call(path, body, "act.unknown")
    assert (dead.status_code, code_of(dead)) == (401, "access_token_invalid")


async def test_a_photo_needs_the_scope_of_its_mode(site, shelf):
    url = shelf.put("a.jpg", jpeg())
    token = (await TikTok(site).link("velo.fanpage", scope="user.info.basic,video.upload"))["access_token"]
    creator = await a_creator(site)
    creator.token = token
    assert code_of(await creator.photos([url])) == "scope_not_authorized"
    assert code_of(await creator.photos([url], mode="MEDIA_UPLOAD")) == "ok"


@pytest.mark.parametrize(
    ("path", "a_minute"),
    [("video/init", 6), ("inbox/video/init", 6), ("content/init", 6), ("status/fetch", 30)],
)
async def test_requests_are_counted_in_a_sliding_minute_per_token(creator, site, path, a_minute):
    answers = [await creator.call(path, {}) for _ in range(a_minute + 1)]
    assert {one.status_code for one in answers[:-1]} == {400}
    assert (answers[-1].status_code, code_of(answers[-1])) == (429, "rate_limit_exceeded")
    await turn(site, 60)
    assert (await creator.call(path, {})).status_code == 400


# Webhooks


def told(site):
    bodies = [json.loads(got.body) for got in site.bot.got if got.path == "/webhooks/tiktok"]
    return [(body["event"], json.loads(body["content"])) for body in bodies]


async def test_the_app_is_told_what_becomes_of_a_post(creator, site):
    publish_id = await creator.uploaded(FILM)
    await turn(site, 62)
    await site.bot.received(2)
    [row] = await public(site)
    await site.change("tiktok", "nordlicht.bakery", take_down=row["id"])
    await site.bot.received(3)
    common = {"publish_id": publish_id, "publish_type": "DIRECT_PUBLISH"}
    assert sorted(told(site), key=lambda one: one[0]) == [
        ("post.publish.complete", common),
        ("post.publish.no_longer_publicaly_available", {**common, "post_id": row["id"]}),
        ("post.publish.publicly_available", {**common, "post_id": row["id"]}),
    ]
    assert all("TikTok-Signature" in got.headers for got in site.bot.got)
    assert (await public(site))[0]["state"] == "removed"
    assert (await site.http.get(row["url"])).status_code == 404


async def test_news_comes_by_itself_though_nobody_asks(creator, site):
    await creator.drafted(FILM)
    await turn(site, 2)
    [got] = await site.bot.received(1)
    assert json.loads(got.body)["event"] == "post.publish.inbox_delivered"


@pytest.mark.parametrize(("name", "fields"), [("reason", {"reason"}), ("fail_reason", {"fail_reason"}), ("both", {"reason", "fail_reason"})])  # fmt: skip
async def test_a_failure_is_told_with_its_reason(creator, site, name, fields):
    await site.switch("tiktok", failed_webhook_field=name, webhook_post_id="number")
    await creator.uploaded(b"no film")
    await turn(site, 2)
    await site.bot.received(1)
    [(event, content)] = told(site)
    assert event == "post.publish.failed"
    assert {one: content[one] for one in fields} == dict.fromkeys(fields, "file_format_check_failed")
    assert set(content) == {"publish_id", "publish_type"} | fields


async def test_webhooks_may_come_twice_or_not_at_all(creator, site):
    await site.change("tiktok", "nordlicht.bakery", webhooks="twice")
    await creator.uploaded(FILM, privacy_level="SELF_ONLY")
    await turn(site, 2)
    await site.bot.received(2)
    assert [event for event, _ in told(site)] == ["post.publish.complete"] * 2
    await site.change("tiktok", "nordlicht.bakery", webhooks="lose")
    await creator.uploaded(FILM, privacy_level="SELF_ONLY")
    await turn(site, 2)
    await until(lambda: site.sandbox.tiktok.deliveries()[-1]["state"] == "lost")


# Faults


@pytest.mark.parametrize(
    ("operation", "path", "code", "status"),
    [
        *(
            ("tiktok.publish.video_init", "video/init", code, status)
            for code, status in {
                "invalid_param": 400,
                "spam_risk_too_many_posts": 403,
                "spam_risk_user_banned_from_posting": 403,
                "reached_active_user_cap": 403,
                "unaudited_client_can_only_post_to_private_accounts": 403,
                "url_ownership_unverified": 403,
                "privacy_level_option_mismatch": 403,
                "access_token_invalid": 401,
                "scope_not_authorized": 401,
                "rate_limit_exceeded": 429,
                "internal_error": 500,
            }.items()
        ),
        ("tiktok.publish.inbox_init", "inbox/video/init", "spam_risk_too_many_pending_share", 403),
        ("tiktok.publish.content_init", "content/init", "app_version_check_failed", 400),
        ("tiktok.publish.status", "status/fetch", "invalid_publish_id", 400),
        ("tiktok.publish.cancel", "cancel", "publish_not_cancellable", 400),
    ],
)
async def test_every_code_can_be_scripted(creator, site, operation, path, code, status):
    await site.fault(operation, "refuse", code=code)
    answer = await creator.call(path, {})
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert (await site.journal(operation))[-1]["outcome"] == code


@pytest.mark.parametrize("code", ["400", "403", "404", "416", "500", "http_503"])
async def test_the_upload_host_answers_with_a_status_alone(creator, site, upload, code):
    content, url, publish_id = upload
    await site.fault("tiktok.upload", "refuse", code=code)
    answer = await creator.put(url, content[:5_300_000], total=len(content))
    assert answer.status_code == int(code.removeprefix("http_"))
    assert (await creator.job(publish_id))["uploaded_bytes"] == 0


async def test_a_lost_answer_of_init_leaves_a_job_that_nobody_knows(creator, site):
    await site.fault("tiktok.publish.video_init", "drop_after")
    with pytest.raises(httpx.RemoteProtocolError):
        await creator.direct(an_upload(len(FILM)))
    assert len(site.sandbox.tiktok.jobs.recent()) == 1


async def test_a_lost_answer_to_the_last_chunk_is_a_post_all_the_same(creator, site):
    begun = (await creator.direct(an_upload(len(FILM)))).json()["data"]
    await site.fault("tiktok.upload", "drop_after")
    with pytest.raises(httpx.RemoteProtocolError):
        await creator.put(begun["upload_url"], FILM)
    await turn(site, 2)
    assert (await creator.job(begun["publish_id"]))["status"] == "PUBLISH_COMPLETE"
    assert len(await public(site)) == 1


async def test_a_chunk_lost_before_it_was_taken_is_not_there(creator, site):
    begun = (await creator.direct(an_upload(len(FILM)))).json()["data"]
    await site.fault("tiktok.upload", "drop_before")
    with pytest.raises(httpx.TransportError):
        await creator.put(begun["upload_url"], FILM)
    assert (await creator.job(begun["publish_id"]))["uploaded_bytes"] == 0
    assert (await creator.put(begun["upload_url"], FILM)).status_code == 201


async def test_a_refusal_may_come_though_the_work_was_done(creator, site):
    await site.fault("tiktok.publish.video_init", "refuse", code="internal_error", when="after")
    assert (await creator.direct(an_upload(len(FILM)))).status_code == 500
    assert len(site.sandbox.tiktok.jobs.recent()) == 1
