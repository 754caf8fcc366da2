"""Deliveries a second: one worker with all that is around it, beside the bare calls that a delivery is made of.

The platforms answer at once, the film is small, and time runs fast, so that the pauses between looks are no part of
it. Bare are the same requests in the same order over the same httpx, one delivery after the other and as many at once
as the worker takes.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from time import perf_counter

import httpx
from rich.console import Console
from rich.table import Table

from bot.loop import Duty, Loop
from bot.metrics import Metrics
from core.domain.account import Platform
from core.domain.delivery import DeliveryStep
from core.domain.post import Item
from core.providers.wire import open_client
from core.scheduler import Duties, Scheduler
from core.usecases.alerting import Alerting
from core.usecases.linking import Linking
from core.usecases.notices import Notices
from core.usecases.publishing import IN_FLIGHT
from core.usecases.queue import DeliveriesQueued
from tests.bench._dock import Dock, QuickClock, a_film, dock
from tests.bench._instant import GRAPH, TIKTOK, platforms
from tests.fakes import FakeDirectory, RecordingMessenger
from tests.postgres import Postgres

EACH = 40
"""Deliveries to each platform in one turn."""
TURNS = 2
PACE = 60.0
"""Seconds that pass in one."""
PATIENCE = 60.0
AIM = 0.6
POST = f"{TIKTOK}/v2/post/publish"


async def main() -> None:
    """Measure and print."""
    server = Postgres(durable=True)
    table = Table(title="Deliveries a second, instant platforms", title_justify="left", box=None)
    for name in ("", "a second", "beside one by one", f"beside {IN_FLIGHT} at once"):
        table.add_column(name, justify="right" if name else "left")
    try:
        with tempfile.TemporaryDirectory() as place, platforms() as address:
            film = (await a_film(Path(place))).read_bytes()
            urls = {"SQLite": f"sqlite:///{place}/bench.db", "PostgreSQL": server.url(await server.create())}
            rates: dict[str, list[float]] = {name: [] for name in (*urls, "one", "many")}
            for name, url in urls.items():
                await _turns(url, Path(mkdtemp(dir=place)), address, film, rates[name], rates)
    finally:
        server.stop()
    one, many = median(rates["one"]), median(rates["many"])
    table.add_row("bare, one by one", f"{one:,.0f}")
    table.add_row(f"bare, {IN_FLIGHT} at once", f"{many:,.0f}")
    for name in urls:
        rate = median(rates[name])
        table.add_row(f"one worker, {name}", f"{rate:,.0f}", f"{rate / one:.2f}", f"{rate / many:.2f}")
    console = Console(width=110)
    console.print(table)
    console.print(f"Aim: ≥ {AIM} beside the bare calls one by one.")


async def _turns(
    url: str, folder: Path, address: str, film: bytes, ours: list[float], bare: dict[str, list[float]]
) -> None:
    async with dock(url, folder, address, QuickClock(PACE)) as docked:
        item = await docked.store(await a_film(folder))
        await _worker(docked, item, each=5)
        for _ in range(TURNS):
            ours.append(await _worker(docked, item, each=EACH))
            bare["one"].append(await _bare(address, film, at_once=1))
            bare["many"].append(await _bare(address, film, at_once=IN_FLIGHT))


async def _worker(docked: Dock, item: Item, *, each: int) -> float:
    """Return how many deliveries a second come to their end."""
    made = [one for platform in Platform for one in await docked.approved(item, platform, each)]
    loop = _loop(docked)
    docked.publishing.wake = loop.wake
    began = perf_counter()
    loop.start()
    await _published(docked)
    took = perf_counter() - began
    assert await docked.are(made, DeliveryStep.PUBLISHED)
    await loop.stop(5)
    return len(made) / took


async def _published(docked: Dock) -> None:
    async with asyncio.timeout(PATIENCE):
        while await docked.open():  # noqa: ASYNC110 - what is waited for is a row
            await asyncio.sleep(0.05)


def _loop(docked: Dock) -> Loop:
    """Return the loop of a worker, whose publishing goes on after it."""
    work, clock = docked.adapters.work, docked.clock
    linking = Linking(
        work=work,
        clock=clock,
        providers=docked.adapters.providers,
        directory=FakeDirectory(),
        redirect_uri="https://bot.test/{}".format,
    )
    scheduler = Scheduler(
        work=work,
        clock=clock,
        duties=Duties(
            linking=linking,
            watching=docked.watching,
            notices=Notices(work=work, clock=clock, owner="bench"),
            alerting=Alerting(work=work, clock=clock, queue=DeliveriesQueued(work)),
            publishing=docked.publishing,
        ),
        messenger=RecordingMessenger(),
        owner="bench",
    )
    duty = Duty(tick=scheduler.tick, news=scheduler.news, drain=_nothing, tidy=_nobody)
    return Loop(duty=duty, clock=clock, metrics=Metrics())


def _nothing() -> None:
    return


async def _nobody() -> None:
    return


async def _bare(address: str, film: bytes, *, at_once: int) -> float:
    """Return how many deliveries a second the calls alone would allow."""
    jobs = iter([_to_tiktok, _to_instagram] * EACH)
    async with open_client() as client:

        async def hand() -> None:
            for job in jobs:
                await job(client, address, film)

        began = perf_counter()
        await asyncio.gather(*(hand() for _ in range(at_once)))
        return 2 * EACH / (perf_counter() - began)


Job = Callable[[httpx.AsyncClient, str, bytes], Awaitable[None]]


async def _to_tiktok(client: httpx.AsyncClient, address: str, film: bytes) -> None:
    bearer = {"Authorization": "Bearer bench"}
    (await client.post(f"{address}{POST}/creator_info/query/", json={}, headers=bearer)).json()
    begun = (await client.post(f"{address}{POST}/video/init/", json={"post_info": {}}, headers=bearer)).json()
    last = {"Content-Range": f"bytes 0-{len(film) - 1}/{len(film)}", "Content-Type": "video/mp4"}
    await client.put(begun["data"]["upload_url"], content=film, headers=last)
    wanted = {"publish_id": begun["data"]["publish_id"]}
    (await client.post(f"{address}{POST}/status/fetch/", json=wanted, headers=bearer)).json()


async def _to_instagram(client: httpx.AsyncClient, address: str, film: bytes) -> None:
    del film  # Instagram fetches it
    bearer, node = {"Authorization": "Bearer bench"}, f"{address}{GRAPH}/v25.0"
    (await client.get(f"{node}/1/content_publishing_limit", headers=bearer)).json()
    made = (await client.post(f"{node}/1/media", data={"media_type": "REELS"}, headers=bearer)).json()
    for _ in range(2):  # is it fetched, and is it still so before it is published
        (await client.get(f"{node}/{made['id']}?fields=status_code,status", headers=bearer)).json()
    wanted = {"creation_id": made["id"]}
    medium = (await client.post(f"{node}/1/media_publish", data=wanted, headers=bearer)).json()
    (await client.get(f"{node}/{medium['id']}?fields=permalink", headers=bearer)).json()


if __name__ == "__main__":
    asyncio.run(main())
