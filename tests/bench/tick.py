"""What a tick costs: the same hundred due rows among ten thousand and among a million connections, on both databases.

The platform answers at once, so what is timed is the scheduler and storage alone: one look at the indexes, the
claim, the batch's reading, its grouped commits. `idle` is a tick with nothing due.
"""

import asyncio
import tempfile
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import text

from core.domain.account import Platform
from core.domain.client import Intent
from core.domain.connection import Connection
from core.scheduler import Duties, Scheduler
from core.usecases.alerting import Alerting
from core.usecases.linking import Linking
from core.usecases.notices import Notices
from core.usecases.watching import Watching
from storage import migrate
from storage.engine import Database, open_database
from storage.tables import connections
from storage.unit_of_work import SqlWork
from storage.vault import AesGcmVault, new_key, parse_keys
from tests.builders import NOW, a_client, a_linked_connection, credentials
from tests.fakes import FakeDirectory, FrozenClock, RecordingMessenger, ScriptedProvider
from tests.postgres import Postgres

SMALL, LARGE = 10_000, 1_000_000
DUE, ROUNDS = 100, 9
FAR = NOW + timedelta(days=300)

NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most) ",
    "postgresql": "WITH n AS (SELECT generate_series(1, :most) AS i) ",
}


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
    print(f"\nA tick over {DUE} due connections, and an idle one: median of {ROUNDS}, ms")
    print(
        f"{'database':<12}{'among ' + format(SMALL, ','):>16}{'among ' + format(LARGE, ','):>20}{'ratio':>8}"
    )
    for name in ("sqlite", "postgresql"):
        for row, what in enumerate(("due", "idle")):
            small, large = columns[name, SMALL][row], columns[name, LARGE][row]
            print(f"{name + ' ' + what:<16}{small:>12.2f}{large:>20.2f}{large / small:>8.2f}")


async def measured(url: str, size: int) -> tuple[float, float]:
    """Return what a tick over the due and an idle one cost in a database with so many connections, in ms."""
    await migrate.upgrade(url)
    database = open_database(url)
    try:
        work = SqlWork(database, AesGcmVault(parse_keys(new_key())))
        due = await fill(database, work, size)
        clock, provider = FrozenClock(), ScriptedProvider()
        scheduler = a_scheduler(work, clock, provider)
        return await _rounds(scheduler, clock, database, due)
    finally:
        await database.close()


async def _rounds(
    scheduler: Scheduler, clock: FrozenClock, database: Database, due: list[str]
) -> tuple[float, float]:
    busy, idle = [], []
    for _ in range(ROUNDS):
        at = clock.turn(minutes=1)
        async with database.writing() as connection:
            ready = connections.update().where(connections.c.id.in_(due)).values(due_at=at)
            await connection.execute(ready)
            await connection.commit()
        busy.append(await _timed(scheduler, clock))
        idle.append(await _timed(scheduler, clock))
    return median(busy), median(idle)


async def _timed(scheduler: Scheduler, clock: FrozenClock) -> float:
    began = perf_counter()
    await scheduler.tick(clock.now())
    return (perf_counter() - began) * 1000


def a_scheduler(work: SqlWork, clock: FrozenClock, provider: ScriptedProvider) -> Scheduler:
    """Return the real scheduler over a platform that answers at once."""
    shared: Any = {"work": work, "clock": clock}
    road: Any = {**shared, "providers": dict.fromkeys(Platform, provider)}
    directory = FakeDirectory()
    duties = Duties(
        linking=Linking(**road, directory=directory, redirect_uri="https://bot.test/{}".format),
        watching=Watching(**road, owner="bench"),
        notices=Notices(**shared, owner="bench"),
        alerting=Alerting(**shared),
    )
    return Scheduler(**shared, duties=duties, messenger=RecordingMessenger(), owner="bench")


async def fill(database: Database, work: SqlWork, size: int) -> list[str]:
    """Write the connections that will be due, whole, and copies of one of them for the rest; return who is due."""
    held = credentials(access_expires_at=FAR, refresh_expires_at=FAR)
    clients = [a_client(expected={}, intent=Intent.CROSSPOST) for _ in range(DUE + 1)]
    every = [a_linked_connection(client, credentials=held) for client in clients]
    async with work.writing() as unit:
        for client, connection in zip(clients, every, strict=True):
            await unit.clients.save(client)
            await unit.connections.save(connection)
            await unit.credentials.put(connection.id, held)
        await unit.commit()
    await _copy(database, every.pop(), size - DUE)
    return [connection.id for connection in every]


async def _copy(database: Database, model: Connection, most: int) -> None:
    names = [column.name for column in connections.columns]
    other = {"id": "'cn_' || n.i", "provider": "'far' || n.i", "due_at": ":far"}
    values = ", ".join(other.get(name, f"c.{name}") for name in names)
    async with database.writing() as connection:
        dialect = connection.dialect.name
        insert = f"INSERT INTO connections ({', '.join(names)}) {NUMBERS[dialect]}"
        copied = text(f"{insert} SELECT {values} FROM n, connections c WHERE c.id = :model")
        far = FAR.replace(tzinfo=None) if dialect == "sqlite" else FAR
        await connection.execute(copied.bindparams(far=far, model=model.id, most=most))
        await connection.execute(text("ANALYZE"))
        await connection.commit()


if __name__ == "__main__":
    asyncio.run(main())
