"""A messenger over storage in memory and the emulated Slack, and a client with a link to tell of."""

from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.media_links import MediaLinks
from bot.messenger import LinkDesk, Post, Reads, SlackMessenger
from bot.slack.tasks import Tasks
from bot.views.digest_view import Digest
from bot.views.home import Board
from bot.views.link_view import PersonalLink, slip_message
from core.domain.account import Platform
from core.domain.invitation import InvitationStep, LinkOutcome
from core.domain.observation import Grant, Observation
from core.domain.secret import Secret
from core.usecases.posts import Posts
from core.usecases.status import Status
from sandbox.faults import Fault
from sandbox.server import Sandbox, serving
from tests.builders import NOW, a_client, a_fact, a_linked_connection
from tests.fakes import FakeDirectory, FakeQueue, FrozenClock, MemoryWork, traits

TEAM, CHANNEL, MANAGER, REQUESTER = "T0AGENCY", "C0BAKERY", "U0MANAGER", "U0REQUESTER"


@dataclass
class Stage:
    sandbox: Sandbox
    session: aiohttp.ClientSession
    work: MemoryWork = field(default_factory=MemoryWork)
    clock: FrozenClock = field(default_factory=FrozenClock)
    tasks: Tasks = field(default_factory=Tasks)
    token: str | None = None
    messenger: SlackMessenger = None
    meanwhile: Callable[[], Awaitable[None]] | None = None

    def __post_init__(self):
        self.token = self.sandbox.slack.bot_token
        known = {each: traits(each) for each in Platform}
        self.status = Status(work=self.work, clock=self.clock, traits=known)
        self.queue = FakeQueue()
        self.directory = FakeDirectory()
        base = self.sandbox.world.base_url
        self.links = MediaLinks(base_url=base, keys=[b"k" * 32], clock=self.clock)
        self.messenger = self.another("one")

    def another(self, owner):
        """One more process on the same database."""
        return SlackMessenger(
            work=self.work,
            clock=self.clock,
            post=Post(clients=self.slack, hooks=self, clock=self.clock),
            reads=Reads(
                boards=self.board,
                digests=self.digest,
                queue=self.queue,
                posts=Posts(work=self.work, clock=self.clock).of,
                links=self.links,
                linking=LinkDesk(base_url="https://x.example", directory=self.directory),
            ),
            spawn=self.tasks.spawn,
            owner=owner,
        )

    async def slack(self, _workspace):
        if happening := self.meanwhile:
            self.meanwhile = None
            await happening()
        base = f"{self.sandbox.world.base_url}/slack.com/api/"
        return self.token and AsyncWebClient(
            token=self.token, base_url=base, session=self.session, retry_handlers=[]
        )

    def hook(self, url):
        return AsyncWebhookClient(url, session=self.session, retry_handlers=[])

    async def board(self, workspace):
        return Board(rows=await self.status.of_workspace(workspace), history=[], at=self.clock.now())

    async def digest(self, workspace, client_id):
        row = await self.status.of_client(workspace, client_id)
        return Digest(row=row, open=[], closed=[], since=NOW)

    async def has(self, client, *connections, invitation=None, viewers=()):
        async with self.work.writing() as unit:
            await unit.clients.save(client)
            for each in connections:
                await unit.connections.save(each)
            if invitation:
                await unit.invitations.save(invitation)
            for user in viewers:
                await unit.viewers.add(TEAM, user, NOW)
            await unit.commit()

    async def keeps(self, invitation):
        async with self.work.writing() as unit:
            await unit.invitations.save(invitation)
            await unit.commit()

    async def decided(self, invitation_id, outcome, *, by=""):
        async with self.work.writing() as unit:
            held = replace(await unit.invitations.by_id(invitation_id), decided_by=by)
            step = InvitationStep.LINKED if outcome is LinkOutcome.ADOPTED else InvitationStep.REFUSED
            await unit.invitations.save(held.to(step, at=NOW, outcome=outcome))
            await unit.commit()

    async def tell(self, kind, **changes):
        fact = a_fact(kind=kind, **changes)
        await self.messenger.tell(fact)
        return fact

    def seen(self, channel=CHANNEL, user=""):
        return [each.body for each in self.sandbox.slack.state.messages.visible(channel, user)]

    def texts(self, channel=CHANNEL, user=""):
        return [each["text"] for each in self.seen(channel, user)]

    def direct(self, user):
        """What the app wrote to a person directly."""
        channels = self.sandbox.slack.state.workspace.channels.values()
        own = [each.id for each in channels if each.id.startswith("D") and user in each.members]
        return [text for channel in own for text in self.texts(channel, user)]

    async def asked(self, *platforms):
        """What `/crosslink link` leaves: a private message with buttons, and the address that replaces it."""
        hook = self.sandbox.slack.state.tickets.hook("commands", TEAM, CHANNEL, REQUESTER)
        url = f"{self.sandbox.world.base_url}{hook.path}"
        links = [
            PersonalLink(
                platform=each,
                invitation="in_1",
                url="https://x.example/1",
                relink=False,
                expires_at=NOW,
            )
            for each in platforms
        ]
        await self.hook(url).send_dict(dict(slip_message(BAKERY, links, NOW)))
        return Secret(url)

    def fault(self, where, what, **details):
        self.sandbox.world.faults.add(Fault(where, what, **details))


BAKERY = a_client(id="cl_bakery", name="Nordlicht Bakery", channel=CHANNEL)
LINKED = a_linked_connection(BAKERY, id="cn_tiktok")
BROKEN = LINKED.observed(Observation(grant=Grant.WITHDRAWN), at=NOW, now=NOW)
ASKED = {"by": MANAGER}


@asynccontextmanager
async def a_stage():
    async with serving() as sandbox, aiohttp.ClientSession() as session:
        made = Stage(sandbox, session)
        yield made
        await made.tasks.settled()
