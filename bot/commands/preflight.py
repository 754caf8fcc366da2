"""`crosslink preflight`: the same examination as in Slack, and the same mending."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from bot.clock import SystemClock
from bot.commands import console
from bot.commands.mend import Written, mend, read_cut
from bot.views.facts import plain, summary
from bot.views.words.finding import SEVERITY, VERDICT, advice, place, title
from bot.views.words.mending import done
from bot.views.words.preflight import allowed, measured
from bot.views.words.refused import sentence_plain
from bot.views.words.source import size
from bot.wiring.mending import MediaRoom, open_media
from core.domain.limits import Severity
from core.domain.preflight import Draft, Finding, Verdict
from core.domain.refusals import Refusal
from core.ports import MediaOrigin
from core.usecases.mending import Wish
from core.usecases.preflight import Judged, Report

_STYLE = {Severity.BLOCK: "red", Severity.WARN: "yellow", Severity.QUESTION: "cyan"}
_MARK = {
    Verdict.READY: "[green]✓[/green]",
    Verdict.WARNINGS: "[yellow]![/yellow]",
    Verdict.BLOCKED: "[red]✗[/red]",
}


def preflight(  # noqa: PLR0913 - a command's options
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE|URL…", help="A file or an https address, or several as one post."),
    ],
    *,
    target: Annotated[
        str, typer.Option("--for", help="Where it goes: tiktok, instagram.reel, … separated by commas.")
    ] = "",
    caption: Annotated[str, typer.Option(help="The caption to check along with it.")] = "",
    title: Annotated[str, typer.Option(help="The title, where the target has one.")] = "",
    fix: Annotated[
        Path | None, typer.Option("--fix", metavar="OUT", help="Write a version that fits everywhere.")
    ] = None,
    keep: Annotated[
        str, typer.Option("--keep", metavar="START-END", help="The part to keep with --fix: 0:05-1:35.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")] = False,
) -> None:
    """Say what TikTok and Instagram will say to a file, before anybody waits for it; make a version that fits.

    Needs no settings and no account. Targets are tiktok, tiktok.video, tiktok.photo, instagram, instagram.reel …, by
    default all that take such a file. Exits with 1 where something blocks, with --fix where it still does.

    Examples:
      crosslink preflight film.mov
      crosslink preflight film.mov --for tiktok,instagram.reel --caption "Fresh bread" --json
      crosslink preflight film.mov --fix fits.mp4 --keep 0:05-1:35
      crosslink preflight https://media.example/film.mp4
    """
    targets = tuple(name for name in target.replace(" ", "").split(",") if name)
    draft = Draft(caption=caption, title=title)
    try:
        wish = Wish(targets=targets, cut=read_cut(keep))
        _check(files, fix, keep)
        blocked = console.run(_answered(files, draft, wish, fix, as_json=as_json))
    except Refusal as refusal:
        console.err.print(sentence_plain(refusal), style="red", markup=False)
        raise typer.Exit(_exit_code(refusal)) from None
    if blocked:
        raise typer.Exit(console.FINDINGS)


def _check(files: Sequence[str], out: Path | None, keep: str) -> None:
    if keep and out is None:
        raise Refusal("keep_without_fix")
    if out is None:
        return
    if len(files) > 1:
        raise Refusal("fix_one_file")
    if out.exists() and Path(files[0]).exists() and out.samefile(files[0]):
        raise Refusal("fix_over_itself", typed=str(out))
    if not out.parent.is_dir():
        raise Refusal("fix_not_written", typed=str(out))


async def _answered(
    files: Sequence[str], draft: Draft, wish: Wish, out: Path | None, *, as_json: bool
) -> bool:
    """Print the answer; True where something blocks."""
    with open_media(console.settings().preflight_dir, SystemClock()) as room:
        origins = [room.typed(each) for each in files]
        report = await _examined(room, origins, draft, wish)
        if not as_json:
            _print(report, sum(each.fetched for each in origins))
        written = await _mended(room, origins[0], wish, out, report, as_json=as_json) if out else []
        await room.tidy()
    if as_json:
        console.document(_document(report, sum(each.fetched for each in origins), written))
    reports = [each.mended.report for each in written] or [report]
    return any(each.verdict is Verdict.BLOCKED for each in reports)


async def _examined(room: MediaRoom, origins: Sequence[MediaOrigin], draft: Draft, wish: Wish) -> Report:
    async with AsyncExitStack() as opened:
        sources = [await opened.enter_async_context(each.look()) for each in origins]
        return await room.preflight.of(sources, draft=draft, targets=wish.targets)


async def _mended(
    room: MediaRoom, origin: MediaOrigin, wish: Wish, out: Path, report: Report, *, as_json: bool
) -> Sequence[Written]:
    """Make what fits. A file that fits already is left alone."""
    try:
        written = await mend(room, origin, wish, out, is_shown=not as_json)
    except Refusal as refusal:
        if refusal.code != "fix_not_needed" or report.verdict is Verdict.BLOCKED:
            console.err.print()
            raise
        if not as_json:
            console.out.print(f"\n{sentence_plain(refusal)}", markup=False)
        return []
    for each in written if not as_json else ():
        console.out.print(
            f"\n[green]✓[/green] [bold]{escape(str(each.path))}[/bold]  {done(each.mended.remedy.recipe)}"
        )
        _print(_named(each), 0)
    return written


def _named(written: Written) -> Report:
    """Its report, under the name that it was written by."""
    report = written.mended.report
    return replace(report, media=tuple(replace(each, name=written.path.name) for each in report.media))


_WRONG_USE = frozenset(
    {
        "unknown_target",
        "keep_unreadable",
        "keep_without_fix",
        "fix_one_file",
        "fix_over_itself",
        "fix_not_written",
    }
)


def _exit_code(refusal: Refusal) -> int:
    """A file that can't be had and a wish that makes no sense are wrong use; one that can't be mended is a finding."""
    is_finding = refusal.code.startswith("fix_") and refusal.code not in _WRONG_USE
    return console.FINDINGS if is_finding else console.WRONG_USE


def _document(report: Report, fetched: int, written: Sequence[Written]) -> dict[str, Any]:
    media = [plain(each) for each in report.media]
    found = {
        "media": media[0] if len(media) == 1 else media,
        "targets": {name: _target(judged) for name, judged in report.targets.items()},
    }
    if fetched:
        found["bytes_fetched"] = fetched
    if written:
        found["fixed"] = [
            {
                "path": str(each.path),
                "sha256": each.mended.kept.sha256,
                "recipe": plain(each.mended.remedy.recipe),
                **_document(_named(each), 0, ()),
            }
            for each in written
        ]
    return found


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


def _print(report: Report, fetched: int) -> None:
    for media in report.media:
        console.out.print(f"[bold]{escape(media.name)}[/bold]  {escape(summary(media))}")
    if fetched:
        whole = sum(media.size for media in report.media)
        console.out.print(f"Read {size(fetched)} of {size(whole)} over the network.", style="dim")
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
        cells = (title(each), place(each), measured(each), allowed(each), advice(each))
        table.add_row(severity, *(escape(cell) for cell in cells))
    return table
