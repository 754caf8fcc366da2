"""Containers and publishing of the emulated Instagram keep to the fact sheet, over real HTTP."""

from datetime import datetime

import pytest

from tests.contract.sandbox_publishing import BASIC, DAY, a_publisher, public, refused, turn
from tests.unit.sandbox.films import film


async def test_a_reel_is_made_waited_for_and_published(publisher, site, reel):
    container = await publisher.made(**reel, share_to_feed="false", thumb_offset="1500")
    assert await publisher.look(container) == ("IN_PROGRESS", "In Progress: Media is still being processed.")
    assert refused(await publisher.publish(container)) == (9007, 2207027)
    await turn(site, 3)
    code, text = await publisher.look(container)
    assert (code, text.startswith("Finished")) == ("FINISHED", True)
    assert await public(site) == []
    media = (await publisher.publish(container)).json()["id"]
    assert (await publisher.look(container))[0] == "PUBLISHED"
    [row] = await public(site)
    assert (row["id"], row["container"], row["state"], row["kind"]) == (media, container, "public", "reel")
    assert (row["account"], row["caption"]) == ("nordlicht.bakery", "Bread at five #bakery")
    assert row["options"] == {"share_to_feed": False, "thumb_offset": 1_500}
    assert (row["size"], row["media"][0]["kind"]) == (len(film()), "mp4")
    assert row["published_at"] == row["public_at"] is not None


async def test_a_permalink_opens_a_page(publisher, site, reel):
    media = await publisher.published(**reel)
    answer = await publisher.call("GET", media, fields="id,permalink,shortcode,timestamp,media_type")
    facts = answer.json()
    assert (facts["id"], facts["media_type"]) == (media, "VIDEO")
    assert facts["permalink"] == (await public(site))[0]["url"]
    assert facts["permalink"].endswith(f"/www.instagram.com/reel/{facts['shortcode']}/")
    assert datetime.strptime(facts["timestamp"], "%Y-%m-%dT%H:%M:%S%z")
    page = await site.http.get(facts["permalink"])
    assert (page.status_code, "Bread at five #bakery" in page.text, "share to feed" in page.text) == (
        200,
        True,
        True,
    )
    await site.change("instagram", "nordlicht.bakery", delete_post=media)
    assert (await site.http.get(facts["permalink"])).status_code == 404
    assert refused(await publisher.call("GET", media)) == (100, 33)
    assert (await public(site))[0]["state"] == "removed"


async def test_an_image_is_fetched_at_once_and_ready_in_a_second(publisher, site, image):
    answer = await publisher.create(**image, alt_text="Rolls on a table")
    container = answer.json()["id"]
    assert (await publisher.look(container))[0] == "IN_PROGRESS"
    await turn(site, 1)
    await publisher.publish(container)
    [row] = await public(site)
    assert (row["kind"], row["options"]) == ("image", {"alt_text": "Rolls on a table"})
    assert "/p/" in row["url"]


@pytest.mark.parametrize("media", [{"video_url": "a.mp4"}, {"image_url": "a.jpg"}])
async def test_a_story_is_seen_for_a_day(publisher, site, shelf, media):
    form = {name: f"{shelf.url}/{path}" for name, path in media.items()}
    await publisher.published(media_type="STORIES", **form)
    [row] = await public(site)
    assert (row["kind"], "/stories/nordlicht.bakery/" in row["url"]) == ("story", True)
    assert (await publisher.media())["data"] == []
    stories = (await publisher.call("GET", "me/stories", fields="id,media_type")).json()["data"]
    assert stories == [{"id": row["id"], "media_type": "VIDEO" if "video_url" in media else "IMAGE"}]
    assert (await site.http.get(row["url"])).status_code == 200
    await turn(site, DAY)
    assert (await publisher.call("GET", "me/stories")).json()["data"] == []
    assert (await site.http.get(row["url"])).status_code == 404


