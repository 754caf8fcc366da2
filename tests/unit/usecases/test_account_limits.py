"""What a client's accounts allow, from what they said of themselves."""

from dataclasses import replace

import pytest

from core.domain.account import Platform
from core.domain.verdict import Block
from core.usecases.account_limits import account_limits
from core.usecases.status import Status
from tests.builders import WORKSPACE, a_client, a_linked_connection, an_account
from tests.fakes import FrozenClock, MemoryWork, ScriptedProvider


async def limits_of(client, *connections):
    work = MemoryWork()
    async with work.writing() as unit:
        await unit.clients.save(client)
        for each in connections:
            await unit.connections.save(each)
        await unit.commit()
    providers = {each: ScriptedProvider(each) for each in Platform}
    status = Status(work=work, clock=FrozenClock(), providers=providers)
    return account_limits(await status.of_client(WORKSPACE, client.id))


async def test_what_tiktok_said_of_the_creator_counts():
    client = a_client()
    account = an_account(
        details={"max_video_seconds": "240", "privacy_options": "SELF_ONLY,PUBLIC_TO_EVERYONE"}
    )
    found = (await limits_of(client, a_linked_connection(client, account=account)))["tiktok"]
    assert (found.handle, found.max_duration) == ("nordlicht.bakery", 240)
    assert found.privacy_options == ("SELF_ONLY", "PUBLIC_TO_EVERYONE")
    assert (found.blocked, found.business) == (None, None)


@pytest.mark.parametrize(("kind", "business"), [("business", True), ("media_creator", False)])
async def test_instagram_says_what_kind_of_account_it_is(kind, business):
    client = a_client()
    account = an_account(Platform.INSTAGRAM, details={"account_type": kind})
    connection = a_linked_connection(
        client, platform=Platform.INSTAGRAM, provider="instagram", account=account
    )
    assert (await limits_of(client, connection))["instagram"].business is business


async def test_a_link_that_may_not_publish_blocks():
    client = a_client()
    connection = a_linked_connection(client, account=an_account())
    narrowed = replace(connection, sides=replace(connection.sides, granted=frozenset()))
    assert isinstance((await limits_of(client, narrowed))["tiktok"].blocked, Block)


async def test_nobody_linked_says_nothing():
    assert await limits_of(a_client()) == {}
