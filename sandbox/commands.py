"""The commands that the sandbox adds to `crosslink`: demo, sandbox and simulate.

The emulators are loaded by the commands that play them: every start of the bot comes by here.
"""

import asyncio
import os
from typing import Annotated

import typer
from rich.console import Console

from sandbox.simulate.command import command as simulate

PORT = 8765


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(demo)
    app.command("sandbox")(sandbox)
    app.command("simulate")(simulate)


def demo(
    port: Annotated[int, typer.Option(help="The port of everything: workspace, platforms, bot.")] = PORT,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    *,
    fast: Annotated[
        bool, typer.Option("--fast", help="Walk one client through everything without a browser, and end.")
    ] = False,
) -> None:
    """Run Crosslink beside an emulated Slack, TikTok and Instagram. Needs no account; keeps nothing."""
    from sandbox import playing  # noqa: PLC0415  see above

    console = Console()
    try:
        ended = asyncio.run(playing.fast(console) if fast else playing.demo(console, host, port))
    except OSError as error:
        told = f"Port {port} on {host} can't be used: {_why(error)}. Another one: --port {port + 1}"
        console.print(told, soft_wrap=True)
        raise typer.Exit(2) from None
    raise typer.Exit(ended)


def sandbox(
    port: Annotated[int, typer.Option(help="The emulators' port.")],
    bot: Annotated[str, typer.Option(help="Where the bot runs; what people do is sent there.")],
) -> None:
    """Run the emulators alone, for a `crosslink run` in another process; prints the settings it needs."""
    from sandbox import playing  # noqa: PLC0415  see above

    console = Console(soft_wrap=True, highlight=False)  # a shell reads it: no line is broken
    try:
        asyncio.run(playing.sandbox(console, port, bot.rstrip("/")))
    except OSError as error:
        console.print(f"Port {port} can't be used: {_why(error)}.")
        raise typer.Exit(2) from None


def _why(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else str(error)
