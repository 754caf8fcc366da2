"""App Home: the same truth for all of a person's clients."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.ids import Action, PageValue
from bot.listeners.request import Request
from bot.listeners.table import Table
from bot.views.home import Board, home_view
from core.domain.post import PostStep
from core.usecases.history import History
from core.usecases.incidents import Incidents
from core.usecases.posts import PostFilter, Posts, PostView
from core.usecases.status import Status

LATELY = 5
POSTS = 100
_SHOWN = (frozenset(PostStep), frozenset({PostStep.REQUESTED}), frozenset({PostStep.DRAFT}))
"""Posts in these steps are read by themselves, so that many of one don't crowd out another."""


def register(table: Table) -> None:
    """Listen to Home being opened and to its buttons."""
    table.event("app_home_opened", opened)
    for action in (Action.HOME_PAGE, Action.HOME_BACK, Action.HOME_REFRESH):
        table.action(action, turned)


async def opened(request: Request) -> None:
    """Somebody looks: draw it fresh, and remember to keep it so. The Messages tab tells the same event."""
    if request.event.get("tab") != "home":
        return
    await publish(request, 0)
    async with request.desk.work.writing() as unit:
        await unit.viewers.add(request.workspace, request.person.user, request.desk.clock.now())
        await unit.commit()


async def turned(request: Request) -> None:
    """Another page, or the same one anew."""
    await publish(request, request.read(PageValue).page)


async def publish(request: Request, page: int) -> None:
    """Draw one person's Home."""
    desk, viewer = request.desk, request.person.user
    reads = Reads(status=desk.status, incidents=desk.incidents, history=desk.history, posts=desk.posts)
    shown = await board(reads, request.workspace, desk.clock.now())
    await request.slack.views_publish(user_id=viewer, view=home_view(shown, viewer=viewer, page=page))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """What Home is read from."""

    status: Status
    incidents: Incidents
    history: History
    posts: Posts


async def board(reads: Reads, workspace: str, at: datetime) -> Board:
    """Return what Home shows of a workspace now."""
    return Board(
        rows=await reads.status.of_workspace(workspace),
        incidents=await reads.incidents.open_in(workspace),
        history=await reads.history.of(workspace, client_id=None, limit=LATELY),
        at=at,
        posts=await shown_posts(reads.posts, workspace),
    )


async def shown_posts(posts: Posts, workspace: str) -> Sequence[PostView]:
    """Return the latest posts, and what waits or is a draft however many others are newer: each `POSTS` at most."""
    found: dict[str, PostView] = {}
    for steps in _SHOWN:
        wanted = PostFilter(steps=steps, limit=POSTS)
        found |= {each.post.id: each for each in await posts.every(workspace, wanted)}
    return list(found.values())
