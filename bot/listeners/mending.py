"""Fix: asking what only a person can say, making the version that fits, showing how far it is, stopping it."""

from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import replace
from functools import partial

from bot import ids
from bot.ids import Action, AnswerMeta, Callback, JobValue, PreflightValue
from bot.listeners import files
from bot.listeners.jobs import Ending, Job
from bot.listeners.preflight import again, card_of, examined, in_place, order_of
from bot.listeners.request import Request
from bot.listeners.spot import Spot
from bot.listeners.table import Submission, Table
from bot.views.preflight_form import answer_errors, answer_modal, read_answer, waiting_modal
from bot.views.preflight_view import card, stopped, working
from bot.views.words.refused import sentence
from core.domain.refusals import Refusal
from core.domain.rendition import Cut, Progress
from core.usecases.preflighting import Examined

_SAID: Mapping[Ending, str] = {
    Ending.CANCELLED: "Cancelled. There is no new version, and nothing was changed.",
    Ending.RESTART: (
        "Crosslink is being restarted, so this was stopped before it was done. Nothing was changed; "
        "try again in a minute."
    ),
}


def register(table: Table) -> None:
    """Listen to the card's buttons that make something, and to the modal that asks before."""
    table.action(Action.PREFLIGHT_FIX, fix)
    table.action(Action.PREFLIGHT_ASK, ask)
    table.action(Action.PREFLIGHT_CANCEL, cancel)
    table.submission(Callback.PREFLIGHT_ASK, Submission(check=check, meanwhile=None, work=answered))


async def fix(request: Request) -> None:
    """Make the version that fits."""
    await _mend(request, request.read(PreflightValue), None, Spot(request, replacing=True))


async def ask(request: Request) -> None:
    """Ask which part to keep, and whose music it is, where that isn't known."""
    value, hook = request.read(PreflightValue), request.response_url
    await request.show(waiting_modal())
    shown = await again(request)
    whole = f"{shown.media.duration:.2f}" if shown.media.duration is not None else None
    longest = f"{shown.longest:g}" if shown.longest is not None else None
    meta = AnswerMeta(
        order=ids.write(replace(value, page=0)),
        fixes="yes" if shown.recipes else "no",
        longest=longest,
        shortest=f"{shown.shortest:g}",
        whole=whole if longest else None,
        hook=hook,
    )
    await request.show(answer_modal(shown, meta))


async def check(request: Request) -> Mapping[str, str]:
    """Return what is wrong, by field."""
    return answer_errors(request.view)


async def answered(request: Request) -> None:
    """Go on with what was answered: fix, or judge anew."""
    meta, cut, music = read_answer(request.view)
    value = ids.read(PreflightValue, meta.order)
    value = replace(value, music=music or value.music)
    spot = Spot(request, hook=meta.hook, replacing=True)
    if meta.fixes == "yes":
        await _mend(request, value, cut, spot)
        return

    async def work(job: Job) -> None:
        async with job.turn:
            found = await examined(request, value, await files.origin(request, value))
        await spot.show(card(card_of(request, value, found)))

    await in_place(request, spot, work, partial(_ended, spot, value, asks=False))


async def _mend(request: Request, value: PreflightValue, cut: Cut | None, spot: Spot) -> None:
    asks = cut is not None

    async def work(job: Job) -> None:
        await spot.show(working(value.name, job.id, 0.0))
        try:
            async with job.turn:
                made = await _made(request, value, cut, spot, job)
        except Refusal as refusal:
            await spot.show(stopped(value, sentence(refusal), asks=asks))
            return
        first, *others = [card(card_of(request, value, each, is_made=True)) for each in made]
        await spot.show(first)
        for each in others:
            await request.write(each)

    await in_place(request, spot, work, partial(_ended, spot, value, asks=asks))


async def _made(
    request: Request, value: PreflightValue, cut: Cut | None, spot: Spot, job: Job
) -> list[Examined]:
    source, order = await files.origin(request, value), await order_of(request, value)
    made: list[Examined] = []
    async with aclosing(request.desk.preflighting.fix(request.person, source, order, cut)) as steps:
        async for step in steps:
            if isinstance(step, Progress):
                await spot.progress(working(value.name, job.id, step.fraction), step.fraction)
            else:
                made.append(step)
    return made


async def _ended(spot: Spot, value: PreflightValue, ending: Ending, *, asks: bool) -> None:
    await spot.show(stopped(value, _SAID[ending], asks=asks))


async def cancel(request: Request) -> None:
    """Stop what is being made. What it showed so far gives way to that it was stopped."""
    request.desk.jobs.cancel(request.read(JobValue).job, request.person)
