"""`crosslink posts`, and the story of one post that `crosslink history --post` tells."""

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from core.domain.account import Platform
from core.domain.delivery import Audience, Blame, Delivery, Obstacle, Ticket
from core.domain.post import Content, DecisionKind, Form, Post, PostStep, Target
from core.ports import UnitOfWork
from core.usecases.chronicle import note_change, note_passage
from tests.builders import NOW, a_connection, a_decision, a_delivery, a_post, an_item
from tests.integration.shell import Shell
from tests.integration.site import TEAM, Site

MINUTE = timedelta(minutes=1)
SOME_DAY = NOW.replace(year=2099)
LINK = "https://www.tiktok.com/@nordlicht.bakery/video/7"
TARGETS = (Target(form=Form.TIKTOK_VIDEO), Target(form=Form.REEL))


async def _fly(unit: UnitOfWork, new: Delivery, *, refused: bool) -> None:
    """A delivery's whole way, written down as the use cases do."""
    prepared = new.prepared(Ticket(reference="v_pub_1", is_ready=True), NOW + 2 * MINUTE)
    asking = prepared.asking(NOW + 3 * MINUTE)
    no = Obstacle(blame=Blame.CONTENT, code="2207026", log_id="AbCd1")
    out = asking.published(Audience.PUBLIC, ("7",), LINK, NOW + 4 * MINUTE)
    ended = asking.refused(no, NOW + 4 * MINUTE) if refused else out
    await unit.deliveries.add(new)
    way = (None, new, prepared, asking, ended)
    for minute, (before, after) in enumerate(pairwise(way), start=1):
        assert after
        await note_passage(unit, before, after, at=NOW + minute * MINUTE)
    await unit.deliveries.save(replace(ended, version=1))


@pytest.fixture
async def posted(told: tuple[Site, Shell]) -> tuple[Shell, Post]:
    """An approved post that is public on TikTok and was refused by Instagram, and a request that waits."""
    site, shell = told
    async with site.runtime.desk.work.writing() as unit:
        (client,) = await unit.clients.every(TEAM)
        (tiktok,) = await unit.connections.of_workspace(TEAM)
        instagram = await unit.connections.save(a_connection(client, platform=Platform.INSTAGRAM))
        content = Content(items=(an_item(),), caption="Fresh bread #secretword", targets=TARGETS)
        asked = a_post(client, id="po_done", content=content, step=PostStep.REQUESTED, requested_at=NOW)
        post = await unit.posts.save(replace(asked, step=PostStep.APPROVED, settled_at=NOW + MINUTE))
        await note_change(unit, asked, "requested", by="U0REQUESTER", at=NOW)
        await unit.posts.decide(a_decision(post, at=NOW + MINUTE, reason="Looks good"))
        await note_change(unit, post, "approved", by="U0MANAGER", at=NOW + MINUTE)
        await _fly(unit, a_delivery(post, tiktok, id="dl_tiktok"), refused=False)
        await _fly(unit, a_delivery(post, instagram, id="dl_instagram"), refused=True)
        waits = a_post(client, id="po_waits", step=PostStep.REQUESTED, requested_at=NOW, content=content)
        await unit.posts.save(waits)
        await unit.deliveries.add(a_delivery(waits, tiktok, leave_at=SOME_DAY, due_at=SOME_DAY))
        await unit.posts.save(a_post(client, id="po_draft"))
        await unit.commit()
    return shell, post


async def test_posts_are_one_json_document(posted: tuple[Shell, Post]):
    shell, post = posted
    ran = await shell.run("posts", "--json")
    assert (ran.code, ran.err) == (0, "")
    by_id = {each["id"]: each for each in ran.json["posts"]}
    assert set(by_id) == {"po_done", "po_waits"}
    done = by_id["po_done"]
    assert (done["client"], done["step"], done["digest"]) == ("Nordlicht Bakery", "approved", post.digest)
    assert done["targets"] == ["tiktok.video", "instagram.reel"]
    on_tiktok, on_instagram = done["deliveries"]
    assert (on_tiktok["step"], on_tiktok["permalink"], on_tiktok["code"]) == ("published", LINK, None)
    assert (on_instagram["step"], on_instagram["blame"], on_instagram["code"], on_instagram["log_id"]) == (
        "refused", "content", "2207026", "AbCd1",
    )  # fmt: skip


