"""Beginning a post: by command, from a message, from a preflight, from a draft, from a request that is edited."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from bot import ids
from bot.ids import (
    Action,
    ClientValue,
    ComposeMeta,
    DeliveryValue,
    PickedMeta,
    PostValue,
    PreflightValue,
    Shortcut,
    Unreadable,
)
from bot.listeners import files, posts
from bot.listeners.composer import draft, first_step, meta_for, meta_of, say_kept, second_step
from bot.listeners.request import ModalClosed, Request
from bot.listeners.table import Table
from bot.listeners.typed import target
from bot.views.post_form import FILES_MOST, choose_modal, telling_modal
from bot.views.words.refused import sentence
from core.domain.client import Client
from core.domain.post import Content, Post
from core.domain.preflight import Music
from core.domain.refusals import Refusal
from core.ports import MediaOrigin

V = TypeVar("V", bound=ids.Value)
LIST = "list"
_MOMENT = "One moment…"
_LOOKING = "Looking at the file…"


def register(table: Table) -> None:
    """Listen to all that opens a form of composing."""
    table.command("post", by_command)
    table.shortcut(Shortcut.POST, by_shortcut)
    table.action(Action.PREFLIGHT_POST, by_card)
    table.action(Action.POST_OPEN, by_button)
    table.action(Action.POST_GO_ON, go_on)
    table.action(Action.POST_NEW, anew)
    table.action(Action.POST_CLIENT, for_client)
    table.action(Action.POST_EDIT, edit)
    table.action(Action.POST_COPY, copy)
    table.link(Action.POST_PLAY)
    table.link(Action.POST_LINK)
    table.link(Action.POST_PAGE)


async def by_command(request: Request) -> None:
    """`/crosslink post [URL] [client]`, `/crosslink post list …`"""
    word, _, rest = request.text.partition(" ")
    if word.casefold() == LIST:
        await posts.by_words(request, rest)
        return
    url, rest = files.of_command(request.text)
    await request.show(telling_modal(_LOOKING if url else _MOMENT))
    client = await _client(request, target(rest).name)
    if client is None:
        await _choose(request, PickedMeta(url=url) if url else None)
    elif url:
        await _with_files(request, client, lambda: _of_message(request, (), url), url=url)
    else:
        await _go_on_with(request, client)


async def _client(request: Request, name: str | None = None) -> Client | None:
    """The client that is named, else the channel's, else the only one there is."""
    clients = request.desk.clients
    if name:
        return await clients.find(request.workspace, name=name, channel=request.channel)
    here = await clients.in_channel(request.workspace, request.channel)
    every = await clients.every(request.workspace)
    return here or (every[0] if len(every) == 1 else None)


async def _go_on_with(request: Request, client: Client) -> None:
    """Go on with this person's newest draft for a client, else begin one."""
    drafts = await request.desk.composing.drafts(request.person)
    own = [each for each in drafts if not each.edits]
    known = next((each for each in own if each.client_id == client.id), None)
    post = known or await _begun(request, client)
    meta = ComposeMeta(post=post.id)
    is_resumed = known is not None and (known.content != Content() or bool(known.address))
    await request.show(await first_step(request, post, meta, is_resumed=is_resumed))


async def _begun(request: Request, client: Client, content: Content | None = None) -> Post:
    key = str(request.body.get("trigger_id", ""))
    return await request.desk.composing.create(
        request.person, client.id, key=key, content=content or Content()
    )


async def by_button(request: Request) -> None:
    """New Post, in App Home; with a client where it is about one."""
    await request.show(telling_modal(_MOMENT))
    try:
        wish = request.read(ClientValue)
    except Unreadable:
        client = await _client(request)
    else:
        client = await _known(request, wish.client)
    if client is None:
        await _choose(request)
        return
    await _go_on_with(request, client)


async def _known(request: Request, client_id: str) -> Client:
    every = await request.desk.clients.every(request.workspace)
    found = next((each for each in every if each.id == client_id), None)
    if found is None:
        raise Refusal("unknown_client", typed="", known="")
    return found


async def for_client(request: Request) -> None:
    """A client chosen: for a draft that is open, for files that were meant, or to begin with nothing."""
    client = await _known(request, request.read(ClientValue).client)
    told = request.view.get("private_metadata")
    if not told:
        await _go_on_with(request, client)
    elif (card := _readable(PreflightValue, told)) is not None:
        await _with_card(request, client, card)
    elif (picked := _readable(PickedMeta, told)) is not None:
        await request.show(telling_modal(_LOOKING))
        await _with_files(request, client, lambda: _of_picked(request, picked), url=picked.url)
    else:
        meta = meta_of(request)
        post = await request.desk.composing.move(request.person, meta.post, client.id)
        await request.show(await first_step(request, post, meta))


def _readable(kind: type[V], told: str) -> V | None:
    try:
        return ids.read(kind, told)
    except Unreadable:
        return None


