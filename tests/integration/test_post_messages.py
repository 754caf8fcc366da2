"""Requests in the emulated Slack: one message that follows, paced, posted anew where it is lost, told to somebody always."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.account import Platform
from core.domain.delivery import Audience, Blame, DeliveryStep, Obstacle
from core.domain.errors import PlatformDown, Throttled
from core.domain.fact import FactKind
from core.domain.post import DecisionKind, PostStep
from tests.builders import NOW, a_decision, a_delivery, a_fact, a_linked_connection, a_post
from tests.integration.stage import BAKERY, MANAGER, REQUESTER, TEAM

TIKTOK = a_linked_connection(BAKERY, platform=Platform.TIKTOK, id="cn_tiktok")
PACE = timedelta(seconds=3)
AFTER_A_PRESS = timedelta(seconds=1)


async def asked(stage, **changes):
    """A request as composing leaves it."""
    post = a_post(BAKERY, **{"step": PostStep.REQUESTED, "requested_at": NOW, "expires_at": NOW} | changes)
    async with stage.work.writing() as unit:
        if await unit.clients.get(TEAM, BAKERY.id) is None:
            await unit.clients.save(BAKERY)
            await unit.connections.save(TIKTOK)
        saved = await unit.posts.save(post)
        await unit.commit()
    return saved


async def becomes(stage, post, *, decision=None, deliveries=()):
    async with stage.work.writing() as unit:
        saved = await unit.posts.save(post)
        if decision:
            await unit.posts.decide(decision)
        for each in deliveries:
            await unit.deliveries.add(each)
        await unit.commit()
    return saved


async def tell(stage, post, change="requested", **details):
    fact = a_fact(
        kind=FactKind.POST_CHANGED,
        subject=post.id,
        client_id=post.client_id,
        details={"change": change, "by": REQUESTER} | details,
    )
    await stage.messenger.tell(fact)


def approved(post):
    return replace(post, step=PostStep.APPROVED, settled_at=NOW)


def requests(stage):
    return [each for each in stage.seen() if not each.get("thread_ts") or each["thread_ts"] == each["ts"]]


def replies(stage):
    return [each for each in stage.seen() if each.get("thread_ts") not in {None, each["ts"]}]


async def test_the_same_news_twice_is_one_message(stage):
    post = await asked(stage)
    await tell(stage, post)
    await tell(stage, post)
    assert len(requests(stage)) == 1
    assert "asks for approval" in requests(stage)[0]["text"]


async def test_it_follows_in_place_but_not_more_often_than_people_can_read(stage):
    post = await asked(stage)
    await tell(stage, post)
    decision = a_decision(post, kind=DecisionKind.REJECTED, reason="Falscher Film")
    post = await becomes(stage, replace(post, step=PostStep.REJECTED), decision=decision)
    with pytest.raises(Throttled) as early:
        await tell(stage, post, "rejected", by=MANAGER)
    assert early.value.until == NOW + AFTER_A_PRESS
    stage.clock.turn(AFTER_A_PRESS)
    await tell(stage, post, "rejected", by=MANAGER)
    assert "was rejected" in requests(stage)[0]["text"]
    assert any(
        f"<@{REQUESTER}>" in each["text"] and "Falscher Film" in each["text"] for each in replies(stage)
    )


async def test_what_happens_by_itself_is_edited_less_often_than_what_somebody_pressed(stage):
    post = await asked(stage)
    await tell(stage, post)
    delivery = a_delivery(post, TIKTOK)
    post = await becomes(stage, approved(post), decision=a_decision(post), deliveries=[delivery])
    stage.clock.turn(AFTER_A_PRESS)
    with pytest.raises(Throttled) as early:
        await tell(stage, post, "delivery", delivery=delivery.id, step="queued", by="")
    assert early.value.until == NOW + PACE
    await tell(stage, post, "delivery", delivery=delivery.id, step="queued", by=MANAGER)
    assert "is approved" in requests(stage)[0]["text"]


async def test_a_deleted_message_is_posted_anew(stage):
    post = await asked(stage)
    await tell(stage, post)
    stage.clock.turn(PACE)
    stage.fault("slack.chat.update", "refuse", code="message_not_found")
    post = await becomes(stage, replace(post, step=PostStep.WITHDRAWN))
    await tell(stage, post, "withdrawn")
    assert [each["text"] for each in requests(stage) if "withdrawn" in each["text"]]


async def test_where_the_channel_takes_nothing_its_managers_are_told(stage):
    post = await asked(stage)
    stage.fault("slack.chat.postMessage", "refuse", code="not_in_channel")
    await tell(stage, post)
    assert not stage.seen()
    assert any("asks for approval" in each for each in stage.direct(MANAGER))


async def test_a_passing_failure_is_tried_again_and_posts_once(stage):
    post = await asked(stage)
    stage.fault("slack.chat.postMessage", "refuse", code="internal_error")
    with pytest.raises(PlatformDown):
        await tell(stage, post)
    await tell(stage, post)
    assert len(requests(stage)) == 1


async def test_what_needs_somebody_rings_them_once(stage):
    post = await asked(stage)
    await tell(stage, post)
    stage.clock.turn(PACE)
    gone = Obstacle(blame=Blame.AUTHORIZATION, code="grant_gone")
    delivery = a_delivery(post, TIKTOK, waits=True, obstacle=gone)
    post = await becomes(stage, approved(post), decision=a_decision(post), deliveries=[delivery])
    for _ in range(2):
        await tell(stage, post, "delivery", delivery=delivery.id, step="queued")
    ringing = [each for each in replies(stage) if "app removed at TikTok" in each["text"]]
    assert len(ringing) == 1
    assert f"<@{MANAGER}>" in ringing[0]["text"]
    assert "Relink TikTok and Continue" in str(requests(stage)[0]["blocks"])


async def test_the_requester_hears_the_end(stage):
    post = await asked(stage)
    await tell(stage, post)
    stage.clock.turn(PACE)
    out = {"step": DeliveryStep.PUBLISHED, "audience": Audience.PUBLIC, "permalink": "https://x.example/1"}
    delivery = a_delivery(post, TIKTOK, **out)
    post = await becomes(stage, approved(post), decision=a_decision(post), deliveries=[delivery])
    await tell(stage, post, "delivery", delivery=delivery.id, step="published")
    assert "is out." in requests(stage)[0]["text"]
    assert any(f"<@{REQUESTER}>: this is how it ended" in each["text"] for each in replies(stage))


async def test_a_draft_is_nobodys_business(stage):
    post = await asked(stage, step=PostStep.DRAFT)
    await tell(stage, post)
    assert not stage.seen()
