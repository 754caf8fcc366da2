"""`crosslink migrate` and `crosslink keys`: looking after what is stored."""

from typing import Annotated

import typer

from bot import wiring
from bot.commands import console

keys = typer.Typer(help="The keys that seal tokens at rest.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(migrate)
    app.add_typer(keys, name="keys")


def migrate() -> None:
    """Bring the database's schema to this version. Safe to run again, and from several processes."""
    changed = console.run(wiring.migrate(console.settings()))
    console.out.print("The schema is up to date now." if changed else "The schema was up to date already.")


@keys.command("new")
def new() -> None:
    """Print a new key. Put it first in CROSSLINK_ENCRYPTION_KEYS, before the old ones."""
    typer.echo(wiring.new_key())


@keys.command("rotate")
def rotate(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead of sentences.")] = False,
) -> None:
    """Seal everything with the first key. The bot may go on running."""
    done = console.run(wiring.reseal(console.settings()))
    if as_json:
        console.document(
            {
                "newest": done.newest,
                "moved": dict(done.moved),
                "unopened": dict(done.unopened),
                "in_use": dict(done.in_use),
            }
        )
    else:
        console.out.print(f"Sealed anew with key {done.newest}: {sum(done.moved.values())} rows.")
        for key, rows in done.unopened.items():
            console.err.print(
                f"{rows} rows were sealed by key {key}, which no setting has: they stay closed."
            )
        old = sorted(set(done.in_use) - {done.newest})
        console.out.print(
            f"Still in use: {', '.join(old)}." if old else "Every older key can leave the settings now."
        )
    if done.unopened:
        raise typer.Exit(console.FINDINGS)
