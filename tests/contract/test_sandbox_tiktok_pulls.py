"""What TikTok fetches by itself: films, and the photos of a post."""

import pytest

from tests.contract.sandbox_posting import (
    FILM,
    HOUR,
    MIB,
    a_pull,
    an_upload,
    code_of,
    public,
    turn,
)
from tests.unit.sandbox.films import jpeg, png, webp


async def test_a_video_is_pulled_from_an_owned_address(creator, site, shelf):
    url = shelf.put("clips/a.mp4?signature=x", FILM)
    answer = await creator.direct(a_pull(url))
    publish_id = answer.json()["data"]["publish_id"]
    assert (publish_id.startswith("v_pub_url~v2-1."), set(answer.json()["data"])) == (True, {"publish_id"})
    await creator.pulled(publish_id)
    job = await creator.job(publish_id)
    assert (job["status"], job["downloaded_bytes"]) == ("PROCESSING_DOWNLOAD", len(FILM))
    await turn(site, 62)
    assert (await creator.job(publish_id))["status"] == "PUBLISH_COMPLETE"
    assert (await public(site))[0]["size"] == len(FILM)


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.example/a.mp4",
        "http://127.0.0.1:1/a.mp4",
        "ftp://127.0.0.1/a.mp4",
        "http://[broken/a.mp4",
        "a.mp4",
    ],
)
async def test_an_address_that_is_not_owned_is_refused(creator, shelf, url):
    answer = await creator.direct(a_pull(url))
    assert (answer.status_code, code_of(answer)) == (403, "url_ownership_unverified")


async def test_ownership_is_by_domain_or_by_prefix(creator, site):
    await site.control("apps/tiktok", {"url_properties": ["cdn.example", "https://files.example/media/"]})
    verdicts = {
        "https://cdn.example/a.mp4": "ok",
        "https://eu.cdn.example/deep/a.mp4": "ok",
        "https://evilcdn.example/a.mp4": "url_ownership_unverified",
        "http://cdn.example/a.mp4": "url_ownership_unverified",
        "https://files.example/media/a.mp4": "ok",
        "https://files.example/other/a.mp4": "url_ownership_unverified",
    }
    for url, code in verdicts.items():
        assert code_of(await creator.direct(a_pull(url))) == code, url


@pytest.mark.parametrize(
    "wrong", ["cdn", "https://files.example/media", "http://files.example/", "https://10.0.0.1/"]
)
async def test_the_portal_takes_domains_and_https_prefixes_only(site, wrong):
    assert (await site.control("apps/tiktok", {"url_properties": [wrong]})).status_code == 400


async def test_the_bots_own_address_is_owned_until_the_portal_says_otherwise(creator, site):
    entry = (await site.http.get("/_sandbox/apps/tiktok")).json()
    assert f"{site.bot.url}/" in entry["url_properties"]
    assert code_of(await creator.direct(a_pull(f"{site.bot.url}/media/a.mp4"))) == "ok"


async def test_redirects_missing_files_and_far_hosts_fail_the_pull(creator, site, shelf):
    await site.control("apps/tiktok", {"url_properties": [f"{shelf.url}/", "cdn.example"]})
    target = shelf.put("there.mp4", FILM)
    urls = [shelf.moved("here.mp4", target), f"{shelf.url}/missing.mp4", "https://cdn.example/a.mp4"]
    for url in urls:
        publish_id = (await creator.direct(a_pull(url))).json()["data"]["publish_id"]
        await creator.pulled(publish_id)
        job = await creator.job(publish_id)
        assert (job["status"], job["fail_reason"]) == ("FAILED", "video_pull_failed")
    assert "there.mp4" not in shelf.paths()


async def test_a_pull_may_hang_and_be_cancelled(creator, site, shelf):
    await site.switch("tiktok", pulls_hang=True)
    publish_id = (await creator.direct(a_pull(shelf.put("a.mp4", FILM)))).json()["data"]["publish_id"]
    await turn(site, HOUR)
    assert (await creator.job(publish_id))["status"] == "PROCESSING_DOWNLOAD"
    assert code_of(await creator.cancel(publish_id)) == "ok"
    job = await creator.job(publish_id)
    assert (job["status"], job["fail_reason"]) == ("FAILED", "publish_cancelled")


async def test_what_cannot_be_cancelled(creator, site, shelf):
    begun = (await creator.direct(an_upload(len(FILM)))).json()["data"]
    pulled = (await creator.direct(a_pull(shelf.put("a.mp4", FILM)))).json()["data"]["publish_id"]
    await creator.pulled(pulled)
    for publish_id in (begun["publish_id"], pulled):
        answer = await creator.cancel(publish_id)
        assert (answer.status_code, code_of(answer)) == (400, "publish_not_cancellable")
    await site.switch("tiktok", cancel_takes_uploads=True)
    assert code_of(await creator.cancel(begun["publish_id"])) == "ok"
    assert (await creator.put(begun["upload_url"], FILM)).status_code == 403


# Photos


