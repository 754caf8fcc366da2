"""What Instagram refuses about what is asked of a container: its parameters and its address."""

import pytest

from tests.contract.sandbox_publishing import public, refused, turn
from tests.unit.sandbox.films import jpeg

REQUIRED = (100, None)


def filled(form, shelf):
    """The form with the shelf's addresses."""
    return {name: value.replace("SHELF", shelf.url) for name, value in form.items()}


VIDEO = {"media_type": "REELS", "video_url": "SHELF/a.mp4"}
IMAGE = {"image_url": "SHELF/a.jpg"}


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"media_type": "CLIPS"}, (100, 2207023)),
        ({**IMAGE, "media_type": "IMAGE"}, (100, 2207023)),
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
        IMAGE,
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
