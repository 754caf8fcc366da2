"""The steps of composing: what is typed is kept, what is wrong is said beside its field, closing loses nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from slack_sdk.errors import SlackApiError

from bot.ids import Action, Callback, PostField
from bot.listeners import files
from bot.listeners.composer import (
    draft,
    filled,
    first_step,
    is_blocked,
    keep,
    meta_of,
    or_kept,
    second_step,
    third_step,
)
from bot.listeners.request import Request
from bot.listeners.table import Submission, Table
from bot.views.blocks import View
from bot.views.post_errors import confirm_errors, media_errors, places_errors
from bot.views.post_form import recounted, telling_modal
from bot.views.post_reading import CONSENTS, chosen_files, countable
from bot.views.posts_view import asked_text, kept_message
from bot.views.words.post import PLACE_FLAWS
from bot.views.words.refused import sentence
from core.domain.post import Content, Post
from core.domain.refusals import Refusal
from core.ports import MediaOrigin

_COUNTED: Mapping[str, str] = {
    PostField.CAPTION: "",
    PostField.TIKTOK_CAPTION: "tiktok",
    PostField.INSTAGRAM_CAPTION: "instagram",
}
_SHAPES = frozenset(
    {
        PostField.TIKTOK,
        PostField.INSTAGRAM,
        PostField.VARIANTS,
        PostField.WHEN,
        PostField.PRIVACY,
        PostField.DISCLOSURE,
        PostField.BRANDS,
    }
)
"""Fields whose answer decides what else is asked."""
_KEPT = (
    PostField.URL,
    PostField.TIKTOK_TITLE,
    PostField.DAY,
    PostField.TIME,
    PostField.INTERACTIONS,
    PostField.AI,
    PostField.MUSIC,
    *CONSENTS,
)
_BLOCKED = "The platforms won't take this as it is. Fix or change what is marked ⛔, or leave a place out."
_HELD = "An account can't take this post now. What helps stands beside it; the draft is kept."
_OVERTAKEN = frozenset({"hash_conflict", "not_found"})
"""Something newer is shown already, or nothing any more."""


def register(table: Table) -> None:
    """Listen to the forms' fields, submits and ends."""
    for each in (*_COUNTED, *_SHAPES, *_KEPT):
        table.action(PostField(each), typed)
    table.action(Action.POST_BACK, back)
    table.action(Action.POST_FILES, other_files)
    looking = telling_modal("Fetching the files and looking at them…")
    moment = telling_modal("One moment…")
    for callback, check, meanwhile, work in (
        (Callback.POST_MEDIA, check_media, looking, after_media),
        (Callback.POST_PLACES, check_places, moment, after_places),
        (Callback.POST_CONFIRM, check_confirm, moment, after_confirm),
    ):
        table.submission(callback, Submission(check=check, meanwhile=meanwhile, work=or_kept(work)))
    for callback in (Callback.POST_MEDIA, Callback.POST_PLACES, Callback.POST_CONFIRM):
        table.closing(callback, closed)


async def typed(request: Request) -> None:
    """Keep what is filled in, and show what follows from it: counts, and what else is asked now."""
    field = str(request.body["actions"][0].get("action_id", ""))
    post = await keep(request)
    if field in _COUNTED:
        counts = [
            each
            for each in request.desk.composing.counts(countable(post.content))
            if each.form.platform.startswith(_COUNTED[field])
        ]
        await _refresh(request, recounted(request.view, PostField(field), counts))
    elif field in _SHAPES:
        step = third_step if request.view.get("callback_id") == Callback.POST_CONFIRM else second_step
        await _refresh(request, await step(request, post, meta_of(request), view=request.view))


async def _refresh(request: Request, view: View) -> None:
    """Show a form anew, unless something newer is shown already: then that knows better."""
    try:
        await request.slack.views_update(
            view_id=request.modal, hash=str(request.view.get("hash", "")), view=view
        )
    except SlackApiError as error:
        if error.response.get("error") not in _OVERTAKEN:
            raise


