"""`crosslink preflight`: the same examination as in Slack."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from bot.commands import console
from bot.views.facts import plain, summary
from bot.views.words.finding import SEVERITY, VERDICT, advice, place, title
from bot.views.words.refusal import refusal_plain
from bot.views.words.source import source_trouble
from bot.wiring.media import LocalFile, open_preflight
from core.domain.limits import Severity
from core.domain.preflight import Draft, Finding, Verdict
from core.domain.refusals import Refusal
from core.usecases.preflight import Judged, Report

_STYLE = {Severity.BLOCK: "red", Severity.WARN: "yellow", Severity.QUESTION: "cyan"}
_MARK = {
    Verdict.READY: "[green]✓[/green]",
    Verdict.WARNINGS: "[yellow]![/yellow]",
    Verdict.BLOCKED: "[red]✗[/red]",
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(preflight)


def preflight(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="One file, or several as one post.")],
    *,
    target: Annotated[
        str, typer.Option("--for", help="Where it goes: tiktok, instagram.reel, … separated by commas.")
    ] = "",
    caption: Annotated[str, typer.Option(help="The caption to check along with it.")] = "",
    title: Annotated[str, typer.Option(help="The title, where the target has one.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")] = False,
) -> None:
    """Say what TikTok and Instagram will say to a file, before anybody waits for it."""
    targets = [name for name in target.replace(" ", "").split(",") if name]
    try:
        report = console.run(_examined(files, Draft(caption=caption, title=title), targets))
    except Refusal as refusal:
        console.err.print(_sentence(refusal), style="red", markup=False)
        raise typer.Exit(console.WRONG_USE) from None
    if as_json:
        console.document(_document(report))
    else:
        _print(report)
    if report.verdict is Verdict.BLOCKED:
        raise typer.Exit(console.FINDINGS)


async def _examined(files: Sequence[Path], draft: Draft, targets: Sequence[str]) -> Report:
    with ExitStack() as opened, open_preflight() as desk:
        sources = [opened.enter_context(LocalFile(each)) for each in files]
        return await desk.of(sources, draft=draft, targets=targets)


def _sentence(refusal: Refusal) -> str:
    if refusal.code == "unknown_target":
        return f"We don't know “{refusal.facts['typed']}”. These are known: {refusal.facts['known']}."
    return source_trouble(refusal.code, refusal.facts) or refusal_plain(refusal.code, refusal.facts)


def _document(report: Report) -> dict[str, Any]:
    media = [plain(each) for each in report.media]
    return {
        "media": media[0] if len(media) == 1 else media,
        "targets": {name: _target(judged) for name, judged in report.targets.items()},
    }


def _target(judged: Judged) -> dict[str, Any]:
    return {"verdict": judged.verdict, "findings": [_row(each) for each in judged.findings]}


def _row(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "where": place(finding),
        "measured": finding.measured,
        "allowed": finding.allowed,
        "advice": advice(finding),
    }


def _print(report: Report) -> None:
    for media in report.media:
        console.out.print(f"[bold]{escape(media.name)}[/bold]  {escape(summary(media))}")
    for name, judged in report.targets.items():
        console.out.print(
            f"\n{_MARK[judged.verdict]} [bold]{escape(name)}[/bold] · {VERDICT[judged.verdict]}"
        )
        if judged.findings:
            console.out.print(_table(judged.findings))


def _table(findings: Sequence[Finding]) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0), pad_edge=False)
    for name in ("", "what", "where", "measured", "allowed", "what to do"):
        table.add_column(name, overflow="fold")
    for each in findings:
        severity = f"[{_STYLE[each.severity]}]{SEVERITY[each.severity]}[/]"
        cells = (title(each), place(each), each.measured, each.allowed, advice(each))
        table.add_row(severity, *(escape(cell) for cell in cells))
    return table
