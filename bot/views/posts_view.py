"""Posts in lists: those that wait for me, all with filters, my drafts, and what Home shows of them."""

from collections.abc import Sequence

from bot import ids
from bot.ids import Action, ComposeMeta, PostState, PostsValue, PostValue
from bot.views import blocks
from bot.views.blocks import Block, Element, Message
from bot.views.delivery_view import current, line, needs_somebody
from bot.views.post_shapes import PostRow
from bot.views.request_view import short
from bot.views.text import bold, clip, esc, mention, name
from bot.views.words import dates
from bot.views.words import post as words
from core.domain.client import Client
from core.domain.delivery import DeliveryStep
from core.domain.post import Post, PostStep

_WORDS = 90
_PAGE_BLOCKS, _PAGE_CHARACTERS = 30, 9000
_CLIENTS = 99
LIST_MOST = 100
"""Posts in a list."""
EVERY = "All clients"
ANY = "Everything"
HOME_WAITING, HOME_DRAFTS, HOME_RECENT = 4, 3, 4


def state_of(row: PostRow) -> PostState:
    """Return under which heading of a list a post stands."""
    step = row.post.step
    if step is PostStep.DRAFT:
        return PostState.DRAFTS
    if step in {PostStep.REQUESTED, PostStep.CHANGES_REQUESTED}:
        return PostState.WAITING
    if step is not PostStep.APPROVED:
        return PostState.OVER
    deliveries = current(row)
    if any(needs_somebody(each) for each in deliveries):
        return PostState.NEEDS_SOMEBODY
    if not all(each.is_over for each in deliveries):
        return PostState.GOING_OUT
    is_out = any(each.step is DeliveryStep.PUBLISHED for each in deliveries)
    return PostState.PUBLISHED if is_out else PostState.OVER


def title(post: Post) -> str:
    """A post in a few words: how its caption begins, else its file, or where that is to come from. Slack text."""
    content = post.content
    said = content.caption or next((each.caption for each in content.targets if each.caption), "")
    first = " ".join(said.split()) or next((each.name for each in content.items), "")
    if not first and post.address:
        return esc(clip(post.address, _WORDS))
    return f"“{esc(clip(first or 'no words yet', _WORDS))}”"


def row_text(row: PostRow) -> str:
    """One post: where it goes, what it says, how far it is."""
    post = row.post
    places = ", ".join(words.FORM[each.form] for each in post.content.targets)
    at = post.content.publish_at
    small = [
        f"{words.MARK[post.step]} {words.STEP[post.step]}",
        "changes to a request" if post.edits else "",
        places,
        f"by {mention([post.by])}",
        f"for {dates.moment(at)}" if at else "",
    ]
    lines = [f"{bold(row.client.name)}: {title(post)}", " · ".join(filter(None, small))]
    if post.step is PostStep.APPROVED:
        lines += [line(each) for each in current(row)]
    return "\n".join(lines)


def posts_message(
    rows: Sequence[PostRow], clients: Sequence[Client], wish: PostsValue, *, searched: int = 0
) -> Message:
    """A list of posts with its filters; `rows` are narrowed already, and one more than `LIST_MOST` says that it is cut.

    `searched` is how many posts were looked through, where there are others beyond; else 0.
    """
    told = _how_many(rows, searched, _narrower(clients, wish))
    rows = rows[:LIST_MOST]
    dealt = blocks.paged(
        [_row(each) for each in rows],
        wish.page,
        most_blocks=_PAGE_BLOCKS,
        most_characters=_PAGE_CHARACTERS,
    )
    none = [blocks.section("Nothing here. Begin with `/crosslink post`.")]
    return blocks.message(
        told,
        [
            *blocks.actions(_client_filter(clients, wish), _state_filter(wish)),
            *([blocks.context(told)] if rows or searched else none),
            *[block for row in dealt["rows"] for block in row],
            *_turns(dealt, wish),
        ],
    )


def _how_many(rows: Sequence[PostRow], searched: int, narrower: str) -> str:
    """How many posts these are, and how to see those that are left out."""
    if len(rows) > LIST_MOST:
        return f"The newest {LIST_MOST} posts. {narrower} to see older ones"
    told = f"{len(rows)} {'post' if len(rows) == 1 else 'posts'}"
    return (
        f"{told} among the newest {searched} that were looked through. {narrower} to see older ones"
        if searched
        else told
    )


def _narrower(clients: Sequence[Client], wish: PostsValue) -> str:
    """What shows fewer posts, so that older ones are among them."""
    choices = (
        "a client" if wish.client is None and len(clients) > 1 else "",
        "a state" if wish.state is None else "",
    )
    left = " or ".join(filter(None, choices))
    if left:
        return f"Choose {left}"
    is_drafts = wish.state is PostState.DRAFTS
    return "Finish or delete some" if is_drafts else "Use `crosslink posts` where Crosslink runs"


def _row(row: PostRow) -> list[Block]:
    return [blocks.section(row_text(row), _open(row))]


def _open(row: PostRow) -> Element:
    post = row.post
    if post.step is PostStep.DRAFT:
        return blocks.button("Continue", Action.POST_GO_ON, ComposeMeta(post=post.id))
    value = PostValue(post=post.id, digest=short(post))
    return blocks.button("Details", Action.POST_SHOW, value, about=name(row.client.name))


def _client_filter(clients: Sequence[Client], wish: PostsValue) -> Element | None:
    if len(clients) < 2:  # noqa: PLR2004 - one client needs no choice
        return None
    options: list[tuple[str, ids.Value]] = [(EVERY, PostsValue(state=wish.state))]
    options += [
        (clip(name(each.name), 75), PostsValue(client=each.id, state=wish.state))
        for each in clients[:_CLIENTS]
    ]
    chosen = next(
        (place for place, each in enumerate([None, *clients[:_CLIENTS]]) if _id(each) == wish.client), 0
    )
    return _filter(Action.POSTS_CLIENT, "Client", options, chosen)


