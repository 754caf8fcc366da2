"""Whatever people do in whatever order: a request settles once, and no target gets a post twice."""

import asyncio
from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.delivery import DeliveryStep
from core.domain.post import LAWFUL, PostStep
from core.domain.refusals import Refusal
from tests.unit.usecases.studio import COLLEAGUE, MANAGER, OUTSIDER, REQUESTER, STRANGER, Studio

PEOPLE = st.sampled_from([REQUESTER, MANAGER, COLLEAGUE, STRANGER, OUTSIDER])
ACTS = st.sampled_from(
    ["approve", "approve", "reject", "ask_changes", "edit", "withdraw", "wait", "press an old button"]
)
DONE = {each for each in PostStep if not LAWFUL[each]}


async def act(studio, post, old, name, person):
    match name:
        case "approve" | "reject" | "ask_changes":
            await getattr(studio, name)(post, person)
        case "press an old button":
            await studio.approve(old, person)
        case "edit":
            other = studio.content(caption=f"Bread {post.revision + 1}", publish_at=post.content.publish_at)
            await studio.requesting.edit(person, post.id, post.digest, other)
        case "withdraw":
            await studio.requesting.withdraw(person, post.id)
        case _:
            await studio.approving.attend_due(studio.clock.turn(hours=7))


def held(before, after):
    """What holds between two moments of a post."""
    assert not (before.post.step in DONE and after.post.step is not before.post.step)
    if after.post.step is not before.post.step:
        edited = after.post.revision > before.post.revision
        assert edited or after.post.step in LAWFUL[before.post.step]
    live = [each for each in after.deliveries if each.step is not DeliveryStep.CANCELLED]
    assert all(each.digest == after.post.digest for each in live)
    assert max(Counter(each.connection_id for each in live).values(), default=1) == 1
    assert len(live) == (2 if after.post.step is PostStep.APPROVED else 0)
    assert len({(each.digest, each.by) for each in after.decisions}) == len(after.decisions)
    if after.post.step is PostStep.APPROVED:
        assert after.tally.missing == 0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3), st.lists(st.tuples(ACTS, PEOPLE), max_size=12))
def test_every_story_of_a_request_ends_at_most_once(needed, story):
    async def told():
        studio = await Studio().open(needed=needed, outsiders=("U0OUTSIDER",), expire_hours=30)
        first = await studio.requested(publish_at=studio.clock.now() + timedelta(days=5))
        view = await studio.view(first)
        for name, person in story:
            try:
                await act(studio, view.post, first, name, person)
            except Refusal:
                assert await studio.view(first) == view
            before, view = view, await studio.view(first)
            held(before, view)

    asyncio.run(told())
