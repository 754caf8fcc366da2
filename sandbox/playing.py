"""`crosslink demo` and `crosslink sandbox`: bot and emulators together, a tour of them, and the emulators alone."""

import asyncio
import os
import signal
from contextlib import suppress
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from bot import logs
from sandbox.addresses import environment
from sandbox.demo import Demo, running
from sandbox.journey import LostError, journey
from sandbox.seed import seed
from sandbox.server import serving
from sandbox.tour import STEPS, tour

PORT = 8765
WRONG_USE = 2


def demo(
    port: Annotated[int, typer.Option(help="The port of everything: workspace, platforms, bot.")] = PORT,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    *,
    fast: Annotated[
        bool, typer.Option("--fast", help="Walk one client through everything without a browser, and end.")
    ] = False,
) -> None:
    """Run Crosslink beside an emulated Slack, TikTok and Instagram. Needs no account; keeps nothing.

    It prints the address of a page that is the workspace. Ctrl+C ends it. With --fast it ends by itself, with 1 where
    something never came that people should have seen.

    Examples:
      crosslink demo
      crosslink demo --port 9000
      crosslink demo --fast
    """
    logs.configure(level="warning")
    console = Console()
    try:
        ended = asyncio.run(_fast(console) if fast else _demo(console, host, port))
    except OSError as error:
        told = f"Port {port} on {host} can't be used: {_why(error)}. Another one: --port {port + 1}"
        console.print(told, soft_wrap=True)
        raise typer.Exit(WRONG_USE) from None
    raise typer.Exit(ended)


def sandbox(
    port: Annotated[int, typer.Option(help="The emulators' port.")],
    bot: Annotated[str, typer.Option(help="Where the bot runs; what people do is sent there.")],
) -> None:
    """Run the emulators alone, for a `crosslink run` in another process; prints the settings it needs.

    The bot listens where --bot says: give it CROSSLINK_PORT and, for several, one CROSSLINK_DATABASE_URL.

    Examples:
      crosslink sandbox --port 9000 --bot http://127.0.0.1:8000
    """
    logs.configure(level="warning")
    console = Console(soft_wrap=True, highlight=False)  # a shell reads it: no line is broken
    try:
        asyncio.run(_sandbox(console, port, bot.rstrip("/")))
    except OSError as error:
        console.print(f"Port {port} can't be used: {_why(error)}.")
        raise typer.Exit(WRONG_USE) from None


async def _demo(console: Console, host: str, port: int) -> int:
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


async def _fast(console: Console) -> int:
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


async def _sandbox(console: Console, port: int, bot: str) -> None:
    """Run the emulators until they are asked to end. Raises OSError for a taken port."""
    ended = _asked_to_end()
    async with serving(port=port, bot_url=bot) as site:
        base_url = site.world.base_url
        console.print(f"# The sandbox is at {base_url}/ and sends what people do to {bot}.")
        console.print("# Start the bot with these settings, then open the workspace's page:")
        for name, value in environment(base_url, bot).items():
            console.print(f"export {name}={value}")
        await ended.wait()


def _why(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else str(error)


def _asked_to_end() -> asyncio.Event:
    """Return an event that Ctrl+C or a polite kill sets."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(each, event.set)
    return event
