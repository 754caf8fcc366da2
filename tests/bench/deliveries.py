"""Deliveries a second: one worker with all that is around it, beside the bare calls that a delivery is made of.

The platforms answer at once, the film is small, and time runs fast, so that the pauses between looks are no part of
it. Bare are the same requests in the same order over httpx, one delivery after the other and as many at once as the
worker takes, in turns with it.
"""

import asyncio
import tempfile
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from time import perf_counter

from rich.console import Console
from rich.table import Table

from bot.loop import Duty, Loop
from bot.metrics import Metrics
from core.domain.account import Platform
from core.domain.delivery import DeliveryStep
from core.domain.post import Item
from core.scheduler import Duties, Scheduler
from core.usecases.alerting import Alerting
from core.usecases.linking import Linking
from core.usecases.notices import Notices
from core.usecases.publishing import IN_FLIGHT
from tests.bench._bare import bare
from tests.bench._dock import Dock, QuickClock, a_film, dock
from tests.bench._instant import platforms
from tests.fakes import FakeDirectory, RecordingMessenger
from tests.postgres import Postgres

EACH = 100
"""Deliveries to each platform in one turn: the first and the last few are under way with fewer others."""
TURNS = 3
PACE = 60.0
"""Seconds that pass in one."""
PATIENCE = 60.0
AIM = 0.6


async def main() -> None:
    """Measure and print."""
    server = Postgres(durable=True)
    table = Table(title="Deliveries a second, instant platforms", title_justify="left", box=None)
    for name in ("", "a second", "beside one by one", f"beside {IN_FLIGHT} at once"):
        table.add_column(name, justify="right" if name else "left")
    try:
        with tempfile.TemporaryDirectory() as place, platforms() as address:
            film = await a_film(Path(place))
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
    url: str, folder: Path, address: str, film: Path, ours: list[float], rates: dict[str, list[float]]
) -> None:
    async with dock(url, folder, address, QuickClock(PACE)) as docked:
        item = await docked.store(await a_film(folder))
        await _worker(docked, item, each=5)
        for _ in range(TURNS):
            ours.append(await _worker(docked, item, each=EACH))
            rates["one"].append(await bare(address, film, each=EACH, at_once=1))
            rates["many"].append(await bare(address, film, each=EACH, at_once=IN_FLIGHT))


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
            alerting=Alerting(work=work, clock=clock),
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


if __name__ == "__main__":
    asyncio.run(main())
