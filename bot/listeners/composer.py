"""What the forms of composing show: a draft with all that is known around it, drawn for one of the three steps."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot import ids
from bot.ids import Callback, ComposeMeta
from bot.listeners.request import ModalClosed, Request
from bot.listeners.table import Listener
from bot.views.blocks import View
from bot.views.post_confirm import confirm_modal
from bot.views.post_form import Sheet, media_modal
from bot.views.post_places import places_modal
from bot.views.post_reading import countable, read_confirm, read_media, read_places, typed_address
from bot.views.posts_view import kept_message
from core.domain.limits import Severity
from core.domain.post import Content, Item, Post, PostStep
from core.domain.refusals import Refusal
from core.ports import Kept
from core.usecases.checking import Checked

PLAY_LIFE = timedelta(hours=2)


def meta_of(request: Request) -> ComposeMeta:
    """Return which draft the open form is about. Raises ids.Unreadable."""
    return ids.read(ComposeMeta, request.view.get("private_metadata"))


def meta_for(post: Post) -> ComposeMeta:
    """Return what the form of a draft remembers."""
    return ComposeMeta(post=post.id, edits=post.edits or None, digest=post.edits_digest or None)


async def draft(request: Request, post_id: str) -> Post:
    """Return a draft of this person's. Raises Refusal `post_unknown`."""
    post = (await request.desk.posts.of(request.workspace, post_id)).post
    if post.by != request.person.user or request.person.is_outsider:
        raise Refusal("post_unknown")
    return post


async def first_step(request: Request, post: Post, meta: ComposeMeta, **more: Any) -> View:
    """Return the form for whose post it is, its files and words."""
    return media_modal(await _sheet(request, post, meta, **more))


async def second_step(request: Request, post: Post, meta: ComposeMeta, **more: Any) -> View:
    """Return the form for where and when, with what preflight says."""
    checked = more.pop("checked", None) or await request.desk.composing.check(request.person, post.id)
    sheet = await _sheet(request, checked.post, meta, checked=checked, **more)
    composer = await request.desk.composing.for_form(request.person, post.client_id)
    return places_modal(replace(sheet, composer=composer))


async def third_step(request: Request, post: Post, meta: ComposeMeta, **more: Any) -> View:
    """Return the form for what TikTok asks and the last look; TikTok itself is asked what it offers now."""
    checked = more.pop("checked", None) or await request.desk.composing.check(request.person, post.id)
    composer = await request.desk.composing.for_form(request.person, post.client_id)
    poster = play_url(request, checked.poster) if checked.poster else ""
    sheet = await _sheet(request, post, meta, checked=checked, poster=poster, **more)
    return confirm_modal(replace(sheet, composer=composer))


async def _sheet(request: Request, post: Post, meta: ComposeMeta, **more: Any) -> Sheet:
    desk = request.desk
    clients = await desk.clients.every(request.workspace)
    client = next((each for each in clients if each.id == post.client_id), None)
    if client is None:
        raise Refusal("unknown_client", typed="", known="")
    return Sheet(
        post=post,
        meta=meta,
        client=client,
        clients=clients,
        counts=desk.composing.counts(countable(post.content)),
        plays=[(each.name, play_url(request, each)) for each in post.content.items],
        page=desk.compose_links.url(request.person, post.id),
        **more,
    )


def play_url(request: Request, item: Item, *, life: timedelta = PLAY_LIFE) -> str:
    """Return an address that plays one file of a post."""
    return request.desk.media_links.url(Kept(sha256=item.sha256, size=item.size), item.name, life=life)


def is_blocked(checked: Checked) -> bool:
    """True where preflight found what no platform would take."""
    report = checked.report
    return report is not None and any(
        finding.severity is Severity.BLOCK
        for judged in report.targets.values()
        for finding in judged.findings
    )


def filled(view: Mapping[str, Any], content: Content, zone: str) -> Content:
    """Return content with what the open form says."""
    match view.get("callback_id"):
        case Callback.POST_MEDIA:
            return read_media(view, content)
        case Callback.POST_PLACES:
            return read_places(view, content, zone)
        case Callback.POST_CONFIRM:
            return read_confirm(view, content)
    return content


def or_kept(work: Listener) -> Listener:
    """Return a listener that says where the draft is, where the form was closed before the work on it was over."""

    async def act(request: Request) -> None:
        meta = meta_of(request)
        try:
            await work(request)
        except ModalClosed:
            await say_kept(request, meta)

    return act


async def say_kept(request: Request, meta: ComposeMeta) -> None:
    """Say where a draft is that no form shows any more; what was asked for meanwhile says so itself."""
    try:
        row = await request.desk.posts.of(request.workspace, meta.post)
    except Refusal:
        return
    if row.post.step is PostStep.DRAFT:
        await request.write(kept_message(row.client, row.post, meta))


async def keep(request: Request) -> Post:
    """Save the draft as the open form says, and return it."""
    meta = meta_of(request)
    post = await draft(request, meta.post)
    row = await request.desk.posts.of(request.workspace, meta.post)
    content = filled(request.view, post.content, row.client.time_zone)
    return await request.desk.composing.save(
        request.person, post.id, content, address=typed_address(request.view)
    )
