"""The messenger, with the reads that its messages show."""

from dataclasses import dataclass

from bot.listeners import home
from bot.media_links import MediaLinks
from bot.messenger import LinkDesk, Post, Reads, SlackMessenger
from bot.slack.tasks import Tasks
from bot.views.digest_view import Digest
from bot.views.home import Board
from bot.wiring.adapters import Adapters
from core.ports import Clock, Queue
from core.usecases.history import History
from core.usecases.incidents import Incidents
from core.usecases.posts import Posts
from core.usecases.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What messages are made of."""

    status: Status
    queue: Queue
    posts: Posts
    links: MediaLinks
    base_url: str


def messenger(
    adapters: Adapters, clock: Clock, *, sources: Sources, tasks: Tasks, owner: str
) -> SlackMessenger:
    """Return the messenger of one process."""
    status = sources.status
    incidents, history = Incidents(work=adapters.work, clock=clock), History(work=adapters.work)

    async def board(workspace: str) -> Board:
        reads = home.Reads(status=status, incidents=incidents, history=history, posts=sources.posts)
        return await home.board(reads, workspace, clock.now())

    async def digest(workspace: str, client_id: str) -> Digest:
        row = await status.of_client(workspace, client_id)
        since = clock.now() - row.client.alerts.digest_covers
        opened, closed = await incidents.of_client(workspace, client_id, closed_since=since)
        return Digest(row=row, open=opened, closed=closed, since=since)

    return SlackMessenger(
        work=adapters.work,
        clock=clock,
        post=Post(clients=adapters.client_of, hooks=adapters.api, clock=clock),
        reads=Reads(
            boards=board,
            digests=digest,
            queue=sources.queue,
            posts=sources.posts.of,
            links=sources.links,
            linking=LinkDesk(base_url=sources.base_url, directory=adapters.directory),
        ),
        spawn=tasks.spawn,
        owner=owner,
    )
