"""What becomes of the emulated Instagram's containers and posts: time, caps, the feed, scripted faults."""

import asyncio

import httpx
import pytest

from tests.contract.sandbox_publishing import DAY, a_publisher, public, refused, turn
from tests.unit.sandbox.films import film
from tests.unit.sandbox.people import Instagram
from tests.unit.sandbox.site import until


async def test_a_container_expires_after_a_day(publisher, site, reel):
    container = await publisher.finished(**reel)
    await turn(site, DAY)
    assert (await publisher.look(container))[0] == "EXPIRED"
    assert refused(await publisher.publish(container)) == (24, 2207008)
    await site.switch("instagram", expired_publish="-2/2207020")
    assert refused(await publisher.publish(container)) == (-2, 2207020)


async def test_a_published_container_stays_published(publisher, site, reel):
    container = await publisher.finished(**reel)
    await publisher.publish(container)
    await turn(site, 2 * DAY)
    assert (await publisher.look(container))[0] == "PUBLISHED"


@pytest.mark.parametrize(
    ("switch", "answer", "posts"),
    [
        ("9007/2207027", (9007, 2207027), 1),
        ("24/2207006", (24, 2207006), 1),
        ("same_id", None, 1),
        ("another_post", None, 2),
    ],
)
async def test_what_a_second_publish_does_is_a_switch(publisher, site, reel, switch, answer, posts):
    await site.switch("instagram", second_publish=switch)
    container = await publisher.finished(**reel)
    first = (await publisher.publish(container)).json()["id"]
    second = await publisher.publish(container)
    if answer:
        assert refused(second) == answer
    else:
        assert (second.json()["id"] == first) == (posts == 1)
    rows = await public(site)
    assert (len(rows), rows[-1]["duplicate_of"]) == (posts, first if posts == 2 else None)


async def test_two_publishes_at_once_are_one_post(publisher, site, reel):
    container = await publisher.finished(**reel)
    answers = await asyncio.gather(*(publisher.publish(container) for _ in range(2)))
    assert sorted(one.status_code for one in answers) == [200, 400]
    assert len(await public(site)) == 1


async def test_published_may_show_late_by_switch(publisher, site, reel):
    await site.switch("instagram", published_lag_seconds=30, media_list_lag_seconds=60)
    container = await publisher.finished(**reel)
    await publisher.publish(container)
    assert (await publisher.look(container))[0] == "FINISHED"
    assert (await publisher.media())["data"] == []
    await turn(site, 30)
    assert (await publisher.look(container))[0] == "PUBLISHED"
    await turn(site, 30)
    assert len((await publisher.media())["data"]) == 1


async def test_bigger_videos_take_longer(publisher, site, shelf):
    shelf.put("big.mp4", film(size=1_000_000))
    await site.switch("instagram", processing_seconds_per_100_mb=10_000)
    container = await publisher.made(media_type="REELS", video_url=f"{shelf.url}/big.mp4")
    await turn(site, 102)
    assert (await publisher.look(container))[0] == "IN_PROGRESS"
    await turn(site, 1)
    assert (await publisher.look(container))[0] == "FINISHED"


# Caps


async def test_the_publishing_limit_counts_and_is_kept_in_a_rolling_day(publisher, site, reel):
    await site.switch("instagram", quota_total=2)
    containers = [await publisher.finished(**reel) for _ in range(3)]
    for container in containers[:2]:
        await publisher.publish(container)
        await turn(site, 3_600)
    assert await publisher.usage() == {"quota_usage": 2, "config": {"quota_total": 2, "quota_duration": DAY}}
    assert refused(await publisher.publish(containers[2])) == (9, 2207042)
    assert (await publisher.look(containers[2]))[0] == "FINISHED"
    await turn(site, DAY - 2 * 3_600)
    assert (await publisher.publish(await publisher.finished(**reel))).status_code == 200
    assert (await (await a_publisher(site, "velowerk")).usage())["quota_usage"] == 0


async def test_containers_are_counted_too(publisher, site, reel):
    await site.switch("instagram", containers_a_day=2)
    answers = [await publisher.create(**reel) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 400]
    assert refused(answers[-1]) == (9, 2207042)
    await site.switch("instagram", container_cap_error="4")
    assert refused(await publisher.create(**reel)) == (4, None)
    await turn(site, DAY)
    assert (await publisher.create(**reel)).status_code == 200


# The feed


async def test_media_are_listed_newest_first_in_pages(publisher, site, image):
    ids = [await publisher.published(**image) for _ in range(5)]
    page = await publisher.media(fields="id,caption", limit="2")
    assert page["data"] == [{"id": one, "caption": "Rolls"} for one in (ids[4], ids[3])]
    assert "next" in page["paging"]
    assert publisher.token not in page["paging"]["next"]
    after = await publisher.media(limit="2", after=page["paging"]["cursors"]["after"])
    assert [one["id"] for one in after["data"]] == [ids[2], ids[1]]
    last = await publisher.media(limit="2", after=after["paging"]["cursors"]["after"])
    assert ([one["id"] for one in last["data"]], "next" in last["paging"]) == ([ids[0]], False)
    back = await publisher.media(limit="2", before=last["paging"]["cursors"]["before"])
    assert [one["id"] for one in back["data"]] == [ids[2], ids[1]]
    headers = {"Authorization": f"Bearer {publisher.token}"}
    assert (await site.http.get(page["paging"]["next"], headers=headers)).json()["data"][0]["id"] == ids[2]


