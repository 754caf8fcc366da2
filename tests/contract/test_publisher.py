"""What every publisher promises, over real HTTP against its emulator: out once, known afterwards, whatever is lost."""

import pytest

from core.domain.account import Platform
from core.domain.delivery import Audience
from core.domain.post import Form
from core.ports import Sight
from tests.contract.publisher_stages import InMemory, for_instagram, for_tiktok, publishing
from tests.unit.sandbox.films import film

FILM = film()


@pytest.fixture(params=Platform)
async def at(request):
    async with publishing(request.param) as stage:
        yield stage


@pytest.fixture
def film_for(at):
    """A film's cargo and its source, as the platform wants it."""
    if at.stage.platform is Platform.TIKTOK:
        return for_tiktok(len(FILM)), InMemory(FILM)
    return for_instagram(Form.REEL, at.shelf.put("a.mp4", FILM)), None


async def test_a_film_goes_out_and_is_found(at, film_for):
    cargo, source = film_for
    ticket = await at.ready(cargo, source)
    assert at.posts() == []
    ticket, look = await at.ask(cargo, ticket, source)
    await at.rest()
    at.stage.advance(minutes=2)
    look = await at.look(cargo, ticket)
    [post] = at.posts()
    assert (look.sight, look.audience, look.ids) == (Sight.PUBLISHED, Audience.PUBLIC, (post["id"],))
    assert (post["state"], post["caption"], look.permalink) == ("public", cargo.caption, post["url"])