async def test_posts_are_narrowed_by_client_and_state(posted: tuple[Shell, Post]):
    shell = posted[0]
    ran = await shell.run("posts", "--state", "waiting", "--client", "nordlicht  bakery", "--json")
    assert [each["id"] for each in ran.json["posts"]] == ["po_waits"]
    both = await shell.run("posts", "--state", "waiting", "--state", "needs_somebody", "--json")
    assert {each["id"] for each in both.json["posts"]} == {"po_waits", "po_done"}
    assert [each["id"] for each in (await shell.run("posts", "--limit", "1", "--json")).json["posts"]]
    nobody = await shell.run("posts", "--client", "Nobody")
    assert (nobody.code, "Nordlicht Bakery" in nobody.err) == (1, True)


async def test_drafts_stay_their_owners(posted: tuple[Shell, Post]):
    ran = await posted[0].run("posts", "--state", "drafts")
    assert (ran.code, ran.out) == (2, "")


async def test_posts_for_people_say_how_far_each_is(posted: tuple[Shell, Post]):
    ran = await posted[0].run("posts")
    assert ran.code == 0
    assert "po_done" in ran.out
    assert "TikTok: public" in ran.out
    assert "content: 2207026" in ran.out


async def test_the_story_of_a_post_says_who_when_which_content_and_what_the_platforms_said(
    posted: tuple[Shell, Post],
):
    shell, post = posted
    ran = await shell.run("history", "--post", "po_done", "--json")
    rows = ran.json["history"]
    assert (ran.code, rows[0]["what"], rows[0]["by"]) == (0, "requested", "U0REQUESTER")
    assert rows[1]["what"] == f"decided: {DecisionKind.APPROVED}"
    assert (rows[1]["by"], rows[1]["channel"], rows[1]["reason"]) == ("U0MANAGER", "C0BAKERY", "Looks good")
    assert {each["digest"] for each in rows} == {post.digest}
    steps = [each["what"] for each in rows if each["platform"] == "tiktok"]
    assert steps == ["queued", "uploaded", "asked", "published"]
    refused = next(each for each in rows if each["what"] == "refused")
    assert (refused["blame"], refused["code"], refused["log_id"]) == ("content", "2207026", "AbCd1")
    assert [each["at"] for each in rows] == sorted(each["at"] for each in rows)
    assert LINK in {each["permalink"] for each in rows}
    assert "secretword" not in ran.out


async def test_the_story_is_a_table_and_a_csv_too(posted: tuple[Shell, Post]):
    shell = posted[0]
    table = await shell.run("history", "--post", "po_done")
    assert (table.code, LINK in table.out, "2207026" in table.out) == (0, True, True)
    rows = list(csv.DictReader(io.StringIO((await shell.run("history", "--post", "po_done", "--csv")).out)))
    assert rows[-1]["what"] in {"published", "refused"}


@pytest.mark.parametrize(
    ("words", "code"),
    [(("--post", "po_nobody"), 1), (("--post", "po_done", "--client", "Nordlicht Bakery"), 2)],
)
async def test_a_story_that_isnt_there_is_said(posted: tuple[Shell, Post], words: tuple[str, ...], code: int):
    ran = await posted[0].run("history", *words)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err


async def test_status_says_what_is_still_to_go_out(posted: tuple[Shell, Post]):
    (row,) = (await posted[0].run("status", "--json")).json["clients"]
    waiting = {
        name: (half["posts_waiting"], half["next_post_at"]) for name, half in row["connections"].items()
    }
    assert waiting == {"tiktok": (1, SOME_DAY.isoformat()), "instagram": (0, None)}
    assert "1 post to go out" in (await posted[0].run("status")).out


async def test_each_event_of_a_story_is_a_line_that_says_when_it_was(posted: tuple[Shell, Post]):
    shell, post = posted
    lines = (await shell.run("history", "--post", "po_done")).out.splitlines()
    asked = next(each for each in lines if "requested" in each)
    moment, _, _ = asked.partition("  ")
    assert datetime.fromisoformat(moment).tzinfo is not None
    assert "by U0REQUESTER" in asked
    assert f"content {post.digest[:16]}" in asked
    assert any("content: 2207026  log AbCd1" in each for each in lines)


async def test_moments_are_iso_8601(posted: tuple[Shell, Post]):
    (row, *_) = (await posted[0].run("posts", "--json")).json["posts"]
    assert "T" in row["created_at"]
    assert row["created_at"] == datetime.fromisoformat(row["created_at"]).isoformat()