async def test_media_are_listed_by_time(publisher, site, image):
    first = await publisher.published(**image)
    border = str(round(site.clock.timestamp()) + 10)
    await turn(site, 100)
    second = await publisher.published(**image)
    assert [one["id"] for one in (await publisher.media(since=border))["data"]] == [second]
    assert [one["id"] for one in (await publisher.media(until=border))["data"]] == [first]


@pytest.mark.parametrize(
    "params", [{"limit": "0"}, {"limit": "x"}, {"after": "1"}, {"since": "today"}, {"fields": "shoe_size"}]
)
async def test_senseless_lists_are_refused(publisher, image, params):
    await publisher.published(**image)
    assert refused(await publisher.call("GET", "me/media", **params)) == (100, None)


async def test_an_empty_caption_and_an_unsure_field_are_left_out(publisher, site, shelf):
    media = await publisher.published(image_url=f"{shelf.url}/a.jpg")
    assert (await publisher.call("GET", media, fields="id,caption")).json() == {"id": media}
    assert refused(await publisher.call("GET", media, fields="media_product_type")) == (100, None)
    await site.switch("instagram", media_product_type=True)
    answer = await publisher.call("GET", media, fields="media_product_type")
    assert answer.json()["media_product_type"] == "FEED"


# Faults


ROWS = [
    "-2/2207003", "-2/2207020", "-1/2207001", "-1/2207032", "-1/2207053", "1/2207057", "4/2207051", "9/2207042",
    "24/2207006", "24/2207008", "25/2207050", "100/2207023", "100/2207028", "100/2207035", "100/2207036",
    "100/2207037", "100/2207040", "352/2207026", "9004/2207052", "9007/2207027", "36000/2207004", "36001/2207005",
    "36003/2207009", "36004/2207010",
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
async def test_every_row_of_the_error_table_can_be_scripted(publisher, site, row):
    for operation, call in (
        ("instagram.media", publisher.create()),
        ("instagram.media_publish", publisher.publish("1")),
    ):
        await site.fault(operation, "refuse", code=row)
        answer = await call
        code, subcode = row.split("/")
        assert (answer.status_code, refused(answer)) == (400, (int(code), int(subcode)))
        assert {"is_transient", "error_user_title", "error_user_msg"} <= set(answer.json()["error"])


@pytest.mark.parametrize(
    "code", ["352/2207026", "2207026", "2207076", "2207077", "2207082", "2207085", "2207003"]
)
async def test_processing_can_end_in_any_error(publisher, site, reel, code):
    await site.fault("processing.instagram", "refuse", code=code)
    container = await publisher.made(**reel)
    await turn(site, 3)
    subcode = code.rpartition("/")[2]
    assert await publisher.look(container) == (
        "ERROR",
        f"Error: Media upload has failed with error code {subcode}",
    )
    assert refused(await publisher.publish(container))[1] == int(subcode)
    await turn(site, DAY)
    assert (await publisher.look(container))[0] == "ERROR"


async def test_processing_can_take_longer(publisher, site, reel):
    await site.fault("processing.instagram", "delay", seconds=600)
    container = await publisher.made(**reel)
    await turn(site, 602)
    assert (await publisher.look(container))[0] == "IN_PROGRESS"
    await turn(site, 1)
    assert (await publisher.look(container))[0] == "FINISHED"


async def test_a_refusal_may_come_though_the_post_is_live(publisher, site, reel):
    container = await publisher.finished(**reel)
    await site.fault("instagram.media_publish", "refuse", code="4/2207051", when="after")
    assert refused(await publisher.publish(container)) == (4, 2207051)
    assert (await publisher.look(container))[0] == "PUBLISHED"
    assert len(await public(site)) == 1


@pytest.mark.parametrize(("what", "posts"), [("drop_after", 1), ("drop_before", 0), ("reset", 0)])
async def test_answers_get_lost_before_or_after(publisher, site, reel, what, posts):
    container = await publisher.finished(**reel)
    await site.fault("instagram.media_publish", what)
    with pytest.raises(httpx.TransportError):
        await publisher.publish(container)
    assert len(await public(site)) == posts


@pytest.mark.parametrize(
    ("operation", "method", "path"),
    [
        ("instagram.media", "POST", "me/media"),
        ("instagram.container", "GET", "17900000000000000"),
        ("instagram.media_publish", "POST", "me/media_publish"),
        ("instagram.media_list", "GET", "me/media"),
        ("instagram.media_node", "GET", "18000000000000000"),
        ("instagram.stories", "GET", "me/stories"),
    ],
)
async def test_operations_have_their_names(publisher, site, operation, method, path):
    await site.fault(operation, "refuse", code="100/33")
    assert refused(await publisher.call(method, path)) == (100, 33)
    assert [row["operation"] for row in await site.journal(operation)] == [operation]


async def test_the_adapter_may_ask_without_a_version(site, reel):
    instagram = Instagram(site)
    token = await instagram.link("velowerk")
    container = (await instagram.graph(token, "/me/media", "POST", **reel)).json()["id"]
    await until(lambda: site.sandbox.instagram.publishing._containers._containers[container].media)
    await turn(site, 3)
    assert (await instagram.graph(token, f"/{container}", fields="status_code")).json()[
        "status_code"
    ] == "FINISHED"
