"""What happened to posts stays, in the order in which it happened."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.connection import Connection
from core.domain.delivery import Blame, Obstacle
from core.domain.post import Post, PostStep
from core.domain.refusals import Unlawful
from core.ports import Work
from core.usecases.chronicle import note_change, note_passage
from tests.builders import NOW, WORKSPACE, a_delivery, a_post

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
async def post(work: Work, connection: Connection) -> Post:
    """A stored post of the connection's client."""
    async with work.writing() as unit:
        client = await unit.clients.get(WORKSPACE, connection.client_id)
        post = await unit.posts.save(a_post(client))
        await unit.commit()
    return post


async def test_a_post_and_its_deliveries_tell_their_story(work: Work, post: Post, connection: Connection):
    asked = replace(post, step=PostStep.REQUESTED)
    new = a_delivery(post, connection)
    held = new.blocked(Obstacle(blame=Blame.AUTHORIZATION, code="190", log_id="L1"), LATER)
    async with work.writing() as unit:
        await note_change(unit, asked, "requested", by="U0REQUESTER", at=NOW)
        await note_passage(unit, None, new, at=NOW, by="U0MANAGER")
        await note_passage(unit, new, held, at=LATER)
        await unit.commit()
    async with work.reading() as unit:
        asking, leaving, waiting = await unit.chronicle.of_post(WORKSPACE, post.id)
    assert (asking.what, asking.by, asking.at, asking.digest) == (
        "requested",
        "U0REQUESTER",
        NOW,
        post.digest,
    )
    assert (leaving.before, leaving.what, leaving.is_step) == ("", "queued", True)
    assert (leaving.delivery_id, leaving.platform, leaving.by) == (new.id, "tiktok", "U0MANAGER")
    assert (waiting.before, waiting.what, waiting.is_step, waiting.waits) == ("queued", "queued", False, True)
    assert (waiting.blame, waiting.code, waiting.log_id, waiting.at) == ("authorization", "190", "L1", LATER)


async def test_what_was_not_committed_did_not_happen(work: Work, post: Post):
    async with work.writing() as unit:
        await note_change(unit, post, "requested", by="U0REQUESTER", at=NOW)
    async with work.reading() as unit:
        assert list(await unit.chronicle.of_post(WORKSPACE, post.id)) == []


async def test_another_workspace_reads_nothing_of_it(work: Work, post: Post):
    async with work.writing() as unit:
        await note_change(unit, post, "requested", by="U0REQUESTER", at=NOW)
        await unit.commit()
    async with work.reading() as unit:
        assert list(await unit.chronicle.of_post("T0OTHER", post.id)) == []


async def test_a_reading_unit_notes_nothing(work: Work, post: Post):
    async with work.reading() as unit:
        with pytest.raises(Unlawful):
            await note_change(unit, post, "requested", by="U0REQUESTER", at=NOW)