def _id(client: Client | None) -> str | None:
    return client.id if client else None


def _state_filter(wish: PostsValue) -> Element:
    states: list[PostState | None] = [None, *PostState]
    options: list[tuple[str, ids.Value]] = [
        (words.STATE[each] if each else ANY, PostsValue(client=wish.client, state=each)) for each in states
    ]
    return _filter(Action.POSTS_STATE, "State", options, states.index(wish.state))


def _filter(action: Action, label: str, options: Sequence[tuple[str, ids.Value]], chosen: int) -> Element:
    menu = blocks.menu(action, label, options)
    return menu | {"initial_option": menu["options"][chosen]}


def _turns(dealt: blocks.Page, wish: PostsValue) -> list[Block]:
    page, pages = dealt["page"], dealt["pages"]
    if pages == 1:
        return []

    def turn(label: str, action: Action, to: int) -> Element | None:
        value = PostsValue(page=max(to, 0), client=wish.client, state=wish.state)
        return blocks.button(label, action, value) if 0 <= to < pages else None

    back = turn("Previous Page", Action.POSTS_BACK, page - 1)
    return [
        blocks.context(f"Page {page + 1} of {pages}"),
        *blocks.actions(back, turn("Next Page", Action.POSTS_PAGE, page + 1)),
    ]


def approvals_message(rows: Sequence[PostRow], *, said: str = "") -> Message:
    """What waits for this person's decision, the longest first, as many as fit. `said` is what they just did."""
    told = f"{len(rows)} {'post waits' if len(rows) == 1 else 'posts wait'} for you."
    if not rows:
        told = "Nothing more waits for you." if said else "Nothing waits for you."
    dealt = blocks.paged(
        [_waiting(each) for each in rows], 0, most_blocks=_PAGE_BLOCKS, most_characters=_PAGE_CHARACTERS
    )
    more = len(rows) - len(dealt["rows"])
    return blocks.message(
        f"{said} {told}".strip(),
        [
            *([blocks.section(said)] if said else []),
            blocks.section(told),
            *[block for row in dealt["rows"] for block in row],
            *([blocks.context(f"{more} more: they follow as you decide about these")] if more else []),
        ],
    )


def _waiting(row: PostRow) -> list[Block]:
    """A request with what it takes to decide."""
    value = PostValue(post=row.post.id, digest=short(row.post))
    brand = name(row.client.name)
    return [
        blocks.section(row_text(row)),
        *blocks.actions(
            blocks.button("Approve", Action.APPROVE, value, about=brand),
            blocks.button("Request Changes", Action.REQUEST_CHANGES, value, about=brand),
            blocks.button("Reject", Action.REJECT, value, about=brand),
            blocks.button("Details", Action.POST_SHOW, value, about=brand),
        ),
    ]


def home_posts(rows: Sequence[PostRow], viewer: str) -> list[Block]:
    """What Home shows of posts: what waits for this person, their drafts, what happened lately."""
    waiting = [
        each for each in rows if viewer in each.tally.waiting_for and state_of(each) is PostState.WAITING
    ]
    drafts = [each for each in rows if each.post.step is PostStep.DRAFT and each.post.by == viewer]
    others = [each for each in rows if each.post.step is not PostStep.DRAFT and each not in waiting]
    recent = sorted(others, key=lambda each: not _is_stuck(each))
    shown: list[Block] = []
    if waiting:
        shown += [blocks.header("Waits for your approval")]
        shown += [block for each in waiting[:HOME_WAITING] for block in _waiting(each)]
        if len(waiting) > HOME_WAITING:
            shown.append(blocks.context(f"{len(waiting) - HOME_WAITING} more: `/crosslink approvals`"))
    if drafts:
        shown.append(blocks.header("Your drafts"))
        shown += [blocks.section(row_text(each), _open(each)) for each in drafts[:HOME_DRAFTS]]
    if recent:
        shown.append(blocks.header("Posts"))
        shown += [blocks.section(row_text(each), _open(each)) for each in recent[:HOME_RECENT]]
        if len(recent) > HOME_RECENT:
            shown.append(blocks.context("All of them: `/crosslink post list all`"))
    return [*shown, *blocks.actions(blocks.button("New Post", Action.POST_OPEN))]


def _is_stuck(row: PostRow) -> bool:
    """True where a post goes no further before somebody does something."""
    return row.post.step is PostStep.CHANGES_REQUESTED or state_of(row) is PostState.NEEDS_SOMEBODY


def kept_message(client: Client, post: Post, meta: ComposeMeta) -> Message:
    """Where a closed form's draft is."""
    told = f"Your draft for {bold(client.name)} is kept: {title(post)}"
    if meta.edits:
        told = f"Your changes to a post for {bold(client.name)} are kept: {title(post)}"
    return blocks.message(
        told,
        [
            blocks.section(told),
            *blocks.actions(
                blocks.button("Continue", Action.POST_GO_ON, meta),
                blocks.button("Delete", Action.POST_DELETE, PostValue(post=post.id)),
            ),
        ],
    )


def asked_text(client: Client, *, is_edit: bool) -> str:
    """What the form says once the request is made. Slack text."""
    where = f"<#{client.channel}>"
    if is_edit:
        return f"✅ The new version waits for approval in {where}. What was decided before doesn't count any more."
    return f"✅ Your post waits for approval in {where}. You hear what becomes of it."
