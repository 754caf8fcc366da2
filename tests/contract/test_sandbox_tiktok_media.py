"""What TikTok does with media once it is there: checks, and drafts."""

import pytest

from tests.contract.sandbox_posting import (
    DAY,
    FILM,
    HOUR,
    a_creator,
    an_upload,
    public,
    turn,
)
from tests.unit.sandbox.films import film


@pytest.mark.parametrize(
    ("media", "reason"),
    [
        ({"video": b"mp4v"}, "file_format_check_failed"),
        ({"video": b""}, "file_format_check_failed"),
        ({"index": False}, "file_format_check_failed"),
        ({"seconds": 3_601.0}, "duration_check_failed"),
        ({"fps": 22.0}, "frame_rate_check_failed"),
        ({"fps": 61.0}, "frame_rate_check_failed"),
        ({"width": 359}, "picture_size_check_failed"),
        ({"height": 4_097}, "picture_size_check_failed"),
        ({"fps": 23.976}, ""),
        ({"fps": 60.0}, ""),
        ({"width": 360, "height": 4_096}, ""),
        ({"video": b"hvc1", "brand": b"qt  "}, ""),
        ({"seconds": 3_600.0, "index_last": True, "edits": True}, ""),
        ({"audio": b""}, ""),
    ],
)
async def test_media_is_checked_after_it_arrived(creator, site, media, reason):
    publish_id = await creator.uploaded(film(**media))
    await turn(site, 2)
    job = await creator.job(publish_id)
    assert job["status"] == ("FAILED" if reason else "PUBLISH_COMPLETE")
    assert job.get("fail_reason", "") == reason
    assert len(await public(site)) == (0 if reason else 1)


async def test_the_longest_video_is_the_creators_own_or_ten_minutes_for_drafts(creator, site):
    await site.change("tiktok", "nordlicht.bakery", max_video_post_duration_sec=60)
    long, longer = film(seconds=61.0), film(seconds=601.0)
    jobs = [await creator.uploaded(long), await creator.drafted(long), await creator.drafted(longer)]
    await turn(site, 2)
    states = [(await creator.job(one))["status"] for one in jobs]
    assert states == ["FAILED", "SEND_TO_USER_INBOX", "FAILED"]


async def test_the_shortest_video_and_the_checks_themselves_are_switches(creator, site):
    await site.switch("tiktok", shortest_video_seconds=3)
    short = await creator.uploaded(film(seconds=2.9))
    await turn(site, 2)
    assert (await creator.job(short))["fail_reason"] == "duration_check_failed"
    await site.switch("tiktok", media_checks=False)
    anything = await creator.uploaded(b"anything")
    await turn(site, 2)
    assert (await creator.job(anything))["status"] == "PUBLISH_COMPLETE"


@pytest.mark.parametrize(
    "reason",
    [
        "file_format_check_failed", "duration_check_failed", "frame_rate_check_failed", "picture_size_check_failed",
        "internal", "video_pull_failed", "photo_pull_failed", "publish_cancelled", "auth_removed",
        "spam_risk_too_many_posts", "spam_risk_user_banned_from_posting", "spam_risk_text", "spam_risk",
    ],
)  # fmt: skip
async def test_every_fail_reason_can_be_scripted(creator, site, reason):
    await site.fault("processing.tiktok", "refuse", code=reason)
    failed, fine = await creator.uploaded(FILM), await creator.uploaded(FILM)
    await turn(site, 2)
    assert (await creator.job(failed))["fail_reason"] == reason
    assert (await creator.job(fine))["status"] == "PUBLISH_COMPLETE"


async def test_processing_and_moderation_can_take_longer(creator, site):
    await site.fault("processing.tiktok", "delay", seconds=1_800)
    await site.fault("moderation.tiktok", "delay", seconds=7_200)
    publish_id = await creator.uploaded(FILM)
    await turn(site, 1_801)
    assert (await creator.job(publish_id))["status"] == "PROCESSING_UPLOAD"
    await turn(site, 1)
    assert (await creator.job(publish_id))["status"] == "PUBLISH_COMPLETE"
    await turn(site, 7_200)
    site_tokens = await a_creator(site)
    assert (await site_tokens.job(publish_id))["publicaly_available_post_id"] == []
    await turn(site, 61)
    assert len((await site_tokens.job(publish_id))["publicaly_available_post_id"]) == 1


