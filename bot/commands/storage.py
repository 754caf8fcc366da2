"""`crosslink migrate`, `crosslink keys` and `crosslink erase`: looking after what is stored."""

from typing import Annotated

import typer

from bot.commands import console
from bot.wiring import upkeep

Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of sentences.")]
keys = typer.Typer(
    help="The keys that seal tokens at rest.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def migrate() -> None:
    """Bring the database's schema to this version. Safe to run again, and from several processes.

    The embedded database needs it never: each start brings it along.

    Examples:
      crosslink migrate
    """
    changed = console.run(upkeep.migrate(console.settings()))
    console.out.print("The schema is up to date now." if changed else "The schema was up to date already.")


@keys.command("new")
def new() -> None:
    """Print a new key, for CROSSLINK_ENCRYPTION_KEYS.

    The first key of that setting seals, all of them open. Several processes: add it last everywhere, then move it to
    the front; one process alone: put it in front at once. Then `crosslink keys rotate`.

    Examples:
      crosslink keys new
    """
    typer.echo(upkeep.new_key())


@keys.command("rotate")
def rotate(*, as_json: Json = False) -> None:
    """Seal everything with the first key. The bot may go on running.

    Says which keys are still in use. Take an old one out two weeks later: addresses of media that it signed live that
    long. Exits with 1 where rows are sealed by a key that no setting has.

    Examples:
      crosslink keys rotate
      crosslink keys rotate --json
    """
    done = console.run(upkeep.reseal(console.settings()))
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
        free = "No older key is in use: they can leave the settings two weeks from now."
        console.out.print(f"Still in use: {', '.join(old)}." if old else free)
    if done.unopened:
        raise typer.Exit(console.FINDINGS)


def erase(
    workspace: Annotated[
        str, typer.Argument(help="The workspace's id, as `crosslink status --json` has it: T0123ABCD.")
    ],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Erase it; without, only say what there is.")] = False,
    as_json: Json = False,
) -> None:
    """Erase everything that is kept about a workspace: clients, history, posts, people's ids. There is no way back.

    While a token of the workspace is kept, for the app itself or for an account, nothing is erased, and this exits
    with 1. Files that only its posts needed go within a week; backups keep what they have.

    Examples:
      crosslink erase T0123ABCD
      crosslink erase T0123ABCD --yes
    """
    found = console.run(upkeep.belongings(console.settings(), workspace, erase=yes))
    is_erased = yes and not found.is_alive
    if as_json:
        console.document({"workspace": workspace, "rows": dict(found.rows), "erased": is_erased})
    else:
        what = ", ".join(f"{rows} {table}" for table, rows in sorted(found.rows.items())) or "nothing"
        console.out.print(f"{'Erased' if is_erased else 'Kept'} about {workspace}: {what}.")
    if found.is_alive:
        console.err.print(
            "It still has the app or a linked account: unlink the accounts and uninstall the app first."
        )
        raise typer.Exit(console.FINDINGS)
    if not yes and found.rows:
        console.err.print("Nothing was erased: --yes does that, for good.")
