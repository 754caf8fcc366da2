"""Where deliveries leave from: approved posts, and platforms that do with them as they are told."""

from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.domain.account import Account, Platform
from core.domain.credentials import Credentials
from core.domain.delivery import Audience, Blame, Delivery, Ticket
from core.domain.errors import Trouble
from core.domain.post import Post
from core.ports import Act, Allowance, Cargo, Look, MediaSource, Pace, Sight, Work
from core.providers.limits import limit_sets
from core.usecases.deliveries import Deliveries
from core.usecases.departure import Departure
from core.usecases.notices import Notices
from core.usecases.preflight import Preflight
from core.usecases.publishing import Publishing
from core.usecases.queue import DeliveriesQueued
from core.usecases.steps import Steps
from tests.builders import WORKSPACE
from tests.landing import landed
from tests.unit.usecases.studio import INSTAGRAM, TIKTOK, MemoryStore, Studio

PUBLIC = Look(
    sight=Sight.PUBLISHED, audience=Audience.PUBLIC, ids=("70",), permalink="https://x.test/post/70"
)
PIECES = 3


class ScriptedPublisher:
    """A platform that takes everything in three pieces until `will` says otherwise; `out` is what it made public.

    `meanwhile` runs once, inside the named call, before it has its effect.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.out: list[Cargo] = []
        self.paced: Sequence[Pace] = ()
        self.blames: dict[str, Blame] = {}
        self.meanwhile: dict[str, Callable[[], Awaitable[Any]]] = {}
        self._next: defaultdict[str, deque[Any]] = defaultdict(deque)

    def will(self, call: str, *answers: Any) -> None:
        self._next[call].extend(answers)

    def blame(self, code: str) -> Blame:
        return self.blames.get(code, Blame.PLATFORM)

    def paces(self, act: Act, cargo: Cargo) -> Sequence[Pace]:
        return self.paced if act is Act.PREPARE else ()

    async def allowance(self, credentials: Credentials, account: Account) -> Allowance:
        return await self._answer("allowance", Allowance(left=None, total=None))

    async def prepare(self, credentials: Credentials, account: Account, cargo: Cargo) -> Ticket:
        return await self._answer("prepare", Ticket(reference="pub1", chunk=10, total=10 * PIECES))

    async def upload(
        self, credentials: Any, account: Any, cargo: Cargo, ticket: Ticket, source: MediaSource | None
    ) -> AsyncGenerator[Ticket, None]:
        assert source is not None
        while ticket.sent < ticket.total - 10:
            ticket = await self._answer("upload", replace(ticket, sent=ticket.sent + 10))
            yield replace(ticket, is_ready=ticket.sent == ticket.total - 10)

    async def ask(
        self, credentials: Any, account: Any, cargo: Cargo, ticket: Ticket, source: MediaSource | None
    ) -> tuple[Ticket, Look]:
        answer = await self._answer("ask", PUBLIC, out=cargo)
        return ticket, answer

    async def look(self, credentials: Any, account: Any, cargo: Cargo, ticket: Ticket) -> Look:
        return await self._answer("look", PUBLIC if self.out else Look(sight=Sight.ABSENT))

    async def cancel(self, credentials: Credentials, ticket: Ticket) -> None:
        await self._answer("cancel", None)

    async def _answer(self, call: str, usual: Any, *, out: Cargo | None = None) -> Any:
        self.calls.append(call)
        if action := self.meanwhile.pop(call, None):
            await action()
        answer = self._next[call].popleft() if self._next[call] else usual
        if isinstance(answer, Done):
            self.out += [out] if out else []
            raise answer.lost
        if isinstance(answer, Exception):
            raise answer
        self.out += [out] if out and answer.sight in {Sight.PUBLISHED, Sight.PROCESSING} else []
        return answer


class Done:
    """The act happened, and its answer was lost."""

    def __init__(self, lost: Trouble) -> None:
        self.lost = lost


class Pier(Studio):
    """A studio whose approved posts leave."""

    def __init__(self, work: Work | None = None) -> None:
        super().__init__(work)
        self.publishers = {TIKTOK: ScriptedPublisher(), INSTAGRAM: ScriptedPublisher()}
        self.deliveries = Deliveries(work=self.work, clock=self.clock)
        self.queue = DeliveriesQueued(self.work)
        self.notices = Notices(work=self.work, clock=self.clock, owner="one")
        self.publishing = self.process("one")

    def process(
        self, owner: str, *, store: MemoryStore | None = None, are_others: bool = False
    ) -> Publishing:
        """Return another process on the same storage and clock; on another machine, where it has a store of its own."""
        departure = Departure(
            work=self.work,
            clock=self.clock,
            preflight=Preflight(probe=self.probe, sets=limit_sets(), clock=self.clock),
            store=store or self.store,
            address=lambda item, life: f"https://bot.test/media/{item.sha256[:8]}?{life.total_seconds():.0f}",
        )
        steps = Steps(
            clock=self.clock,
            publishers=self.publishers,
            watching=self.watching,
            departure=departure,
            are_others=are_others,
        )
        return Publishing(work=self.work, clock=self.clock, steps=steps, owner=owner)

    async def approved(self, *platforms: Platform, at: datetime | None = None) -> list[Delivery]:
        """Return the deliveries of a post that a manager approved."""
        targets = tuple(each for each in self.content().targets if each.platform in (platforms or Platform))
        post = await self.requested(targets=targets, publish_at=at)
        decided = await self.approve(post)
        return list(decided.deliveries)

    async def one(self, platform: Platform = TIKTOK, *, at: datetime | None = None) -> Delivery:
        (delivery,) = await self.approved(platform, at=at)
        return delivery

    async def run(self, publishing: Publishing | None = None) -> int:
        """Do what is due now, to its end."""
        working, begun = publishing or self.publishing, 0
        while taken := await working.send_due(self.clock.now()):
            begun += taken
            await landed(working)
        return begun

    async def over(self, delivery: Delivery, *, turns: int = 40) -> Delivery:
        """Turn the clock until nothing follows."""
        for _ in range(turns):
            await self.run()
            now = await self.now(delivery)
            if now.due_at is None:
                return now
            self.clock.turn(max(now.due_at - self.clock.now(), timedelta(seconds=1)))
        return await self.now(delivery)

    async def now(self, delivery: Delivery) -> Delivery:
        async with self.work.reading() as unit:
            found = await unit.deliveries.get(WORKSPACE, delivery.id)
        assert found is not None
        return found

    async def post_of(self, delivery: Delivery) -> Post:
        async with self.work.reading() as unit:
            post = await unit.posts.get(WORKSPACE, delivery.post_id)
        assert post is not None
        return post
