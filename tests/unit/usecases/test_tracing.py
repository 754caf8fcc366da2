"""The story of a post: everything that happened, each thing once, in the order in which it did."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.domain.chronicle import Entry
from core.domain.client import ApprovalPolicy
from core.domain.post import Decision, Post
from core.usecases.tracing import Tracing
from tests.builders import WORKSPACE
from tests.fakes import FrozenClock
from tests.unit.usecases.studio import COLLEAGUE, MANAGER, Studio


class RunningClock(FrozenClock):
    """Goes on between two looks at it, as a real one does."""

    def now(self) -> datetime:
        return self.turn(milliseconds=1)


async def opened(**policy) -> Studio:
    return await Studio(clock=RunningClock()).open(**policy)


async def story(studio: Studio, post: Post) -> Sequence[str]:
    trace = await Tracing(work=studio.work).of(WORKSPACE, post.id)
    assert [each.at for each in trace.events] == sorted(each.at for each in trace.events)
    return [_said(each) for each in trace.events]


def _said(event: Entry | Decision) -> str:
    if isinstance(event, Decision):
        return f"{event.kind} by {event.by}"
    return event.what if event.delivery_id else f"{event.what} {event.by}"


async def test_a_decision_and_what_it_settled_are_one_event():
    studio = await opened()
    post = await studio.requested()
    await studio.approve(post)
    assert await story(studio, post) == ["requested U0REQUESTER", "approved by U0MANAGER", "queued", "queued"]


async def test_a_vote_that_settles_nothing_yet_is_one_event_too():
    studio = await opened(needed=2)
    post = await studio.requested()
    await studio.approve(post)
    await studio.reject(post, COLLEAGUE)
    assert await story(studio, post) == [
        "requested U0REQUESTER",
        "approved by U0MANAGER",
        "rejected by U0COLLEAGUE",
    ]


async def test_an_approval_that_a_change_of_the_policy_let_count_is_another_event():
    studio = await opened(needed=2)
    post = await studio.requested()
    await studio.approve(post)
    async with studio.work.writing() as unit:
        await unit.clients.save(replace(studio.client, policy=ApprovalPolicy(needed=1)))
        await unit.commit()
    await studio.approve(post, MANAGER)
    assert await story(studio, post) == [
        "requested U0REQUESTER",
        "approved by U0MANAGER",
        "approved U0MANAGER",
        "queued",
        "queued",
    ]