async def back(request: Request) -> None:
    """The step before; what was filled in here stays."""
    meta = meta_of(request)
    post = await keep(request)
    step = second_step if request.view.get("callback_id") == Callback.POST_CONFIRM else first_step
    await request.show(await step(request, post, meta))


async def other_files(request: Request) -> None:
    """Choose Others: the files go, the words stay."""
    post = await keep(request)
    post = await request.desk.composing.save(request.person, post.id, replace(post.content, items=()))
    await request.show(await first_step(request, post, meta_of(request)))


async def check_media(request: Request) -> Mapping[str, str]:
    """Return what is wrong, by field."""
    return media_errors(request.view, await _content(request))


async def check_places(request: Request) -> Mapping[str, str]:
    """Return what is wrong, by field."""
    row = await request.desk.posts.of(request.workspace, meta_of(request).post)
    content = filled(request.view, row.post.content, row.client.time_zone)
    return places_errors(request.view, content, row.client.time_zone, request.desk.clock.now())


async def check_confirm(request: Request) -> Mapping[str, str]:
    """Return what is wrong, by field."""
    content = filled(request.view, await _content(request), "UTC")
    return confirm_errors(request.view, content, request.desk.clock.now())


async def _content(request: Request) -> Content:
    return (await draft(request, meta_of(request).post)).content


async def after_media(request: Request) -> None:
    """Keep the words, fetch the files, and show what preflight says."""
    meta, post = meta_of(request), await keep(request)
    try:
        chosen = await _origins(request)
        if chosen:
            checked = await request.desk.composing.attach(request.person, post.id, chosen)
            post = checked.post
    except Refusal as refusal:
        await request.show(await first_step(request, post, meta, note=sentence(refusal)))
        return
    await request.show(await second_step(request, post, meta))


async def _origins(request: Request) -> Sequence[MediaOrigin]:
    picked, url = chosen_files(request.view)
    if url:
        return [await files.at_address(request, url)]
    return [await files.slack_origin(request, each) for each in picked]


async def after_places(request: Request) -> None:
    """Go on to the last step, unless something blocks: then it is said here, where it can be mended."""
    meta, post = meta_of(request), await keep(request)
    checked = await request.desk.composing.check(request.person, post.id)
    is_held = any(each.code in PLACE_FLAWS for each in checked.flaws)
    if is_held or is_blocked(checked):
        note = _BLOCKED if is_blocked(checked) else _HELD
        await request.show(await second_step(request, post, meta, checked=checked, note=note))
        return
    await request.show(await third_step(request, post, meta, checked=checked))


async def after_confirm(request: Request) -> None:
    """Ask for approval, or put the edit in the request's place."""
    meta, post = meta_of(request), await keep(request)
    desk, person = request.desk, request.person
    try:
        checked = await desk.requesting.request(person, post.id)
    except Refusal as refusal:
        await _stopped(request, post, refusal)
        return
    desk.wake()
    text = asked_text(checked.client, is_edit=bool(meta.edits))
    await request.show(telling_modal(text))


async def _stopped(request: Request, post: Post, refusal: Refusal) -> None:
    """Show the last step again with all that stops the request."""
    checked = await request.desk.composing.check(request.person, post.id)
    await request.show(
        await third_step(request, post, meta_of(request), checked=checked, note=sentence(refusal))
    )


async def closed(request: Request) -> None:
    """Say where the draft is; one with nothing in it, or nothing changed in it, goes."""
    meta = meta_of(request)
    post = await draft(request, meta.post)
    row = await request.desk.posts.of(request.workspace, meta.post)
    if (post.content == Content() and not post.address) or (post.edits and post.edited_at == post.created_at):
        await request.desk.composing.delete(request.person, post.id)
        return
    await request.write(kept_message(row.client, post, meta))
