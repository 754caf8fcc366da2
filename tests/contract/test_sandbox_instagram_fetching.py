"""What Instagram refuses about a container's media: how it is fetched, and what it is."""

import pytest

from tests.contract.sandbox_publishing import public, refused, turn
from tests.unit.sandbox.films import film, jpeg, png, webp
from tests.unit.sandbox.site import until

MIB = 1024 * 1024


async def error_of(publisher, site, **form):
    """The subcode in the status of a container that went wrong, "" for one that did not."""
    container = await publisher.made(**form)
    await turn(site, 60)
    code, text = await publisher.look(container)
    return text.rpartition(" ")[2] if code == "ERROR" else ""


async def test_the_crawler_names_itself_and_reads_robots_first(publisher, site, shelf, reel):
    assert await error_of(publisher, site, **reel) == ""
    assert shelf.paths() == ["robots.txt", "a.mp4"]
    assert all(one["User-Agent"].startswith("facebookexternalhit/1.1") for one in shelf.asked)
    shelf.robots = "User-agent: facebookexternalhit\nDisallow: /private/\n"
    shelf.put("private/a.mp4", film())
    private = {**reel, "video_url": f"{shelf.url}/private/a.mp4"}
    assert await error_of(publisher, site, **private) == "2207052"
    await site.switch("instagram", obeys_robots=False)
    assert await error_of(publisher, site, **private) == ""


async def test_fetching_by_ranges_is_a_switch(publisher, site, shelf):
    await site.switch("instagram", media_request="ranged")
    large = film(size=9 * MIB)
    shelf.put("large.mp4", large)
    assert await error_of(publisher, site, media_type="REELS", video_url=f"{shelf.url}/large.mp4") == ""
    ranges = [one["Range"] for one in shelf.asked if one["path"] == "large.mp4"]
    assert ranges == ["bytes=0-8388607", "bytes=8388608-16777215"]
    container = await publisher.finished(media_type="REELS", video_url=f"{shelf.url}/large.mp4")
    await publisher.publish(container)
    assert (await public(site))[0]["size"] == len(large)


async def test_redirects_are_followed_or_not_by_switch_and_never_far_away(publisher, site, shelf, reel):
    moved = {**reel, "video_url": shelf.moved("moved.mp4", "/a.mp4")}
    away = {**reel, "video_url": shelf.moved("away.mp4", "https://cdn.example/a.mp4")}
    around = {**reel, "video_url": shelf.moved("around.mp4", "/around.mp4")}
    assert await error_of(publisher, site, **moved) == ""
    assert await error_of(publisher, site, **away) == "2207052"
    assert await error_of(publisher, site, **around) == "2207052"
    await site.switch("instagram", follows_redirects=False)
    assert await error_of(publisher, site, **moved) == "2207052"


@pytest.mark.parametrize(
    "url", ["SHELF/missing.mp4", "http://127.0.0.1:1/a.mp4", "https://cdn.example/a.mp4"]
)
async def test_what_cannot_be_fetched(publisher, site, shelf, reel, url):
    form = {**reel, "video_url": url.replace("SHELF", shelf.url)}
    assert await error_of(publisher, site, **form) == "2207052"
    await site.switch("instagram", unreachable="-1/2207076")
    assert await error_of(publisher, site, **form) == "2207076"
    assert refused(await publisher.create(image_url=form["video_url"])) == (-1, 2207076)


async def test_a_slow_host_is_given_up(publisher, site, shelf):
    shelf.hanging = "slow.mp4"
    url = f"{shelf.url}/slow.mp4"
    container = (await publisher.create(media_type="REELS", video_url=url)).json()["id"]
    await shelf.was_asked("slow.mp4")
    assert (await publisher.look(container))[0] == "IN_PROGRESS"
    await turn(site, 121)
    kept = site.sandbox.instagram.publishing._containers._containers[container]
    await until(lambda: kept.error)
    assert (await publisher.look(container))[1].endswith("2207003")


# Media


