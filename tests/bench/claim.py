"""What a worker's claim costs: a hundred due deliveries among ten thousand and among a million, on both databases.

Each of the hundred belongs to a connection of its own, beside which the others were published or leave some day.
`claim` takes all of them, `next` asks when there is something to do: a worker's pass begins with both.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from time import perf_counter

from sqlalchemy import bindparam, text

from core.domain.delivery import Delivery
from core.ports import Duty
from storage import migrate
from storage.columns import Moment
from storage.engine import Database, open_database
from storage.post_tables import deliveries
from storage.unit_of_work import SqlWork
from storage.vault import AesGcmVault, new_key, parse_keys
from tests.bench.tick import NUMBERS
from tests.builders import NOW, a_client, a_connection, a_delivery, a_post
from tests.postgres import Postgres

SMALL, LARGE = 10_000, 1_000_000
DUE, ROUNDS = 100, 9
SOON, FAR = NOW + timedelta(minutes=3), NOW + timedelta(days=300)


async def main() -> None:
    """Measure and print both databases side by side."""
    server = Postgres(durable=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            columns = {}
            for size in (SMALL, LARGE):
                columns["sqlite", size] = await measured(f"sqlite:///{folder}/{size}.db", size)
                columns["postgresql", size] = await measured(server.url(await server.create()), size)
    finally:
        server.stop()
    print(f"\n{DUE} due deliveries, and asking for the next one: median of {ROUNDS}, ms")
    print(f"{'database':<18}{f'among {SMALL:,}':>14}{f'among {LARGE:,}':>20}{'ratio':>8}")
    for name in ("sqlite", "postgresql"):
        for row, what in enumerate(("claim", "next")):
            small, large = columns[name, SMALL][row], columns[name, LARGE][row]
            print(f"{f'{name} {what}':<18}{small:>14.2f}{large:>20.2f}{large / small:>8.2f}")


async def measured(url: str, size: int) -> tuple[float, float]:
    """Return what a claim of all that is due, and the question when, cost among so many deliveries, in ms."""
    await migrate.upgrade(url)
    database = open_database(url)
    try:
        work = SqlWork(database, AesGcmVault(parse_keys(new_key())))
        await fill(database, work, size)
        claims, questions = [], []
        for _ in range(ROUNDS):
            began = perf_counter()
            taken = await claim(work)
            claims.append((perf_counter() - began) * 1000)
            assert len(taken) == DUE
            await give_back(work, taken)
            began = perf_counter()
            await next_due(work)
            questions.append((perf_counter() - began) * 1000)
        return median(claims), median(questions)
    finally:
        await database.close()


async def claim(work: SqlWork) -> Sequence[Delivery]:
    async with work.writing() as unit:
        taken = await unit.deliveries.claim_due(NOW, owner="bench", until=SOON, limit=DUE)
        await unit.commit()
    return taken


async def give_back(work: SqlWork, taken: Sequence[Delivery]) -> None:
    async with work.writing() as unit:
        for each in taken:
            await unit.deliveries.release(each)
        await unit.commit()


async def next_due(work: SqlWork) -> datetime | None:
    async with work.reading() as unit:
        return (await unit.next_wakes())[Duty.DELIVERIES]


async def fill(database: Database, work: SqlWork, size: int) -> None:
    """Write what is due, whole, and for the rest copies of one: published long ago, or to leave some day."""
    client = a_client()
    post = a_post(client)
    connections = [a_connection(client, id=f"cn_{number}", provider=str(number)) for number in range(DUE)]
    async with work.writing() as unit:
        await unit.clients.save(client)
        await unit.posts.save(post)
        for connection in connections:
            await unit.connections.save(connection)
            await unit.deliveries.add(due := a_delivery(post, connection))
        await unit.commit()
    await _copy(database, due, size - DUE)


async def _copy(database: Database, model: Delivery, most: int) -> None:
    names = [column.name for column in deliveries.columns if column.name != "seq"]
    other = {
        "id": "'dl_' || n.i",
        "digest": "'digest' || n.i",
        "connection_id": f"'cn_' || (n.i % {DUE})",
        "step": "CASE WHEN n.i % 2 = 0 THEN 'published' ELSE 'queued' END",
        "due_at": "CASE WHEN n.i % 2 = 0 THEN NULL ELSE :far END",
    }
    values = ", ".join(other.get(name, f"d.{name}") for name in names)
    async with database.writing() as connection:
        dialect = connection.dialect.name
        insert = f"INSERT INTO deliveries ({', '.join(names)}) {NUMBERS[dialect]}"
        copied = text(f"{insert} SELECT {values} FROM n, deliveries d WHERE d.id = :model")
        far = bindparam("far", FAR, type_=Moment())
        await connection.execute(copied.bindparams(far, model=model.id, most=most))
        await connection.execute(text("ANALYZE"))
        await connection.commit()


if __name__ == "__main__":
    asyncio.run(main())