async def test_photos_are_pulled_and_posted_together(creator, site, shelf):
    urls = [shelf.put("a.jpg", jpeg()), shelf.put("b.webp", webp())]
    answer = await creator.photos(urls, cover=1, is_aigc=True)
    publish_id = answer.json()["data"]["publish_id"]
    assert publish_id.startswith("p_pub_url~v2.")
    await creator.pulled(publish_id)
    await turn(site, 62)
    job = await creator.job(publish_id)
    assert (job["status"], job["downloaded_bytes"]) == ("PUBLISH_COMPLETE", len(jpeg()) + len(webp()))
    [row] = await public(site)
    assert (row["kind"], row["caption"], len(row["media"])) == ("photo", "Fresh", 2)
    assert (row["options"]["title"], row["options"]["photo_cover_index"], row["options"]["is_aigc"]) == (
        "Rolls",
        1,
        True,
    )
    assert (await site.http.get(row["url"])).status_code == 200


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"media_type": "VIDEO"}, "invalid_param"),
        ({"post_mode": "DIRECT POST"}, "invalid_param"),
        ({"post": {"title": "x" * 91}}, "invalid_param"),
        ({"post": {"description": "x" * 4_001}}, "invalid_param"),
        ({"post": {"privacy_level": None}}, "privacy_level_option_mismatch"),
        ({"post": {"auto_add_music": 1}}, "invalid_param"),
        ({"cover": 1}, "invalid_param"),
        ({"cover": None}, "invalid_param"),
        ({"count": 0}, "invalid_param"),
        ({"count": 36}, "invalid_param"),
        ({"count": 35}, "ok"),
        ({"post": {"title": "🥐" * 45, "description": "🥐" * 2_000}}, "ok"),
        (
            {"source_info": {"source": "FILE_UPLOAD", "photo_images": ["x"], "photo_cover_index": 0}},
            "invalid_param",
        ),
        ({"is_aigc": "yes"}, "invalid_param"),
    ],
)
async def test_photo_posts_are_read_strictly(creator, shelf, changed, code):
    urls = [shelf.put("a.jpg", jpeg())] * changed.pop("count", 1)
    assert code_of(await creator.photos(urls, **changed)) == code


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (png(), "file_format_check_failed"),
        (FILM, "file_format_check_failed"),
        (jpeg(size=20_000_000), ""),
        (jpeg(size=20_000_001), "file_format_check_failed"),
        (jpeg(width=1_081, height=1_921), "picture_size_check_failed"),
        (jpeg(width=1_920, height=1_080), ""),
        (None, "photo_pull_failed"),
    ],
)
async def test_photos_are_checked(creator, site, shelf, content, reason):
    url = shelf.put("a.jpg", content) if content else f"{shelf.url}/missing.jpg"
    publish_id = (await creator.photos([url])).json()["data"]["publish_id"]
    await creator.pulled(publish_id)
    await turn(site, 62)
    assert (await creator.job(publish_id)).get("fail_reason", "") == reason


@pytest.mark.parametrize(("over", "reason"), [(0, ""), (1, "file_format_check_failed")])
async def test_what_a_megabyte_of_a_photo_is_can_be_switched(creator, site, shelf, over, reason):
    await site.switch("tiktok", megabyte="binary", processing_seconds=0, processing_seconds_per_gb=0)
    url = shelf.put("a.jpg", jpeg(size=20 * MIB + over))
    publish_id = await creator.pulled((await creator.photos([url])).json()["data"]["publish_id"])
    assert (await creator.job(publish_id)).get("fail_reason", "") == reason


async def test_photos_beyond_1080p_are_refused_by_switch_alone(creator, site, shelf):
    await site.switch("tiktok", photo_1080p=False, processing_seconds=0)
    url = shelf.put("a.jpg", jpeg(width=1_081, height=1_921))
    publish_id = await creator.pulled((await creator.photos([url])).json()["data"]["publish_id"])
    assert (await creator.job(publish_id))["status"] == "PUBLISH_COMPLETE"


async def test_photo_drafts_need_a_recent_app_and_keep_their_texts(creator, site, shelf):
    url = shelf.put("a.jpg", jpeg())
    await site.change("tiktok", "nordlicht.bakery", old_app=True)
    answer = await creator.photos([url], mode="MEDIA_UPLOAD")
    assert (answer.status_code, code_of(answer)) == (400, "app_version_check_failed")
    await site.change("tiktok", "nordlicht.bakery", old_app=False)
    publish_id = (await creator.photos([url], mode="MEDIA_UPLOAD")).json()["data"]["publish_id"]
    await creator.pulled(publish_id)
    await turn(site, 62)
    [row] = await public(site)
    assert (row["state"], row["caption"], row["options"]["title"]) == ("draft", "Fresh", "Rolls")


async def test_where_the_ai_flag_of_photos_counts_is_a_switch(creator, site, shelf):
    await site.switch("tiktok", photo_aigc="post_info", processing_seconds=0)
    url = shelf.put("a.jpg", jpeg())
    for more in ({"is_aigc": True}, {"post": {"is_aigc": True}}):
        await creator.pulled((await creator.photos([url], **more)).json()["data"]["publish_id"])
    assert [row["options"]["is_aigc"] for row in await public(site)] == [False, True]
