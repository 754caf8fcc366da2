"""The emulated Content Posting API keeps to its fact sheet, driven over real HTTP."""

import pytest

from tests.contract.sandbox_posting import (
    DAY,
    FILM,
    PUBLISH,
    a_creator,
    a_post,
    an_upload,
    code_of,
    public,
    turn,
)
from tests.unit.sandbox.films import film


async def test_a_direct_post_goes_public_and_is_found_by_its_permalink(creator, site):
    begun = (await creator.direct(an_upload(len(FILM)))).json()["data"]
    assert begun["publish_id"].startswith("v_pub_file~v2-1.")
    assert (len(begun["publish_id"]) <= 64, len(begun["upload_url"]) <= 256) == (True, True)
    assert (await creator.job(begun["publish_id"]))["status"] == "PROCESSING_UPLOAD"
    answer = await creator.put(begun["upload_url"], FILM)
    assert (answer.status_code, answer.content) == (201, b"")
    assert answer.headers["Content-Range"] == f"bytes 0-{len(FILM)}/{len(FILM)}"
    looked = await creator.job(begun["publish_id"])
    assert (looked["status"], looked["uploaded_bytes"]) == ("PROCESSING_UPLOAD", len(FILM))
    await turn(site, 2)
    complete = await creator.job(begun["publish_id"])
    assert (complete["status"], complete["publicaly_available_post_id"]) == ("PUBLISH_COMPLETE", [])
    [row] = await public(site)
    assert (row["state"], row["public_at"], row["publish_id"]) == ("moderation", None, begun["publish_id"])
    site.http.cookies.clear()
    assert (await site.http.get(row["url"])).status_code == 404
    await turn(site, 60)
    [post_id] = (await creator.job(begun["publish_id"]))["publicaly_available_post_id"]
    assert isinstance(post_id, int)
    assert 2**53 < post_id < 2**63
    [row] = await public(site)
    assert (row["id"], row["state"], row["duplicate_of"]) == (str(post_id), "public", None)
    assert (row["account"], row["kind"], row["caption"]) == (
        "nordlicht.bakery", "video", "Bread at five #bakery",
    )  # fmt: skip
    assert row["url"].endswith(f"/www.tiktok.com/@nordlicht.bakery/video/{post_id}")


async def test_a_permalink_shows_caption_and_options(creator, site):
    await creator.uploaded(FILM)
    await turn(site, 62)
    [row] = await public(site)
    site.http.cookies.clear()
    page = await site.http.get(row["url"])
    assert page.status_code == 200
    assert all(text in page.text for text in ("Bread at five #bakery", "disable duet", row["sha256"]))


async def test_the_truth_holds_what_was_chosen_and_what_it_was(creator, site):
    await creator.uploaded(FILM, video_cover_timestamp_ms=1_500, is_aigc=True)
    await turn(site, 2)
    [row] = await public(site)
    assert row["options"] == {
        "privacy_level": "PUBLIC_TO_EVERYONE",
        "disable_comment": False,
        "disable_duet": True,
        "disable_stitch": True,
        "brand_content_toggle": False,
        "brand_organic_toggle": False,
        "is_aigc": True,
        "video_cover_timestamp_ms": 1_500,
    }
    [media] = row["media"]
    assert (media["size"], media["kind"], media["seconds"]) == (len(FILM), "mp4", 12.0)
    assert (row["size"], row["sha256"], row["mode"]) == (len(FILM), media["sha256"], "direct")


async def test_the_truth_tells_duplicates(creator, site):
    other = await a_creator(site, "velo.fanpage")
    for one in (creator, creator, other):
        await one.uploaded(FILM)
    await creator.uploaded(film(salt=b"another"))
    await turn(site, 2)
    rows = await public(site)
    assert [row["duplicate_of"] for row in rows] == [None, rows[0]["id"], None, None]


async def test_a_private_post_never_has_a_public_id_and_only_its_creator_sees_it(creator, site):
    publish_id = await creator.uploaded(FILM, privacy_level="SELF_ONLY")
    await turn(site, DAY / 24)
    job = await creator.job(publish_id)
    assert (job["status"], job["publicaly_available_post_id"]) == ("PUBLISH_COMPLETE", [])
    [row] = await public(site)
    assert (row["state"], row["public_at"]) == ("private", None)
    site.http.cookies.clear()
    assert (await site.http.get(row["url"])).status_code == 404
    site.http.cookies.set("tiktok_session", "nordlicht.bakery")
    assert (await site.http.get(row["url"])).status_code == 200


async def test_bigger_media_takes_longer_by_switch(creator, site):
    await site.switch("tiktok", processing_seconds=5, processing_seconds_per_gb=1_000_000)
    publish_id = await creator.uploaded(film(size=1_000_000))
    await turn(site, 500)
    assert (await creator.job(publish_id))["status"] == "PROCESSING_UPLOAD"
    await turn(site, 505)
    assert (await creator.job(publish_id))["status"] == "PUBLISH_COMPLETE"


