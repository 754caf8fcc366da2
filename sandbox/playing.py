"""What the sandbox's commands run: the demo, its fast tour, and the emulators alone."""

import asyncio
import signal
from contextlib import suppress

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from sandbox.addresses import environment
from sandbox.demo import Demo, running
from sandbox.journey import LostError, journey
from sandbox.seed import seed
from sandbox.server import serving
from sandbox.tour import STEPS, tour


async def demo(console: Console, host: str, port: int) -> int:
    """Run the seeded demo until it is asked to end, and return the exit status. Raises OSError for a taken port."""
    ended = _asked_to_end()
    async with running(port=port, host=host) as here:
        await _seed(here)
        console.print(f"\n  Crosslink's demo is at [bold]{here.base_url}/[/bold]\n")
        console.print("  Open it in a browser. Ctrl+C ends it; nothing is kept.\n", style="dim")
        await ended.wait()
    return 0


async def _seed(here: Demo) -> None:
    async with journey(here.base_url) as people:
        await seed(people, here.sandbox.slack.bot_token)
    here.ready = True


async def fast(console: Console) -> int:
    """Walk one client through everything and return the exit status: 1 where something people see never came."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Starting", total=len(STEPS))
        async with running() as here, journey(here.base_url) as people:
            here.ready = True
            try:
                async for step in tour(people):
                    progress.update(task, description=step.title)
                    if step.outcome is not None:
                        progress.advance(task)
                        progress.console.print(
                            f"[green]✓[/green] {step.title}\n    [dim]{escape(step.outcome)}[/dim]"
                        )
            except LostError as lost:
                progress.console.print(f"[red]✗[/red] {lost}")
                return 1
    return 0


async def sandbox(console: Console, port: int, bot: str) -> None:
    """Run the emulators until they are asked to end. Raises OSError for a taken port."""
    ended = _asked_to_end()
    async with serving(port=port, bot_url=bot) as site:
        base_url = site.world.base_url
        console.print(f"# The sandbox is at {base_url}/ and sends what people do to {bot}.")
        console.print("# Start the bot with these settings, then open the workspace's page:")
        for name, value in environment(base_url, bot).items():
            console.print(f"export {name}={value}")
        await ended.wait()


def _asked_to_end() -> asyncio.Event:
    """Return an event that Ctrl+C or a polite kill sets."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(each, event.set)
    return event
