"""`crosslink doctor`: what is set up, what isn't, and what to do about it."""

from typing import Annotated

import typer
from rich.markup import escape

from bot.commands import checks, console
from bot.commands.checks import Check, Verdict

_SIGN = {Verdict.OK: "[green]✓[/green]", Verdict.NOTE: "[yellow]![/yellow]", Verdict.FAILED: "[red]✗[/red]"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(
    *, as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a list.")] = False
) -> None:
    """Check settings, database, Slack, platforms, clock and media libraries; say what to do."""
    found = console.run(checks.every(console.settings()))
    failed = any(check.verdict is Verdict.FAILED for check in found)
    if as_json:
        console.document({"ok": not failed, "checks": [_row(check) for check in found]})
    else:
        for check in found:
            console.out.print(
                f"{_SIGN[check.verdict]} [bold]{escape(check.name)}[/bold]  {escape(check.says)}"
            )
            if check.do:
                console.out.print(f"  → {escape(check.do)}", style="dim")
    if failed:
        raise typer.Exit(console.FINDINGS)


def _row(check: Check) -> dict[str, str]:
    return {"name": check.name, "status": check.verdict, "says": check.says, "do": check.do}
