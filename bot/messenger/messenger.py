"""Facts become messages: each kind of fact reads what it needs, renders it, and posts it to whom it concerns."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

from bot.media_links import MediaLinks
from bot.messenger.cards import Cards
from bot.messenger.errors import WorkspaceGone
from bot.messenger.homes import Boards, Homes, Spawn
from bot.messenger.incidents import Incidents
from bot.messenger.once import Once
from bot.messenger.outcomes import LinkDesk, Outcomes
from bot.messenger.post import Post
from bot.messenger.posts import PostNews
from bot.messenger.posts import Rows as PostRows
from bot.views.blocks import Message
from bot.views.digest_view import Digest, digest_message
from bot.views.settings_view import saved_news
from bot.views.unlink_view import asked_news, proved_news
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.fact import Fact, FactKind
from core.ports import Clock, Queue, Work

_log = structlog.get_logger(__name__)

Digests = Callable[[str, str], Awaitable[Digest]]
"""What a client's digest says now, by workspace and client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """What messages show, read when they are drawn: Home's board, a client's digest, posts, and those that wait.

    `links` makes the addresses of a post's files, `linking` those of connect pages.
    """

    boards: Boards
    digests: Digests
    queue: Queue
    posts: PostRows
    links: MediaLinks
    linking: LinkDesk


class SlackMessenger:
    """Keeps the Messenger port.

    `clients` finds the client that speaks in a workspace, `hooks` answers response addresses, `spawn` keeps
    background work, `owner` names this process in leases. A fact told twice by one process is posted once: the
    parts that went out are remembered. After a crash between a post and its note it may be posted again;
    an alert only where Slack doesn't tell of it either.
    """

    def __init__(
        self, *, work: Work, clock: Clock, post: Post, reads: Reads, spawn: Spawn, owner: str
    ) -> None:
        self._work = work
        self._post = post
        self._digests = reads.digests
        self._now_telling = 0
        self._homes = Homes(work=work, post=post, boards=reads.boards, spawn=spawn)
        self._once = Once()
        cards = Cards(work=work, clock=clock, queue=reads.queue)
        self._outcomes = Outcomes(work=work, clock=clock, post=post, desk=reads.linking, once=self._once)
        self._posts = PostNews(
            work=work, clock=clock, post=post, rows=reads.posts, links=reads.links, once=self._once
        )
        self._incidents = Incidents(cards=cards, post=post, once=self._once, owner=owner)
        self._tellers: Mapping[FactKind, Callable[[Fact], Awaitable[None]]] = {
            FactKind.CLIENT_SAVED: self._client_saved,
            FactKind.INVITATION_SETTLED: self._outcomes.tell,
            FactKind.CONNECTION_MOVED: self._connection_moved,
            FactKind.INCIDENT_CHANGED: self._incidents.tell,
            FactKind.DIGEST_DUE: self._digest_due,
            FactKind.POST_CHANGED: self._posts.tell,
            FactKind.UNLINK_ASKED: self._unlink_asked,
            FactKind.UNLINK_PROVED: self._unlink_proved,
            FactKind.WORKSPACE_ENDED: self._workspace_ended,
        }

    async def tell(self, fact: Fact) -> None:
        """Repeats safely where Slack lets it: posts what this fact changes. Raises Passing."""
        self._now_telling += 1
        try:
            await self._tellers[fact.kind](fact)
        except WorkspaceGone as gone:
            _log.warning("nobody left to tell", fact=fact.id, workspace=fact.workspace, reason=str(gone))
        else:
            if fact.kind is not FactKind.WORKSPACE_ENDED:
                self._homes.wish(fact.workspace)
        finally:
            self._now_telling -= 1
            if not self._now_telling:
                self._homes.refresh()  # what is told beside each other is shown together

    async def _client_saved(self, fact: Fact) -> None:
        async with self._work.reading() as unit:
            client = await unit.clients.get(fact.workspace, fact.client_id)
        if client:
            told = saved_news(client, fact.details.get("by", ""), new=fact.details.get("new") == "yes")
            await self._to_channel(fact, client, told)

    async def _connection_moved(self, fact: Fact) -> None:
        """What moved shows in App Home; what needs people has an incident."""

    async def _digest_due(self, fact: Fact) -> None:
        async with self._work.reading() as unit:
            client = await unit.clients.get(fact.workspace, fact.client_id)
        if client:
            await self._to_channel(
                fact, client, digest_message(await self._digests(fact.workspace, client.id))
            )

    async def _unlink_asked(self, fact: Fact) -> None:
        client, connection = await self._read(fact)
        if client and connection:
            told = asked_news(client, connection.platform, fact.details.get("by", ""))
            await self._to_channel(fact, client, told)

    async def _unlink_proved(self, fact: Fact) -> None:
        client, connection = await self._read(fact)
        if client and connection:
            told = proved_news(client, connection.platform, fact.details.get("how", ""))
            await self._to_channel(fact, client, told)

    async def _workspace_ended(self, fact: Fact) -> None:
        _log.info("workspace ended", workspace=fact.workspace)

    async def _read(self, fact: Fact) -> tuple[Client | None, Connection | None]:
        async with self._work.reading() as unit:
            connection = await unit.connections.get(fact.workspace, fact.subject)
            client = await unit.clients.get(fact.workspace, connection.client_id) if connection else None
        return client, connection

    async def _to_channel(self, fact: Fact, client: Client, told: Message) -> None:
        await self._once.send(fact, "channel", lambda: self._post.to_channel(client, told))
