"""What tests begin with: rows for those of storage, a site with an app that posts for those of the emulated platforms."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from core.domain.account import Platform
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.invitation import Invitation
from core.domain.post import Post
from core.ports import Work
from tests.builders import a_client, a_connection, a_post, an_invitation
from tests.contract.sandbox_posting import Creator, a_creator, an_upload
from tests.contract.sandbox_publishing import Publisher, a_publisher
from tests.contract.stored import given
from tests.unit.sandbox.films import film, jpeg
from tests.unit.sandbox.people import Instagram, TikTok
from tests.unit.sandbox.shelf import Shelf, a_shelf
from tests.unit.sandbox.site import Site, a_site


@pytest.fixture
def client() -> Client:
    """A client that is not stored yet."""
    return a_client()


@pytest.fixture
async def connection(work: Work, client: Client) -> Connection:
    """A connection that is stored."""
    connection = a_connection(client)
    await given(work, client, connection)
    return replace(connection, version=1)


@pytest.fixture
async def post(work: Work, connection: Connection, client: Client) -> Post:
    """A post that is stored, beside a client's TikTok connection."""
    post = a_post(client)
    await given(work, post)
    return replace(post, version=1)


@pytest.fixture
async def second(work: Work, client: Client, post: Post) -> Connection:
    """The client's Instagram connection."""
    made = a_connection(client, platform=Platform.INSTAGRAM)
    await given(work, made)
    return made


@pytest.fixture
async def invitation(work: Work, connection: Connection) -> Invitation:
    """An open invitation that is stored."""
    invitation = an_invitation(connection)
    await given(work, invitation)
    return replace(invitation, version=1)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """The sandbox, served."""
    async with a_site() as running:
        yield running


@pytest.fixture
def tiktok(site: Site) -> TikTok:
    """People on the emulated TikTok, and the app they link."""
    return TikTok(site)


@pytest.fixture
def instagram(site: Site) -> Instagram:
    """People on the emulated Instagram, and the app they link."""
    return Instagram(site)


@pytest.fixture
async def creator(site: Site) -> Creator:
    """A TikTok account that the app may post for."""
    return await a_creator(site)


@pytest.fixture
async def publisher(site: Site) -> Publisher:
    """An Instagram account that the app may post for."""
    return await a_publisher(site)


@pytest.fixture
async def shelf(site: Site) -> AsyncIterator[Shelf]:
    """A place with a film and a picture that the app has shown to be its own, so that platforms fetch from it."""
    async with a_shelf() as running:
        await site.control("apps/tiktok", {"url_properties": [f"{running.url}/"]})
        running.put("a.mp4", film())
        running.put("a.jpg", jpeg())
        yield running


@pytest.fixture
def reel(shelf: Shelf) -> dict[str, str]:
    """What is asked of Instagram for a reel."""
    return {"media_type": "REELS", "video_url": f"{shelf.url}/a.mp4", "caption": "Bread at five #bakery"}


@pytest.fixture
def image(shelf: Shelf) -> dict[str, str]:
    """What is asked of Instagram for a picture."""
    return {"image_url": f"{shelf.url}/a.jpg", "caption": "Rolls"}


@pytest.fixture
async def upload(creator: Creator) -> tuple[bytes, str, str]:
    """An upload of two chunks that has begun: the film, its address, its publish id."""
    content = film(size=11_000_000)
    begun = (await creator.direct(an_upload(len(content), 5_300_000, 2))).json()["data"]
    return content, begun["upload_url"], begun["publish_id"]
