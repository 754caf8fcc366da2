"""Lists of posts: all with filters, and what waits for me."""

from collections.abc import Collection, Sequence

from bot.ids import Action, PostState, PostsValue, PostValue
from bot.listeners import sentences
from bot.listeners.composer import PLAY_LIFE, play_url
from bot.listeners.request import Request
from bot.listeners.table import Table
from bot.listeners.typed import target
from bot.views.post_form import telling_modal
from bot.views.posts_view import LIST_MOST, approvals_message, posts_message, state_of
from bot.views.request_view import Shown, details_modal
from core.domain.post import PostStep
from core.domain.refusals import Refusal
from core.usecases.posts import REQUESTS, PostFilter, PostView

SEARCHED = 500
"""Posts that are looked through for those in a state."""
_STEPS: dict[PostState, Collection[PostStep]] = {
    PostState.DRAFTS: {PostStep.DRAFT},
    PostState.WAITING: {PostStep.REQUESTED, PostStep.CHANGES_REQUESTED},
    PostState.GOING_OUT: {PostStep.APPROVED},
    PostState.PUBLISHED: {PostStep.APPROVED},
    PostState.NEEDS_SOMEBODY: {PostStep.APPROVED},
    PostState.OVER: REQUESTS - {PostStep.REQUESTED, PostStep.CHANGES_REQUESTED},
}
_TYPED = {
    "draft": PostState.DRAFTS,
    **dict.fromkeys(("queued", "scheduled"), PostState.GOING_OUT),
    **dict.fromkeys(("failed", "missed", "uncertain"), PostState.NEEDS_SOMEBODY),
    **dict.fromkeys(("rejected", "expired", "withdrawn", "cancelled"), PostState.OVER),
    **{str(each): each for each in PostState},
}
EVERY = "all"


def register(table: Table) -> None:
    """Listen to the commands, the filters, and a post's details."""
    table.command("approvals", approvals, guests=True)
    for action in (Action.POSTS_PAGE, Action.POSTS_BACK, Action.POSTS_CLIENT, Action.POSTS_STATE):
        table.action(action, turned)
    table.action(Action.POST_SHOW, show, guests=True)
    table.action(Action.POST_DELETE, delete)


async def by_words(request: Request, text: str) -> None:
    """`/crosslink post list [drafts|waiting|queued|published|failed|over] [client|all]`."""
    words = text.split()
    state = next((_TYPED[each.casefold()] for each in words if each.casefold() in _TYPED), None)
    name = target(" ".join(each for each in words if each.casefold() not in _TYPED)).name
    clients = request.desk.clients
    client: str | None
    if name and name.casefold() != EVERY:
        client = (await clients.find(request.workspace, name=name, channel=request.channel)).id
    else:
        here = None if name else await clients.in_channel(request.workspace, request.channel)
        client = here.id if here else None
    await _list(request, PostsValue(client=client, state=state))


async def turned(request: Request) -> None:
    """Another page, or another filter."""
    await _list(request, request.read(PostsValue))


async def _list(request: Request, wish: PostsValue) -> None:
    clients = await request.desk.clients.every(request.workspace)
    rows, searched = await _rows(request, wish)
    await request.answer(posts_message(rows, clients, wish, searched=searched))


async def _rows(request: Request, wish: PostsValue) -> tuple[Sequence[PostView], int]:
    """The posts that are meant, one more than a list shows where there are; drafts are their owner's alone.

    Beside them how many posts were looked through, where there are others beyond; else 0.
    """
    steps = _STEPS[wish.state] if wish.state else REQUESTS
    by = request.person.user if wish.state is PostState.DRAFTS else None
    most = SEARCHED if wish.state else LIST_MOST
    wanted = PostFilter(client_id=wish.client, by=by, steps=steps, limit=most + 1)
    rows = await request.desk.posts.every(request.workspace, wanted)
    found = [each for each in rows if wish.state in {None, state_of(each)}]
    return found[: LIST_MOST + 1], most if wish.state and len(rows) > most else 0


async def approvals(request: Request) -> None:
    """`/crosslink approvals`: what waits for whoever asks."""
    await request.say(approvals_message(await request.desk.approving.waiting_for(request.person)))


async def still_waiting(request: Request, said: str) -> None:
    """Put what still waits in place of the list in which something was just decided. `said` is Slack text."""
    rows = await request.desk.approving.waiting_for(request.person)
    await request.answer(approvals_message(rows, said=said))


async def show(request: Request) -> None:
    """Details of one post."""
    await show_post(request, request.read(PostValue).post)


async def show_post(request: Request, post_id: str) -> None:
    """Show all about one post; a draft to its owner alone, and to guests only what their client has them decide."""
    await request.show(telling_modal("One moment…", "Post"))
    row = await request.desk.posts.of(request.workspace, post_id)
    post = row.post
    if request.person.is_outsider and request.person.user not in row.client.policy.outsiders:
        raise Refusal("outsider")
    if post.step is PostStep.DRAFT and post.by != request.person.user:
        raise Refusal("post_unknown")
    plays = [(each.name, play_url(request, each)) for each in post.content.items]
    poster = post.noted.poster if post.noted else None
    picture = play_url(request, poster, life=PLAY_LIFE) if poster else ""
    await request.show(details_modal(Shown(row=row, poster=picture, plays=plays)))


async def delete(request: Request) -> None:
    """Delete a draft."""
    await request.desk.composing.delete(request.person, request.read(PostValue).post)
    await request.answer(sentences.told("The draft is deleted."))
