"""What Instagram refuses about a container: its parameters, its address, its media."""

import pytest

from tests.contract.sandbox_publishing import a_publisher, public, refused, turn
from tests.unit.sandbox.films import film, jpeg, png, webp
from tests.unit.sandbox.shelf import a_shelf
from tests.unit.sandbox.site import a_site, until

MIB = 1024 * 1024
REQUIRED = (100, None)


@pytest.fixture
async def site():
    async with a_site() as running:
        yield running


@pytest.fixture
async def shelf():
    async with a_shelf() as running:
        running.put("a.mp4", film())
        running.put("a.jpg", jpeg())
        yield running


@pytest.fixture
async def publisher(site):
    return await a_publisher(site)


def filled(form, shelf):
    """The form with the shelf's addresses."""
    return {name: value.replace("SHELF", shelf.url) for name, value in form.items()}


VIDEO = {"media_type": "REELS", "video_url": "SHELF/a.mp4"}
IMAGE = {"image_url": "SHELF/a.jpg"}


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"media_type": "CLIPS"}, (100, 2207023)),
        ({"media_type": "VIDEO", "video_url": "SHELF/a.mp4"}, (100, 2207023)),
        ({}, REQUIRED),
        ({"media_type": "REELS"}, REQUIRED),
        ({"media_type": "REELS", "upload_type": "resumable"}, REQUIRED),
        ({"media_type": "STORIES"}, REQUIRED),
        ({**VIDEO, "caption": "x" * 2_201}, (36004, 2207010)),
        ({**VIDEO, "caption": "#a " * 31}, (36004, 2207010)),
        ({**VIDEO, "caption": "@a " * 21}, (100, 2207040)),
        ({**VIDEO, "share_to_feed": "maybe"}, REQUIRED),
        ({**VIDEO, "thumb_offset": "-1"}, (1, 2207057)),
        ({**VIDEO, "trial_params": "{}"}, REQUIRED),
        ({**VIDEO, "trial_params": "x"}, REQUIRED),
        ({**VIDEO, "collaborators": "a,b,c,d"}, REQUIRED),
        ({**VIDEO, "location_id": "Berlin"}, REQUIRED),
        ({**IMAGE, "alt_text": "x" * 1_001}, REQUIRED),
        ({"image_url": "SHELF/brötchen.jpg"}, (9004, 2207052)),
        ({"image_url": "SHELF/two words.jpg"}, (9004, 2207052)),
        ({"image_url": "ftp://127.0.0.1/a.jpg"}, (9004, 2207052)),
        ({**VIDEO, "cover_url": "SHELF/ü.jpg"}, (9004, 2207052)),
        ({"media_type": "CAROUSEL"}, (100, 2207028)),
        ({"media_type": "CAROUSEL", "children": "1"}, (100, 2207028)),
        ({"media_type": "CAROUSEL", "children": ",".join("1" * 11)}, (100, 2207028)),
        ({"media_type": "CAROUSEL", "children": "1,2"}, (24, 2207006)),
    ],
)
async def test_what_is_refused_at_once(publisher, shelf, form, error):
    answer = await publisher.create(**filled(form, shelf))
    assert (answer.status_code, refused(answer)) == (400, error)
    assert shelf.asked == []


@pytest.mark.parametrize(
    "form",
    [
        {**VIDEO, "caption": "x" * 2_200},
        {**VIDEO, "caption": "🥐" * 2_200},
        {**VIDEO, "caption": "#a " * 30 + "@a " * 20},
        {**VIDEO, "caption": "mail@bakery.example " * 25},
        {**VIDEO, "collaborators": '["a","b"]', "audio_name": "Oven", "location_id": "7"},
        {**VIDEO, "trial_params": '{"graduation_strategy": "MANUAL"}', "is_ai_generated": "true"},
        {**VIDEO, "cover_url": "SHELF/a.jpg"},
        {**IMAGE, "media_type": "IMAGE"},
    ],
)
async def test_what_is_taken(publisher, site, shelf, form):
    await publisher.published(**filled(form, shelf))
    assert len(await public(site)) == 1


@pytest.mark.parametrize(
    ("switches", "form", "error"),
    [
        ({"hashtags": 5}, {**VIDEO, "caption": "#a " * 6}, (36004, 2207010)),
        ({"mentions": 3}, {**VIDEO, "caption": "@a " * 4}, (100, 2207040)),
        ({"caption_units": "utf16"}, {**VIDEO, "caption": "🥐" * 1_101}, (36004, 2207010)),
        ({"collaborators": "refused"}, {**VIDEO, "collaborators": "a"}, REQUIRED),
        (
            {"trial_reels": "refused"},
            {**VIDEO, "trial_params": '{"graduation_strategy":"MANUAL"}'},
            (100, 2207081),
        ),
        ({"uppercase_urls": "refused"}, {"image_url": "SHELF/A.jpg"}, (9004, 2207052)),
    ],
)
async def test_unsure_refusals_are_switches(publisher, site, shelf, switches, form, error):
    shelf.put("A.jpg", jpeg())
    assert (await publisher.create(**filled(form, shelf))).status_code == 200
    await site.switch("instagram", **switches)
    assert refused(await publisher.create(**filled(form, shelf))) == error


async def test_escapes_and_signatures_may_have_capitals(publisher, site, shelf):
    await site.switch("instagram", uppercase_urls="refused")
    url = shelf.put("br%C3%B6tchen.jpg?Signature=ABC", jpeg())
    assert (await publisher.create(image_url=url)).status_code == 200


