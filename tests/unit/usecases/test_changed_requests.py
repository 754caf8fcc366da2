"""What a person changes about a request is a draft of their own until they ask again: nothing typed is lost."""

from dataclasses import replace

from core.domain.post import PostStep
from tests.unit.usecases.refusals import refused
from tests.unit.usecases.studio import COLLEAGUE, MANAGER, OUTSIDER, REQUESTER, STRANGER, Studio, opened


async def typed(studio: Studio, post, caption="Cake"):
    """A draft of a request's next content, as far as somebody came with it."""
    begun = await studio.requesting.reopen(REQUESTER, post.id, post.digest)
    return await studio.composing.save(REQUESTER, begun.id, replace(post.content, caption=caption))


async def test_is_there_again_whoever_opens_it_how_often():
    studio = await opened()
    post = await studio.requested()
    draft = await typed(studio, post)
    assert (await studio.requesting.reopen(REQUESTER, post.id, post.digest[:16])) == draft
    assert (await studio.requesting.reopened(REQUESTER, post.id, post.digest)) == draft
    assert (await studio.requesting.reopened(MANAGER, post.id, post.digest)) is None
    assert await studio.composing.drafts(REQUESTER) == [draft]
    other = await studio.requesting.reopen(MANAGER, post.id, post.digest)
    assert other.content.caption == post.content.caption
    assert not any(each.tiktok.consents for each in other.content.targets), "consent is each person's own"
    assert (await studio.view(post)).post == post, "nobody else saw anything of it"


async def test_takes_the_place_of_the_request_once_it_is_asked_for():
    studio = await opened(needed=2)
    post = await studio.requested()
    await studio.approve(post)
    draft = await typed(studio, post)
    asked = (await studio.requesting.request(REQUESTER, draft.id)).post
    assert (asked.id, asked.step, asked.content.caption) == (post.id, PostStep.REQUESTED, "Cake")
    assert (await studio.view(post)).tally.missing == 2
    assert await studio.composing.drafts(REQUESTER) == []
    assert await studio.news() == ["requested", "voted", "edited"]


async def test_stays_where_the_request_moved_on_meanwhile():
    studio = await opened()
    post = await studio.requested()
    draft = await typed(studio, post)
    await studio.requesting.edit(COLLEAGUE, post.id, post.digest, studio.content(caption="Pie"))
    assert (await refused(studio.requesting.request(REQUESTER, draft.id))).code == "post_changed"
    assert (await refused(studio.requesting.reopen(REQUESTER, post.id, post.digest))).code == "post_changed"
    assert (await studio.requesting.reopened(REQUESTER, post.id, post.digest)) == draft
    assert (await studio.view(post)).post.content.caption == "Pie"


async def test_stays_where_nothing_may_be_asked_any_more():
    studio = await opened()
    post = await studio.requested()
    draft = await typed(studio, post)
    await studio.requesting.withdraw(REQUESTER, post.id)
    assert (await refused(studio.requesting.request(REQUESTER, draft.id))).code == "post_settled"
    assert await studio.composing.drafts(REQUESTER) == [draft]


async def test_is_for_those_who_may_edit():
    studio = await opened(outsiders=("U0OUTSIDER",))
    post = await studio.requested()
    assert (await refused(studio.requesting.reopen(STRANGER, post.id, post.digest))).code == "not_editor"
    assert (await refused(studio.requesting.reopen(OUTSIDER, post.id, post.digest))).code == "outsider"
    draft = await typed(studio, post)
    assert (await refused(studio.requesting.request(MANAGER, draft.id))).code == "post_unknown"


async def test_a_draft_remembers_when_it_was_saved_last():
    studio = await opened()
    draft = await studio.composing.create(REQUESTER, studio.client.id)
    assert draft.edited_at == draft.created_at == studio.clock.now()
    studio.clock.turn(days=3)
    saved = await studio.composing.save(REQUESTER, draft.id, studio.content(caption="Cake"))
    assert (saved.edited_at, saved.created_at) == (studio.clock.now(), draft.created_at)
    studio.clock.turn(days=3)
    assert (await studio.composing.save(REQUESTER, draft.id, saved.content)).edited_at == saved.edited_at