async def test_moderation_can_keep_a_post_back_for_good(creator, site):
    await site.fault("moderation.tiktok", "refuse", code="kept")
    publish_id = await creator.uploaded(FILM)
    await turn(site, HOUR)
    assert (await creator.job(publish_id))["publicaly_available_post_id"] == []
    assert [row["state"] for row in await public(site)] == ["moderation"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"remove_app": True}, "auth_removed"),
        ({"untick": ["video.publish"]}, "auth_removed"),
        ({"posting": "too_many_posts"}, "spam_risk_too_many_posts"),
        ({"posting": "banned"}, "spam_risk_user_banned_from_posting"),
        ({"condition": "restricted"}, "spam_risk_user_banned_from_posting"),
    ],
)
async def test_what_changes_while_a_post_is_processed_ends_it(creator, site, change, reason):
    publish_id = await creator.uploaded(FILM)
    await site.change("tiktok", "nordlicht.bakery", **change)
    await turn(site, 2)
    job = await (await a_creator(site)).job(publish_id)
    assert (job["status"], job["fail_reason"]) == ("FAILED", reason)
    assert await public(site) == []


async def test_a_grant_removed_during_an_upload_ends_it(creator, site, upload):
    content, url, publish_id = upload
    await creator.put(url, content[:5_300_000], total=len(content))
    await site.change("tiktok", "nordlicht.bakery", remove_app=True)
    answer = await creator.put(url, content[5_300_000:], 5_300_000, total=len(content))
    assert answer.status_code == 403
    assert (await (await a_creator(site)).job(publish_id))["fail_reason"] == "auth_removed"


# Drafts


async def test_a_draft_reaches_the_inbox_and_is_posted_by_its_creator_even_twice(creator, site):
    answer = await creator.inbox(an_upload(len(FILM)), post_info={"privacy_level": "ignored", "title": 7})
    begun = answer.json()["data"]
    assert begun["publish_id"].startswith("v_inbox_file~v2.")
    await creator.put(begun["upload_url"], FILM)
    await turn(site, 2)
    assert (await creator.job(begun["publish_id"]))["status"] == "SEND_TO_USER_INBOX"
    [draft] = await public(site)
    assert (draft["state"], draft["mode"], draft["caption"]) == ("draft", "inbox", "")
    for count in (1, 2):
        await site.change("tiktok", "nordlicht.bakery", post_draft=begun["publish_id"])
        await turn(site, 60)
        job = await creator.job(begun["publish_id"])
        assert (job["status"], len(job["publicaly_available_post_id"])) == ("PUBLISH_COMPLETE", count)
    rows = await public(site)
    assert [row["state"] for row in rows] == ["removed", "public", "public"]
    assert [row["duplicate_of"] for row in rows] == [None, None, rows[1]["id"]]
    assert await creator.events() == [
        "inbox_delivered", "complete", "publicly_available", "complete", "publicly_available",
    ]  # fmt: skip


async def test_a_draft_may_vanish_after_a_day_by_switch(creator, site):
    await site.switch("tiktok", drafts_vanish=True)
    await creator.drafted(FILM)
    await turn(site, 2)
    assert [row["state"] for row in await public(site)] == ["draft"]
    await turn(site, DAY)
    assert [row["state"] for row in await public(site)] == ["removed"]


async def test_only_a_delivered_draft_can_be_posted(creator, site):
    direct = await creator.uploaded(FILM)
    for publish_id in (direct, "unknown"):
        answer = await site.control("accounts/tiktok/nordlicht.bakery", {"post_draft": publish_id})
        assert (answer.status_code, "no draft" in answer.json()["error"]) == (400, True)