async def test_a_carousel_is_one_post_of_many_items(publisher, site, shelf):
    items = [
        await publisher.finished(is_carousel_item="true", image_url=f"{shelf.url}/a.jpg", caption="ignored"),
        await publisher.finished(is_carousel_item="true", media_type="VIDEO", video_url=f"{shelf.url}/a.mp4"),
    ]
    parent = (await publisher.create(media_type="CAROUSEL", children=",".join(items), caption="Both")).json()[
        "id"
    ]
    await turn(site, 1)
    assert refused(await publisher.publish(items[0])) == (24, 2207006)
    media = (await publisher.publish(parent)).json()["id"]
    [row] = await public(site)
    assert (row["id"], row["kind"], row["caption"], len(row["media"])) == (media, "carousel", "Both", 2)
    assert (await publisher.usage())["quota_usage"] == 1
    facts = (await publisher.call("GET", media, fields="media_type")).json()
    assert facts["media_type"] == "CAROUSEL_ALBUM"


async def test_the_truth_tells_duplicates(publisher, site, reel, image):
    other = await a_publisher(site, "velowerk")
    for one, form in ((publisher, reel), (publisher, reel), (publisher, image), (other, reel)):
        await one.published(**form)
    rows = await public(site)
    assert [row["duplicate_of"] for row in rows] == [None, rows[0]["id"], None, None]


# Ways of asking


async def test_parameters_come_by_query_form_or_json(publisher, site, reel, shelf):
    path = f"{publisher.user_id}/media"
    ids = [
        (await publisher.call("POST", path, **reel)).json()["id"],
        (await publisher.call("POST", path, form=reel)).json()["id"],
        (await publisher.call("POST", path, json={**reel, "share_to_feed": True, "thumb_offset": 5})).json()[
            "id"
        ],
    ]
    items = [
        await publisher.finished(is_carousel_item="true", image_url=f"{shelf.url}/a.jpg") for _ in range(2)
    ]
    ids.append(
        (await publisher.call("POST", path, json={"media_type": "CAROUSEL", "children": items})).json()["id"]
    )
    for container in ids:
        await publisher.fetched(container)
        await turn(site, 3)
        assert "id" in (await publisher.publish(container)).json()
    assert len(await public(site)) == 4


@pytest.mark.parametrize("content", [b"{", b"[]"])
async def test_a_broken_json_body_is_a_bad_parameter(publisher, site, content):
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {publisher.token}"}
    answer = await site.http.post("/graph.instagram.com/me/media", content=content, headers=headers)
    assert refused(answer) == (100, None)


async def test_publishing_needs_the_permission_and_a_free_account(publisher, site, reel):
    narrow = await a_publisher(site, "velowerk", scopes=[BASIC])
    assert refused(await narrow.create(**reel)) == (10, None)
    assert refused(await narrow.publish("1")) == (10, None)
    await site.change("instagram", "nordlicht.bakery", condition="restricted")
    assert refused(await publisher.create(**reel)) == (25, 2207050)
    assert refused(await publisher.publish("1")) == (25, 2207050)


async def test_a_removed_app_can_publish_nothing_any_more(publisher, site, reel):
    container = await publisher.finished(**reel)
    await site.change("instagram", "nordlicht.bakery", remove_app=True)
    for answer in (await publisher.publish(container), await publisher.create(**reel)):
        assert refused(answer) == (190, 458)
    assert await public(site) == []


async def test_somebody_elses_container_is_not_there(publisher, site, reel):
    container = await publisher.finished(**reel)
    other = await a_publisher(site, "velowerk")
    assert refused(await other.call("GET", container)) == (100, 33)
    assert refused(await other.publish(container)) == (24, 2207006)
    assert refused(await other.create(media_type="CAROUSEL", children=f"{container},{container}")) == (
        24,
        2207006,
    )


async def test_fields_of_a_container(publisher, reel):
    container = await publisher.made(**reel)
    assert (await publisher.call("GET", container)).json() == {"id": container}
    assert refused(await publisher.call("GET", container, fields="media_id")) == (100, None)
    checked = (await publisher.call("GET", container, fields="copyright_check_status")).json()
    assert checked["copyright_check_status"]["matches_found"] is False
