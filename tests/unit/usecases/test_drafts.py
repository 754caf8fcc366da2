"""Drafts on their way from one client, copy or address to the next: nothing typed is lost, nothing is preselected."""

from core.domain.post import Form, PostStep, TikTokOptions
from tests.builders import a_client
from tests.unit.usecases.refusals import refused
from tests.unit.usecases.studio import BOTH, CHOSEN, MANAGER, REQUESTER, Studio, opened

ADDRESS = "https://cdn.example/ride.mp4"


async def beside(studio: Studio) -> str:
    """Set another client up; return its id."""
    async with studio.work.writing() as unit:
        other = await unit.clients.save(a_client(id="cl_velo", name="Velo Werk", channel="C0VELO"))
        await unit.commit()
    return other.id


class TestAnotherClient:
    async def test_takes_over_all_but_what_was_chosen_for_the_other_account(self):
        studio = await opened()
        draft = await studio.draft()
        assert draft.content.targets[0].tiktok == CHOSEN
        moved = await studio.composing.move(REQUESTER, draft.id, await beside(studio))
        assert (moved.id, moved.client_id, moved.step) == (draft.id, "cl_velo", PostStep.DRAFT)
        assert (moved.content.items, moved.content.caption) == (draft.content.items, draft.content.caption)
        assert [each.form for each in moved.content.targets] == [each.form for each in BOTH]
        assert moved.content.targets[0].tiktok == TikTokOptions()

    async def test_the_same_one_changes_nothing(self):
        studio = await opened()
        draft = await studio.draft()
        assert await studio.composing.move(REQUESTER, draft.id, studio.client.id) == draft

    async def test_is_one_of_the_workspace_and_the_drafts_owners_choice(self):
        studio = await opened()
        draft = await studio.draft()
        other = await beside(studio)
        unknown = await refused(studio.composing.move(REQUESTER, draft.id, "cl_nobody"))
        assert unknown.code == "unknown_client"
        assert (await refused(studio.composing.move(MANAGER, draft.id, other))).code == "post_unknown"


async def test_a_copy_has_nothing_preselected_that_tiktok_wants_chosen():
    studio = await opened()
    post = await studio.requested()
    copy = await studio.composing.copy(REQUESTER, post.id)
    assert copy.content.targets[0].form is Form.TIKTOK_VIDEO
    assert copy.content.targets[0].tiktok == TikTokOptions()


class TestAddress:
    async def test_is_kept_with_the_draft_and_no_part_of_what_is_approved(self):
        studio = await opened()
        draft = await studio.draft(items=())
        saved = await studio.composing.save(REQUESTER, draft.id, draft.content, address=ADDRESS)
        assert (saved.address, saved.digest) == (ADDRESS, draft.digest)
        again = await studio.composing.save(REQUESTER, draft.id, studio.content(items=(), caption="Later"))
        assert again.address == ADDRESS

    async def test_is_forgotten_once_its_file_is_there_or_somebody_clears_it(self):
        studio = await opened()
        draft = await studio.draft(items=())
        for address in (ADDRESS, ""):
            saved = await studio.composing.save(REQUESTER, draft.id, draft.content, address=address)
            assert saved.address == address
        await studio.composing.save(REQUESTER, draft.id, draft.content, address=ADDRESS)
        checked = await studio.composing.attach(REQUESTER, draft.id, [studio.url()])
        assert checked.post.address == ""

    async def test_is_not_kept_once_the_post_is_asked_for(self):
        studio = await opened()
        draft = await studio.draft()
        await studio.composing.save(REQUESTER, draft.id, draft.content, address=ADDRESS)
        asked = (await studio.requesting.request(REQUESTER, draft.id)).post
        async with studio.work.reading() as unit:
            stored = await unit.posts.get(asked.workspace, asked.id)
        assert (asked.address, stored.address) == ("", "")
