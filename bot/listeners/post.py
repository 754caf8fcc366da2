"""Beginning a post: by command, from a message, from a preflight, from a draft, from a request that is edited."""

from dataclasses import replace

from bot.ids import (
    Action,
    ClientValue,
    ComposeMeta,
    DeliveryValue,
    PostValue,
    PreflightValue,
    Shortcut,
    Unreadable,
)
from bot.listeners import files, posts
from bot.listeners.composer import draft, first_step, meta_for, meta_of, second_step
from bot.listeners.request import Request
from bot.listeners.table import Table
from bot.listeners.typed import target
from bot.views.post_form import choose_modal, telling_modal
from core.domain.client import Client
from core.domain.post import Content, Post
from core.domain.preflight import Music
from core.domain.refusals import Refusal
from core.ports import MediaOrigin

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
    """`/crosslink post [client]`, `/crosslink post list …`"""
    word, _, rest = request.text.partition(" ")
    if word.casefold() == LIST:
        await posts.by_words(request, rest)
        return
    await request.show(telling_modal(_MOMENT))
    client = await _client(request, target(request.text).name)
    if client is None:
        await request.show(choose_modal(await request.desk.clients.every(request.workspace)))
        return
    await _go_on_with(request, client)


async def _client(request: Request, name: str | None = None) -> Client | None:
    """The client that is named, else the channel's, else the only one there is."""
    if request.person.is_outsider:
        raise Refusal("outsider")
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
    is_resumed = known is not None and known.content != Content()
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
        await request.show(choose_modal(await request.desk.clients.every(request.workspace)))
        return
    await _go_on_with(request, client)


async def _known(request: Request, client_id: str) -> Client:
    every = await request.desk.clients.every(request.workspace)
    found = next((each for each in every if each.id == client_id), None)
    if found is None or request.person.is_outsider:
        raise Refusal("unknown_client", typed="", known="")
    return found


async def for_client(request: Request) -> None:
    """Another client chosen: the draft moves over with all that is in it."""
    client = await _known(request, request.read(ClientValue).client)
    if not request.view.get("private_metadata"):
        await _go_on_with(request, client)
        return
    meta = meta_of(request)
    before = await draft(request, meta.post)
    if before.client_id == client.id:
        return
    post = await _begun(request, client, before.content)
    await request.desk.composing.delete(request.person, before.id)
    await request.show(await first_step(request, post, ComposeMeta(post=post.id)))


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
    caption = await request.desk.shelf.text(value.caption) if value.caption else ""
    said = Content(caption=caption, music=value.music or Music.UNASKED)
    await _with_file(request, client, await files.origin(request, value), said)


async def by_shortcut(request: Request) -> None:
    """Cross-post this video: the file of a message, or its link."""
    await request.show(telling_modal(_LOOKING))
    facts, url = files.of_message(request.body.get("message") or {})
    client = await _client(request)
    origin = await (files.slack_origin(request, facts) if facts else files.at_address(request, url))
    await _with_file(request, client, origin)


async def _with_file(
    request: Request, client: Client | None, origin: MediaOrigin, said: Content | None = None
) -> None:
    if client is None:
        raise Refusal("no_client_here", known="")
    post = await _begun(request, client, said)
    checked = await request.desk.composing.attach(request.person, post.id, [origin])
    await request.show(await first_step(request, checked.post, ComposeMeta(post=post.id)))


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