async def anew(request: Request) -> None:
    """Start a New One: the draft stays among the drafts."""
    before = await draft(request, meta_of(request).post)
    post = await _begun(request, await _known(request, before.client_id))
    await request.show(await first_step(request, post, ComposeMeta(post=post.id)))


async def go_on(request: Request) -> None:
    """Open a draft again, where it was left."""
    wish = request.read(ComposeMeta)
    await request.show(telling_modal(_MOMENT))
    post = await draft(request, wish.post)
    step = second_step if post.content.items else first_step
    await request.show(await step(request, post, meta_for(post)))


async def by_card(request: Request) -> None:
    """Use in a Post: the file of a preflight, as it is kept, with what was said about it there."""
    value = request.read(PreflightValue)
    await request.show(telling_modal(_LOOKING))
    client = await _known(request, value.client) if value.client else await _client(request)
    if client is None:
        await _choose(request, value)
        return
    await _with_card(request, client, value)


async def _with_card(request: Request, client: Client, value: PreflightValue) -> None:
    await request.show(telling_modal(_LOOKING))
    caption = await request.desk.shelf.text(value.caption) if value.caption else ""
    said = Content(caption=caption, music=value.music or Music.UNASKED)
    await _with_files(request, client, lambda: _of_card(request, value), said)


async def by_shortcut(request: Request) -> None:
    """Cross-post this video: the files of a message, or its link."""
    await request.show(telling_modal(_LOOKING))
    found, url = files.all_of_message(request.body.get("message") or {})
    found = found[:FILES_MOST]
    client = await _client(request)
    if client is None:
        await _choose(request, PickedMeta(slack=tuple(str(each.get("id", "")) for each in found), url=url))
        return
    await _with_files(request, client, lambda: _of_message(request, found, url), url=url)


async def _choose(request: Request, picked: PickedMeta | PreflightValue | None = None) -> None:
    """Ask whose post it is; what it begins with is remembered."""
    await request.show(choose_modal(await request.desk.clients.every(request.workspace), picked))


async def _of_card(request: Request, value: PreflightValue) -> Sequence[MediaOrigin]:
    return [await files.origin(request, value)]


async def _of_picked(request: Request, picked: PickedMeta) -> Sequence[MediaOrigin]:
    asked = [{"id": each, "file_access": "check_file_info"} for each in picked.slack]
    return await _of_message(request, asked, picked.url)


async def _of_message(
    request: Request, found: Sequence[Mapping[str, Any]], url: str
) -> Sequence[MediaOrigin]:
    origins = [await files.slack_origin(request, each) for each in found]
    return origins or [await files.at_address(request, url)]


async def _with_files(
    request: Request,
    client: Client,
    find: Callable[[], Awaitable[Sequence[MediaOrigin]]],
    said: Content | None = None,
    *,
    url: str = "",
) -> None:
    """Begin a post with files; where they can't be had or taken, the form says why and asks for others.

    An address that gave none is still there to be mended.
    """
    post = await _begun(request, client, said)
    told: dict[str, Any] = {}
    try:
        checked = await request.desk.composing.attach(request.person, post.id, await find())
        post, told = checked.post, {"checked": checked}
    except Refusal as refusal:
        told = {"note": sentence(refusal)}
        if url:
            post = await request.desk.composing.save(request.person, post.id, post.content, address=url)
    meta = ComposeMeta(post=post.id)
    try:
        await request.show(await first_step(request, post, meta, **told))
    except ModalClosed:
        await say_kept(request, meta)


async def edit(request: Request) -> None:
    """Edit: a draft of the next content, which takes the request's place once it is asked for."""
    await begin_edit(request, request.read(PostValue))


async def begin_edit(request: Request, wish: PostValue) -> None:
    """Open a request for editing; what this person left unfinished of it is still there."""
    await request.show(telling_modal(_MOMENT))
    post = await request.desk.requesting.reopen(request.person, wish.post, wish.digest)
    await request.show(await first_step(request, post, meta_for(post)))


async def copy(request: Request) -> None:
    """Fix and Ask Again: a new post of what one platform didn't take."""
    wish = request.read(DeliveryValue)
    await request.show(telling_modal(_MOMENT))
    row = await request.desk.posts.of(request.workspace, wish.post)
    form = next((each.form for each in row.deliveries if each.id == wish.delivery), None)
    post = await request.desk.composing.copy(request.person, wish.post)
    targets = tuple(each for each in post.content.targets if form is None or each.form is form)
    post = await request.desk.composing.save(
        request.person, post.id, replace(post.content, targets=targets, publish_at=None)
    )
    await request.show(await second_step(request, post, ComposeMeta(post=post.id)))


async def begin_copy(request: Request, post_id: str) -> None:
    """Make Another Like It."""
    await request.show(telling_modal(_MOMENT))
    post = await request.desk.composing.copy(request.person, post_id)
    await request.show(await first_step(request, post, ComposeMeta(post=post.id)))
