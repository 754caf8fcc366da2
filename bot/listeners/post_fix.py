"""Fix in the form of composing: ask which part stays where that is a choice, mend, and go on where it was left."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing, suppress

from bot import ids
from bot.ids import Action, Callback, ComposeMeta, CutMeta, PostValue
from bot.listeners.composer import draft, meta_of, say_kept, second_step
from bot.listeners.jobs import Ending, Job
from bot.listeners.request import ModalClosed, Request
from bot.listeners.spot import PACE
from bot.listeners.table import Submission, Table
from bot.views.post_cut import cut_errors, cut_modal, read_cut
from bot.views.post_form import telling_modal
from bot.views.words.refused import sentence
from core.domain.refusals import Refusal
from core.domain.rendition import Cut
from core.usecases.checking import Checked

_RESTART = "Crosslink is being restarted, so nothing was changed. Press Fix again in a minute."
_BAR = 20


def register(table: Table) -> None:
    """Listen to the button, and to the form that asks first."""
    table.action(Action.POST_FIX, fix)
    begun = telling_modal("Making a version that fits…")
    table.submission(Callback.POST_CUT, Submission(check=check, meanwhile=begun, work=answered))


async def fix(request: Request) -> None:
    """Fix: at once, or after asking which part stays."""
    meta, wish = meta_of(request), request.read(PostValue)
    checked = await request.desk.composing.check(request.person, wish.post)
    plan = checked.plan
    if plan is not None and plan.longest is not None:
        await request.show(cut_modal(checked, meta, plan.longest, plan.shortest))
        return
    await _mend(request, meta, checked.post.digest, None)


async def check(request: Request) -> Mapping[str, str]:
    """Return what is wrong, by field."""
    return cut_errors(request.view)


async def answered(request: Request) -> None:
    """Mend with the part that was chosen."""
    told = ids.read(CutMeta, request.view.get("private_metadata"))
    meta = ComposeMeta(post=told.post, edits=told.edits, digest=told.edited)
    await _mend(request, meta, told.digest, read_cut(request.view))


async def _mend(request: Request, meta: ComposeMeta, digest: str, cut: Cut | None) -> None:
    async def work(job: Job) -> None:
        async with job.turn:
            note, checked = "", None
            try:
                checked = await _made(request, meta, digest, cut)
            except Refusal as refusal:
                note = sentence(refusal)
        post = checked.post if checked else await draft(request, meta.post)
        try:
            await request.show(await second_step(request, post, meta, checked=checked, note=note))
        except ModalClosed:
            await say_kept(request, meta)

    async def ended(_ending: Ending) -> None:
        await request.show(telling_modal(_RESTART))

    await request.show(telling_modal("Making a version that fits…"))
    try:
        await request.desk.jobs.run(request.person, work, ended)
    except Refusal as refusal:
        post = await draft(request, meta.post)
        await request.show(await second_step(request, post, meta, note=sentence(refusal)))


async def _made(request: Request, meta: ComposeMeta, digest: str, cut: Cut | None) -> Checked | None:
    loop, shown_at, found = asyncio.get_running_loop(), float("-inf"), None
    async with aclosing(request.desk.composing.fix(request.person, meta.post, digest, cut)) as steps:
        async for step in steps:
            if isinstance(step, Checked):
                found = step
            elif loop.time() - shown_at >= PACE:
                shown_at = loop.time()
                done = round(step.fraction * _BAR)
                bar = "█" * done + "░" * (_BAR - done)
                told = f"Making a version that fits: {step.fraction:.0%}\n`{bar}`"
                with suppress(ModalClosed):  # what was begun is made, and kept
                    await request.show(telling_modal(told))
    return found
