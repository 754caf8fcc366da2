"""`crosslink doctor`: what is set up, what isn't, and what to do about it."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.markup import escape

from bot import settings as environment
from bot.commands import checks_here, checks_outside, console
from bot.commands.check import Check, Checker, Verdict
from bot.settings import Misconfigured

CHECKERS: Sequence[Checker] = (
    checks_here.settings,
    checks_here.folder,
    checks_here.keys,
    checks_here.database,
    checks_outside.slack,
    checks_outside.tiktok,
    checks_outside.instagram,
    checks_here.media,
    checks_here.files,
    checks_outside.listening,
    checks_outside.address,
    checks_outside.publishing,
)
_SIGN = {Verdict.OK: "[green]✓[/green]", Verdict.NOTE: "[yellow]![/yellow]", Verdict.FAILED: "[red]✗[/red]"}


def doctor(
    *, as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a list.")] = False
) -> None:
    """Check settings, keys, database, Slack, platforms, clock, media and files; say what to do.

    It changes nothing, and needs no running bot. Credentials are tried with a code that nobody issued: a platform
    that refuses only the code knows the app. Exits with 1 where a check failed; a note (!) fails nothing.

    Examples:
      crosslink doctor
      crosslink doctor --json
    """
    found = console.run(_every())
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


async def _every() -> Sequence[Check]:
    """Run all checks beside one another, and return what they say in a fixed order."""
    try:
        settings = environment.load()
    except Misconfigured as error:
        return [Check("settings", Verdict.FAILED, problem) for problem in error.problems]
    found = await asyncio.gather(*(checker(settings) for checker in CHECKERS))
    return [check for part in found for check in part]


def _row(check: Check) -> dict[str, str]:
    return {"name": check.name, "status": check.verdict, "says": check.says, "do": check.do}