@pytest.mark.parametrize(
    ("media", "subcode"),
    [
        ({}, ""),
        ({"video": b"vp09"}, "2207026"),
        ({"video": b""}, "2207026"),
        ({"audio": b"Opus"}, "2207026"),
        ({"audio": b""}, ""),
        ({"rate": 48_001}, "2207026"),
        ({"channels": 6}, "2207026"),
        ({"fps": 22.0}, "2207026"),
        ({"fps": 61.0}, "2207026"),
        ({"width": 1_921}, "2207026"),
        ({"width": 2_160, "height": 1_080, "turned": True}, ""),
        ({"seconds": 2.9}, "2207026"),
        ({"seconds": 3.0}, ""),
        ({"seconds": 900.0}, ""),
        ({"seconds": 900.1}, "2207026"),
        ({"width": 11, "height": 1_101}, "2207026"),
        ({"edits": True}, ""),
        ({"index_last": True}, "2207026"),
        ({"seconds": 4.0, "size": 12_500_000}, ""),
        ({"seconds": 4.0, "size": 13_100_000}, "2207026"),
        ({"video": b"hvc1", "brand": b"qt  "}, ""),
        ({"chroma": 1}, ""),
        ({"chroma": 2}, "2207026"),
        ({"index": False}, "2207052"),
    ],
)
async def test_reels_are_checked(publisher, site, shelf, media, subcode):
    url = shelf.put("b.mp4", film(**media))
    assert await error_of(publisher, site, media_type="REELS", video_url=url) == subcode
    item = {"media_type": "VIDEO", "is_carousel_item": "true", "video_url": url}
    assert await error_of(publisher, site, **item) == subcode


@pytest.mark.parametrize(
    ("media", "subcode"),
    [({"seconds": 60.0}, ""), ({"seconds": 60.1}, "2207026"), ({"width": 100, "height": 1_100}, "2207026")],
)
async def test_stories_are_checked(publisher, site, shelf, media, subcode):
    url = shelf.put("b.mp4", film(**media))
    assert await error_of(publisher, site, media_type="STORIES", video_url=url) == subcode


async def test_sizes_are_limited(publisher, site, shelf):
    shelf.put("story.mp4", film(seconds=60.0, size=100 * MIB + 1))
    story = {"media_type": "STORIES", "video_url": f"{shelf.url}/story.mp4"}
    assert await error_of(publisher, site, **story) == "2207026"
    shelf.put("story.mp4", film(seconds=60.0, size=100_000_001))
    assert await error_of(publisher, site, **story) == ""
    await site.switch("instagram", megabyte="decimal")
    assert await error_of(publisher, site, **story) == "2207026"


@pytest.mark.parametrize(
    ("switch", "media"), [("edit_lists", {"edits": True}), ("index_last", {"index_last": True})]
)
async def test_edit_lists_and_a_late_index_are_switches(publisher, site, shelf, reel, switch, media):
    url = shelf.put("b.mp4", film(**media))
    for taken, subcode in ((False, "2207026"), (True, "")):
        await site.switch("instagram", **{switch: taken})
        assert await error_of(publisher, site, media_type="REELS", video_url=url) == subcode
        assert await error_of(publisher, site, **reel) == ""


async def test_checks_can_be_off(publisher, site, shelf):
    await site.switch("instagram", media_checks=False)
    assert await error_of(publisher, site, media_type="REELS", video_url=shelf.put("b", b"anything")) == ""


async def test_a_thumbnail_lies_inside_the_video(publisher, site, reel):
    assert await error_of(publisher, site, **reel, thumb_offset="11999") == ""
    assert await error_of(publisher, site, **reel, thumb_offset="12000") == "2207057"


@pytest.mark.parametrize(
    ("cover", "subcode"), [(jpeg(1_080, 1_920), ""), (png(), "2207005"), (jpeg(size=8 * MIB + 1), "2207004")]
)
async def test_a_cover_is_a_jpeg(publisher, site, shelf, reel, cover, subcode):
    url = shelf.put("cover.jpg", cover)
    assert await error_of(publisher, site, **reel, cover_url=url) == subcode


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (jpeg(), None),
        (jpeg(1_910, 1_000), None),
        (jpeg(1_920, 1_000), (36003, 2207009)),
        (jpeg(790, 1_000), (36003, 2207009)),
        (jpeg(size=8 * MIB), None),
        (jpeg(size=8 * MIB + 1), (36000, 2207004)),
        (png(), (36001, 2207005)),
        (webp(), (36001, 2207005)),
        (film(), (9004, 2207052)),
        (b"text", (9004, 2207052)),
    ],
)
async def test_images_are_checked_at_once_or_later(publisher, site, shelf, content, error):
    url = shelf.put("b.jpg", content)
    answer = await publisher.create(image_url=url)
    assert (refused(answer) if error else None) == error
    await site.switch("instagram", image_fetch="later")
    assert await error_of(publisher, site, image_url=url) == (str(error[1]) if error else "")


async def test_a_story_image_may_have_any_ratio(publisher, shelf):
    url = shelf.put("tall.jpg", jpeg(1_080, 1_920))
    assert refused(await publisher.create(image_url=url)) == (36003, 2207009)
    assert (await publisher.create(media_type="STORIES", image_url=url)).status_code == 200
