"""Several processes share one database: what must happen once happens once."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from core.domain.refusals import Refusal
from core.ports import Work
from tests.builders import (
    NOW,
    WORKSPACE,
    a_client,
    a_connection,
    a_fact,
    a_notice,
    an_invitation,
    an_oauth_state,
    credentials,
)
from tests.contract.stored import SOON, given, ids
from tests.integration.races import PROCESSES, race, won


async def test_one_of_many_saves_of_a_connection_wins(works: Sequence[Work]) -> None:
    client = a_client()
    connection = a_connection(client)
    await given(works[0], client, connection)
    same = replace(connection, version=1)
    assert (
        won(await race(works, lambda unit, number: unit.connections.save(replace(same, failures=number))))
        == 1
    )


async def test_one_of_many_first_connections_of_a_client_wins(works: Sequence[Work]) -> None:
    client = a_client()
    await given(works[0], client)
    assert won(await race(works, lambda unit, _: unit.connections.save(a_connection(client)))) == 1


async def test_one_of_many_open_invitations_wins(works: Sequence[Work]) -> None:
    client = a_client()
    connection = a_connection(client)
    await given(works[0], client, connection)
    assert won(await race(works, lambda unit, _: unit.invitations.save(an_invitation(connection)))) == 1


async def test_one_of_many_clients_gets_the_channel(works: Sequence[Work]) -> None:
    outcomes = await race(works, lambda unit, _: unit.clients.save(a_client(channel="C0BAKERY")))
    assert won(outcomes, lost=Refusal) == 1


async def test_one_of_many_renamed_clients_gets_the_name(works: Sequence[Work]) -> None:
    made = [a_client() for _ in range(PROCESSES * 3)]
    await given(works[0], *made)
    named = [replace(each, name="Bakery", version=1) for each in made]
    outcomes = await race(works, lambda unit, number: unit.clients.save(named[number]))
    assert won(outcomes, lost=Refusal) == 1


async def test_one_of_many_spends_a_state(works: Sequence[Work]) -> None:
    client = a_client()
    connection = a_connection(client)
    invitation = an_invitation(connection)
    state = an_oauth_state(invitation)
    await given(works[0], client, connection, invitation)
    async with works[0].writing() as unit:
        await unit.invitations.add_state(state)
        await unit.commit()
    outcomes = await race(works, lambda unit, _: unit.invitations.spend_state(state.state_hash, NOW))
    assert outcomes.count(True) == 1
    assert outcomes.count(False) == len(outcomes) - 1


async def test_one_of_many_copies_of_a_notice_is_kept(works: Sequence[Work]) -> None:
    notice = a_notice()
    assert (await race(works, lambda unit, _: unit.notices.add(notice))).count(True) == 1


async def test_one_of_many_claims_a_connection(works: Sequence[Work]) -> None:
    client = a_client()
    connection = a_connection(client)
    await given(works[0], client, connection)
    outcomes = await race(
        works, lambda unit, number: unit.connections.claim(connection.id, NOW, owner=str(number), until=SOON)
    )
    assert won(outcomes) == len(outcomes)
    assert len(outcomes) - outcomes.count(None) == 1


async def test_what_is_due_is_shared_out_and_nothing_twice(works: Sequence[Work]) -> None:
    clients = [a_client() for _ in range(40)]
    due = [a_connection(client, due_at=NOW - timedelta(minutes=n)) for n, client in enumerate(clients)]
    await given(works[0], *clients, *due)
    claimed: list[str] = []
    for _ in range(4):
        for taken in await race(
            works, lambda unit, n: unit.connections.claim_due(NOW, owner=str(n), until=SOON, limit=5)
        ):
            assert not isinstance(taken, BaseException), taken
            claimed += ids(taken)
    assert sorted(claimed) == sorted(ids(due))


async def test_news_is_shared_out_and_nothing_twice(works: Sequence[Work]) -> None:
    made = [a_fact() for _ in range(20)]
    async with works[0].writing() as unit:
        for each in made:
            await unit.facts.add(each)
        await unit.commit()
    told: list[str] = []
    for _ in range(4):
        for taken in await race(
            works, lambda unit, n: unit.facts.untold(NOW, owner=str(n), until=SOON, limit=3)
        ):
            assert not isinstance(taken, BaseException), taken
            told += ids(taken)
    assert sorted(told) == sorted(ids(made))


async def test_readers_see_whole_units_while_others_write(works: Sequence[Work]) -> None:
    """Both halves of a pair change together in every unit, so nobody may ever see them differ."""
    client = a_client()
    pair = [a_connection(client, id=f"cn_{n}", provider=str(n)) for n in range(2)]
    await given(works[0], client, *pair)
    done = asyncio.Event()

    async def write() -> None:
        for _ in range(15):
            async with works[1].writing() as unit:
                for each in await unit.connections.of_client(WORKSPACE, client.id):
                    await unit.connections.save(replace(each, failures=each.failures + 1))
                await unit.commit()
        done.set()

    async def read(work: Work) -> None:
        while not done.is_set():
            async with work.reading() as unit:
                one = await unit.connections.get(WORKSPACE, pair[0].id)
                await asyncio.sleep(0)
                two = await unit.connections.get(WORKSPACE, pair[1].id)
            assert one
            assert two
            assert one.failures == two.failures

    await asyncio.gather(write(), read(works[2]), read(works[3]))


async def start(url: str, act: str, *arguments: str) -> Process:
    command = (sys.executable, "-m", "tests.integration.process", url, act, *arguments)
    return await asyncio.create_subprocess_exec(*command, stdout=PIPE)


async def test_real_processes_share_out_what_is_due(works: Sequence[Work], database_url: str) -> None:
    clients = [a_client() for _ in range(30)]
    due = [a_connection(client, due_at=NOW) for client in clients]
    await given(works[0], *clients, *due)
    processes = [await start(database_url, "claim", owner) for owner in ("a", "b")]
    outputs = [await process.communicate() for process in processes]
    claimed = b"".join(output for output, _ in outputs).decode().split()
    assert sorted(claimed) == sorted(ids(due))


async def test_a_process_killed_before_its_commit_leaves_the_old_truth(
    works: Sequence[Work], database_url: str
) -> None:
    client = a_client()
    connection = a_connection(client)
    await given(works[0], client, connection)
    old = credentials()
    async with works[0].writing() as unit:
        await unit.credentials.put(connection.id, old)
        await unit.commit()
    process = await start(database_url, "hang", connection.id)
    assert process.stdout
    assert await process.stdout.readline() == b"written, not committed\n"
    process.kill()
    await process.wait()
    async with asyncio.timeout(10), works[1].writing() as unit:
        assert await unit.credentials.of(connection.id) == old
        await unit.credentials.put(connection.id, credentials())
        await unit.commit()