async def test_feed_video_may_still_work_by_switch(publisher, site, shelf):
    await site.switch("instagram", feed_video="reel", share_to_feed_default=False)
    await publisher.published(**filled({**VIDEO, "media_type": "VIDEO"}, shelf))
    [row] = await public(site)
    assert (row["kind"], row["options"]) == ("reel", {"share_to_feed": False})


async def test_children_must_be_ready_items(publisher, site, shelf):
    item = {"is_carousel_item": "true", "image_url": f"{shelf.url}/a.jpg"}
    young = await publisher.made(**item)
    assert refused(await publisher.create(media_type="CAROUSEL", children=f"{young},{young}")) == (
        9007,
        2207027,
    )
    await site.fault("processing.instagram", "refuse", code="2207026", times=2)
    broken = await publisher.made(**item)
    await turn(site, 1)
    ready = await publisher.finished(**item)
    plain = await publisher.finished(image_url=f"{shelf.url}/a.jpg")
    for bad, error in ((broken, (24, 2207008)), (plain, (24, 2207006))):
        assert refused(await publisher.create(media_type="CAROUSEL", children=f"{ready},{bad}")) == error
    await turn(site, 86_400)
    assert refused(await publisher.create(media_type="CAROUSEL", children=f"{ready},{ready}")) == (
        24,
        2207008,
    )


# Fetching


async def error_of(publisher, site, **form):
    """The subcode in the status of a container that went wrong, "" for one that did not."""
    container = await publisher.made(**form)
    await turn(site, 60)
    code, text = await publisher.look(container)
    return text.rpartition(" ")[2] if code == "ERROR" else ""


async def test_the_crawler_names_itself_and_reads_robots_first(publisher, site, shelf):
    assert await error_of(publisher, site, **filled(VIDEO, shelf)) == ""
    assert shelf.paths() == ["robots.txt", "a.mp4"]
    assert all(one["User-Agent"].startswith("facebookexternalhit/1.1") for one in shelf.asked)
    shelf.robots = "User-agent: facebookexternalhit\nDisallow: /private/\n"
    shelf.put("private/a.mp4", film())
    private = {**VIDEO, "video_url": f"{shelf.url}/private/a.mp4"}
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


async def test_redirects_are_followed_or_not_by_switch_and_never_far_away(publisher, site, shelf):
    moved = {**VIDEO, "video_url": shelf.moved("moved.mp4", "/a.mp4")}
    away = {**VIDEO, "video_url": shelf.moved("away.mp4", "https://cdn.example/a.mp4")}
    around = {**VIDEO, "video_url": shelf.moved("around.mp4", "/around.mp4")}
    assert await error_of(publisher, site, **moved) == ""
    assert await error_of(publisher, site, **away) == "2207052"
    assert await error_of(publisher, site, **around) == "2207052"
    await site.switch("instagram", follows_redirects=False)
    assert await error_of(publisher, site, **moved) == "2207052"


@pytest.mark.parametrize(
    "url", ["SHELF/missing.mp4", "http://127.0.0.1:1/a.mp4", "https://cdn.example/a.mp4"]
)
async def test_what_cannot_be_fetched(publisher, site, shelf, url):
    form = filled({**VIDEO, "video_url": url}, shelf)
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
        ({"index_last": True}, ""),
        ({"video": b"hvc1", "brand": b"qt  "}, ""),
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
    shelf.put("story.mp4", film(size=100 * MIB + 1))
    story = {"media_type": "STORIES", "video_url": f"{shelf.url}/story.mp4"}
    assert await error_of(publisher, site, **story) == "2207026"
    shelf.put("story.mp4", film(size=100_000_001))
    assert await error_of(publisher, site, **story) == ""
    await site.switch("instagram", megabyte="decimal")
    assert await error_of(publisher, site, **story) == "2207026"


@pytest.mark.parametrize(
    ("switch", "media"), [("edit_lists", {"edits": True}), ("index_last", {"index_last": True})]
)
async def test_edit_lists_and_a_late_index_are_switches(publisher, site, shelf, switch, media):
    url = shelf.put("b.mp4", film(**media))
    await site.switch("instagram", **{switch: False})
    assert await error_of(publisher, site, media_type="REELS", video_url=url) == "2207026"
    assert await error_of(publisher, site, **filled(VIDEO, shelf)) == ""


async def test_checks_can_be_off(publisher, site, shelf):
    await site.switch("instagram", media_checks=False)
    assert await error_of(publisher, site, media_type="REELS", video_url=shelf.put("b", b"anything")) == ""


async def test_a_thumbnail_lies_inside_the_video(publisher, site, shelf):
    assert await error_of(publisher, site, **filled(VIDEO, shelf), thumb_offset="11999") == ""
    assert await error_of(publisher, site, **filled(VIDEO, shelf), thumb_offset="12000") == "2207057"


@pytest.mark.parametrize(
    ("cover", "subcode"), [(jpeg(1_080, 1_920), ""), (png(), "2207005"), (jpeg(size=8 * MIB + 1), "2207004")]
)
async def test_a_cover_is_a_jpeg(publisher, site, shelf, cover, subcode):
    url = shelf.put("cover.jpg", cover)
    assert await error_of(publisher, site, **filled(VIDEO, shelf), cover_url=url) == subcode


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
