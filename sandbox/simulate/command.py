"""`crosslink simulate`: a fleet's year in minutes, and whether anybody was surprised."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from sandbox.simulate.figures import Figures
from sandbox.simulate.shards import CrashedError, simulate, timed

FINDINGS = 1
MISSES_SHOWN = 20
ROWS = (
    ("links_broken", "Links that broke"),
    ("told_before", "  told before"),
    ("told_in_time", "  told within one probe interval and a tick"),
    ("told_unproved", "  not to be proved any more, told within a week"),
    ("told_late", "  told late"),
    ("silent", "  never told"),
    ("unripe", "  too young to be noticed, or healed before"),
    ("warned", "Ends announced ahead"),
    ("recoveries", "Repaired"),
    ("relinks", "Relinks over Slack"),
    ("false_alarms", "False alarms"),
    ("duplicate_alerts", "Duplicate alerts"),
    ("refresh_calls", "Refresh calls"),
    ("probe_calls", "Probe calls"),
    ("ticks", "Ticks"),
    ("minutes", "Minutes"),
    ("account_days_per_second", "Account-days per second"),
    ("account_days_per_cpu_second", "Account-days per second of CPU"),
    ("peak_memory_mb", "Peak memory of all processes, MB"),
)


def command(
    accounts: Annotated[int, typer.Option(min=1, help="How many accounts, two to a client.")] = 300,
    days: Annotated[int, typer.Option(min=1, help="How many days to play.")] = 365,
    seed: Annotated[str, typer.Option(help="The same seed plays the same year again.")] = "1",
    processes: Annotated[int, typer.Option(min=1, help="Agencies played beside each other.")] = 2,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, and nothing else.")] = False,
) -> None:
    """Play a fleet under weather and mishaps; say what broke, who was told, and when. Needs no account.

    Exits with 1 where a link broke silently, was told late, or an alert came twice or for nothing.

    Examples:
      crosslink simulate --accounts 100 --days 90
      crosslink simulate --seed 7 --json
    """
    console = Console(stderr=as_json, quiet=as_json)
    try:
        with _shown(console) as progress:
            figures, minutes = timed(partial(simulate, accounts, days, seed, processes, progress))
    except CrashedError as crashed:
        Console(stderr=True).print(f"[red]✗[/red] {crashed}")
        raise typer.Exit(FINDINGS) from None
    if as_json:
        typer.echo(json.dumps(figures.to_json(minutes)))
    else:
        _print(console, figures, minutes)
    raise typer.Exit(0 if figures.is_fine else FINDINGS)


@contextmanager
def _shown(console: Console) -> Iterator[Callable[[int, str, float], None]]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    tasks: dict[int, TaskID] = {}
    with Progress(*columns, console=console, transient=True) as shown:

        def progress(shard: int, what: str, done: float) -> None:
            if shard not in tasks:
                tasks[shard] = shown.add_task("", total=1.0)
            shown.update(tasks[shard], description=f"Agency {shard + 1}: {what}", completed=done)

        yield progress


def _print(console: Console, figures: Figures, minutes: float) -> None:
    told: dict[str, Any] = figures.to_json(minutes)
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    for name, title in ROWS:
        table.add_row(title, f"{told[name]:,}")
    console.print(f"\n{figures.accounts} accounts, {figures.days} days\n")
    console.print(table)
    for miss in figures.misses[:MISSES_SHOWN]:
        console.print(f"  {miss}", style="yellow", markup=False)
    console.print("\nNobody was surprised." if figures.is_fine else "\nSomebody was surprised.")
