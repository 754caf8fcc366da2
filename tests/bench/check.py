"""Checks a second: one process that looks at what is due, beside the bare requests that a check is made of.

The platforms answer at once, so that what is left is what we cost: the claim, the reading, the calls, what is
written. Bare are the same requests over the same httpx, as many at once as looks are in flight. CPU is what the
process itself worked for a check, which a busy machine changes less.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

import httpx
from rich.console import Console
from rich.table import Table

from core.domain.account import Platform
from core.domain.client import Intent
from core.providers.wire import open_client
from core.usecases.watching import IN_FLIGHT
from tests.bench._dock import FAR, Dock, QuickClock, dock
from tests.bench._instant import GRAPH, TIKTOK, WHO, platforms
from tests.builders import a_client, a_linked_connection, an_account, credentials
from tests.postgres import Postgres

EACH = 60
"""Connections to each platform."""
TURNS = 2
AIM = 0.5
BEARER = {"Authorization": "Bearer bench"}


class Cost(NamedTuple):
    """What one check takes: seconds of time, seconds of this process's work."""

    seconds: float
    cpu: float


async def main() -> None:
    """Measure and print."""
    server = Postgres(durable=True)
    table = Table(title="Checks a second, instant platforms", title_justify="left", box=None)
    for name in ("", "a second", f"beside bare, {IN_FLIGHT} at once", "CPU, ms", "beside bare"):
        table.add_column(name, justify="right" if name else "left")
    turns: dict[str, list[Cost]] = {"SQLite": [], "PostgreSQL": []}
    bare: list[Cost] = []
    try:
        with tempfile.TemporaryDirectory() as place, platforms() as address:
            urls = {"SQLite": f"sqlite:///{place}/bench.db", "PostgreSQL": server.url(await server.create())}
            for name, url in urls.items():
                async with dock(url, Path(place) / name, address, QuickClock(1.0)) as docked:
                    await _fill(docked)
                    await _looks(docked)  # statements are put together once
                    for _ in range(TURNS):
                        turns[name].append(await _looks(docked))
                        bare.append(await _bare(address))
    finally:
        server.stop()
    rival = _middle(bare)
    table.add_row("bare requests", f"{1 / rival.seconds:,.0f}", "", f"{rival.cpu * 1000:.1f}")
    for name, costs in turns.items():
        ours = _middle(costs)
        beside, cpu = f"{rival.seconds / ours.seconds:.2f}", f"{rival.cpu / ours.cpu:.2f}"
        table.add_row(
            f"one process, {name}", f"{1 / ours.seconds:,.0f}", beside, f"{ours.cpu * 1000:.1f}", cpu
        )
    console = Console(width=110)
    console.print(table)
    console.print(f"Aim: ≥ {AIM}.")


def _middle(costs: Sequence[Cost]) -> Cost:
    return Cost(median(each.seconds for each in costs), median(each.cpu for each in costs))


async def _fill(docked: Dock) -> None:
    now = docked.clock.now()
    held = credentials(issued_at=now, access_expires_at=now + FAR)
    async with docked.adapters.work.writing() as unit:
        for platform in Platform:
            for _ in range(EACH):
                client = a_client(expected={}, intent=Intent.CROSSPOST)
                account = an_account(platform, id=WHO)
                connection = a_linked_connection(
                    client, platform=platform, account=account, linked_at=now, credentials=held
                )
                await unit.clients.save(client)
                await unit.connections.save(connection)
                await unit.credentials.put(connection.id, held)
        await unit.commit()


async def _looks(docked: Dock) -> Cost:
    """Have everything due, and return what a check costs until all have come to their end, each with a proof."""
    work = docked.adapters.work
    async with work.writing() as unit:
        every = await unit.connections.of_workspace(a_client().workspace)
        for each in every:
            await unit.connections.save(each.hastened(docked.clock.now()))
        await unit.commit()
    began, worked, at, done = perf_counter(), process_time(), docked.clock.now(), 0
    while taken := await docked.watching.look_at_due(at):
        done += taken
    took, cpu = perf_counter() - began, process_time() - worked
    async with work.reading() as unit:
        seen = await unit.connections.of_workspace(a_client().workspace)
    proofs = [each.sides.proved_at for each in seen if not each.failures]
    assert len(proofs) == done
    assert all(proved is not None and proved >= at for proved in proofs)
    return Cost(took / done, cpu / done)


async def _bare(address: str) -> Cost:
    """Return what the same requests alone cost."""
    gate = asyncio.Semaphore(IN_FLIGHT)
    async with open_client() as client:

        async def check(platform: Platform) -> None:
            async with gate:
                await (_tiktok if platform is Platform.TIKTOK else _instagram)(client, address)

        began, worked, done = perf_counter(), process_time(), len(Platform) * EACH
        await asyncio.gather(*(check(platform) for platform in Platform for _ in range(EACH)))
        return Cost((perf_counter() - began) / done, (process_time() - worked) / done)


async def _tiktok(client: httpx.AsyncClient, address: str) -> None:
    base = f"{address}{TIKTOK}/v2"
    (await client.get(f"{base}/user/info/?fields=open_id,union_id,display_name", headers=BEARER)).json()
    (await client.post(f"{base}/post/publish/creator_info/query/", headers=BEARER)).json()


async def _instagram(client: httpx.AsyncClient, address: str) -> None:
    base = f"{address}{GRAPH}/v25.0"
    (await client.get(f"{base}/me?fields=id,user_id,username,account_type", headers=BEARER)).json()
    limit = "content_publishing_limit?fields=quota_usage,config"
    (await client.get(f"{base}/{WHO}/{limit}", headers=BEARER)).json()


if __name__ == "__main__":
    asyncio.run(main())