async def test_everything_can_be_instant(creator, site):
    await site.switch("tiktok", processing_seconds=0, processing_seconds_per_gb=0, moderation_seconds=0)
    job = await creator.job(await creator.uploaded(FILM))
    assert (job["status"], len(job["publicaly_available_post_id"])) == ("PUBLISH_COMPLETE", 1)
    await site.switch("tiktok", post_id_shape="bare")
    job = await creator.job(await creator.uploaded(FILM))
    assert isinstance(job["publicaly_available_post_id"], int)


# What init refuses


@pytest.mark.parametrize(
    ("post", "status", "code"),
    [
        ({"privacy_level": None}, 403, "privacy_level_option_mismatch"),
        ({"privacy_level": "FOLLOWER_OF_CREATOR"}, 403, "privacy_level_option_mismatch"),
        ({"privacy_level": "EVERYBODY"}, 403, "privacy_level_option_mismatch"),
        ({"privacy_level": 1}, 400, "invalid_param"),
        ({"title": "x" * 2_201}, 400, "invalid_param"),
        ({"title": "🥐" * 1_101}, 400, "invalid_param"),
        ({"title": 7}, 400, "invalid_param"),
        ({"disable_duet": "no"}, 400, "invalid_param"),
        ({"is_aigc": 1}, 400, "invalid_param"),
        ({"video_cover_timestamp_ms": "1"}, 400, "invalid_param"),
        ({"brand_content_toggle": True, "privacy_level": "SELF_ONLY"}, 400, "invalid_param"),
    ],
)
async def test_post_info_is_read_strictly(creator, site, post, status, code):
    answer = await creator.direct(an_upload(len(FILM)), **post)
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert await public(site) == []


@pytest.mark.parametrize(
    "post",
    [
        {"title": "x" * 2_200},
        {"title": "🥐" * 1_100},
        {"title": None},
        {"video_cover_timestamp_ms": -1},
        {"brand_content_toggle": None, "brand_organic_toggle": None},
        {"brand_content_toggle": True},
        {"unknown": "ignored"},
    ],
)
async def test_what_is_allowed_in_post_info(creator, post):
    assert code_of(await creator.direct(an_upload(len(FILM)), **post)) == "ok"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"post_info": a_post()},
        {"post_info": a_post(), "source_info": {}},
        {"post_info": a_post(), "source_info": {"source": "FTP"}},
        {"post_info": a_post(), "source_info": {"source": "PULL_FROM_URL"}},
        {"post_info": a_post(), "source_info": {"source": "FILE_UPLOAD"}},
        {"source_info": an_upload(5_000)},
    ],
)
async def test_a_body_without_its_parts_is_refused(creator, body):
    answer = await creator.call("video/init", body)
    assert (answer.status_code, code_of(answer)) == (400, "invalid_param")


@pytest.mark.parametrize("content", [b"{", b"[]", b"a=b"])
async def test_a_body_that_is_no_json_object_is_refused(creator, site, content):
    headers = {"Authorization": f"Bearer {creator.token}", "Content-Type": "application/json"}
    answer = await site.http.post(f"{PUBLISH}/video/init/", content=content, headers=headers)
    assert code_of(answer) == "invalid_param"


async def test_uncertain_refusals_of_init_are_switches(creator, site):
    await site.switch("tiktok", bad_param="invalid_params")
    assert code_of(await creator.call("video/init", {})) == "invalid_params"
    await site.switch("tiktok", brand_toggles_required=True)
    assert code_of(await creator.direct(an_upload(9), brand_organic_toggle=None)) == "invalid_params"
    await site.switch("tiktok", branded_private="accepted")
    branded = {"brand_content_toggle": True, "privacy_level": "SELF_ONLY"}
    assert code_of(await creator.direct(an_upload(9), **branded)) == "ok"


async def test_the_offered_privacy_levels_are_the_accepted_ones(site):
    creator = await a_creator(site, "velowerk")
    offered = (await creator.call("creator_info/query", {})).json()["data"]["privacy_level_options"]
    for level in ("PUBLIC_TO_EVERYONE", "FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"):
        answer = await creator.direct(an_upload(9), privacy_level=level)
        assert (code_of(answer) == "ok") == (level in offered)
    await site.switch("tiktok", audited=False, unaudited_privacy="self_only")
    answer = await creator.direct(an_upload(9), privacy_level="FOLLOWER_OF_CREATOR")
    assert code_of(answer) == "privacy_level_option_mismatch"


# Status


async def test_a_status_belongs_to_its_account(creator, site):
    publish_id = await creator.uploaded(FILM)
    other = await a_creator(site, "velo.fanpage")
    answer = await other.status(publish_id)
    assert (answer.status_code, code_of(answer)) == (400, "token_not_authorized_for_specified_publish_id")
    unknown = await creator.status("v_pub_file~v2-1.1")
    assert (unknown.status_code, code_of(unknown)) == (400, "invalid_publish_id")
    assert code_of(await other.cancel(publish_id)) == "token_not_authorized_for_specified_publish_id"
    assert code_of(await other.cancel("nothing")) == "invalid_publish_id"


async def test_a_publish_id_may_be_forgotten_by_switch(creator, site):
    await site.switch("tiktok", publish_id_seconds=600)
    publish_id = await creator.uploaded(FILM)
    await turn(site, 600)
    assert code_of(await creator.status(publish_id)) == "invalid_publish_id"
