"""The Publisher port over Instagram Login: Instagram fetches media into containers; publishing one is the last act."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from core.domain.account import Account
from core.domain.credentials import Credentials
from core.domain.delivery import Audience, Blame, Obstacle, Ticket
from core.domain.errors import Final, Passing, PlatformDown, Trouble, Unconfirmed
from core.domain.post import Form
from core.ports import TICKET_GONE, Act, Allowance, Cargo, Clock, Look, MediaSource, Pace, Sight
from core.providers.instagram.api import Api
from core.providers.instagram.app import InstagramApp
from core.providers.instagram.codes import MAY_BE_LIVE, blame, named_in
from core.providers.instagram.judging import judging
from core.providers.instagram.nodes import Nodes
from core.providers.instagram.orders import orders, parent_order
from core.providers.instagram.search import LIFE, edge, matches
from core.providers.instagram.shapes import Container, Medium
from core.providers.wire import Wire, plain

CONTAINERS = Pace(endpoint="instagram.media", most=400, window=timedelta(hours=24))
"""Containers per account (reference/ig-user/media)."""
NOT_READY = "9007/2207027"
NO_CONTAINER = frozenset({"24/2207006", "24/2207008", "-2/2207020"})
"""Said of a container that isn't there, or not any more."""

Found = TypeVar("Found")


class InstagramPublisher:
    """Keeps `core.ports.Publisher`. The ticket's `upload_until` is when its container dies."""

    def __init__(self, *, app: InstagramApp, wire: Wire, clock: Clock) -> None:
        self._clock = clock
        self._api = Api(app=app, wire=wire, clock=clock)
        self._nodes = Nodes()

    def blame(self, code: str) -> Blame:
        return blame(code)

    def paces(self, act: Act, cargo: Cargo) -> Sequence[Pace]:
        """A carousel's own container is counted with those of its parts. How many posts are left is `allowance`."""
        if act is not Act.PREPARE:
            return ()
        is_carousel = cargo.target.form is Form.CAROUSEL
        return (CONTAINERS,) * (len(cargo.items) + 1 if is_carousel else 1)

    async def allowance(self, credentials: Credentials, account: Account) -> Allowance:
        """The total differs between Meta's own pages, so it is read."""
        with judging(credentials, self._clock):
            limit = await self._of_account(
                account, lambda node: self._api.publishing_limit(credentials.access, node)
            )
        return Allowance(left=limit.left, total=limit.config.quota_total)

    async def prepare(self, credentials: Credentials, account: Account, cargo: Cargo) -> Ticket:
        """Makes the containers that Instagram fetches media for."""
        dies_at = self._clock.now() + LIFE
        made = [await self._made(credentials, account, order) for order in orders(cargo)]
        if cargo.target.form is Form.CAROUSEL:
            return Ticket(parts=tuple(made), upload_until=dies_at)
        return Ticket(reference=made[0], upload_until=dies_at)

    async def upload(
        self,
        credentials: Credentials,
        account: Account,
        cargo: Cargo,
        ticket: Ticket,
        source: MediaSource | None,
    ) -> AsyncGenerator[Ticket, None]:
        """Looks once how far Instagram is; of a carousel whose parts are finished, makes the whole."""
        del source
        if ticket.reference:
            is_ready = await self._is_finished(credentials, ticket.reference)
            yield replace(ticket, is_ready=is_ready)
            return
        for part in ticket.parts:
            if not await self._is_finished(credentials, part):
                yield ticket
                return
        whole = await self._made(credentials, account, parent_order(cargo, ticket.parts))
        yield replace(ticket, reference=whole)

    async def ask(
        self,
        credentials: Credentials,
        account: Account,
        cargo: Cargo,
        ticket: Ticket,
        source: MediaSource | None,
    ) -> tuple[Ticket, Look]:
        """Publishes the container, unless it is public already."""
        del source
        container = await self._asked_for(credentials, ticket.reference)
        if container.status_code == "PUBLISHED":
            return ticket, await self._found(credentials, account, cargo, ticket)
        if not _is_finished(container):
            raise Passing(NOT_READY)
        if self._nodes.name(account.id) is None:
            # Which of its ids the host takes has to be known before the call that is made only once.
            await self.allowance(credentials, account)
        medium = plain(await self._published(credentials, account, ticket))
        address = await self._permalink(credentials, medium)
        look = Look(
            sight=Sight.PUBLISHED,
            audience=Audience.PUBLIC,
            ids=(medium,) if medium else (),
            permalink=address,
        )
        return ticket, look

    async def look(self, credentials: Credentials, account: Account, cargo: Cargo, ticket: Ticket) -> Look:
        if not ticket.reference:
            return Look(sight=Sight.UNKNOWN)
        try:
            with judging(credentials, self._clock):
                container = await self._api.container(credentials.access, ticket.reference)
        except Final as refused:
            if refused.code in NO_CONTAINER:
                return Look(sight=Sight.UNKNOWN)
            # A question that is refused says nothing about what became of the post.
            raise Passing(refused.code, log_id=refused.log_id) from None
        if container.status_code == "PUBLISHED":
            return await self._found(credentials, account, cargo, ticket)
        if container.status_code == "FINISHED":
            return await self._not_yet(credentials, account, cargo, ticket)
        return _sight(container)

    async def _made(self, credentials: Credentials, account: Account, order: dict[str, str]) -> str:
        with judging(credentials, self._clock):
            return await self._of_account(
                account, lambda node: self._api.make(credentials.access, node, order)
            )

    async def _container(self, credentials: Credentials, name: str) -> Container:
        """Raises Final where it can't be published any more: with its code, or TICKET_GONE."""
        with judging(credentials, self._clock):
            container = await self._api.container(credentials.access, name)
        if container.status_code == "EXPIRED":
            raise Final(TICKET_GONE)
        if container.status_code == "ERROR":
            raise Final(named_in(container.status))
        return container

    async def _is_finished(self, credentials: Credentials, name: str) -> bool:
        try:
            return _is_finished(await self._container(credentials, name))
        except (Final, PlatformDown) as none:
            if none.code in NO_CONTAINER:
                raise Final(TICKET_GONE, log_id=none.log_id) from None
            raise

    async def _asked_for(self, credentials: Credentials, name: str) -> Container:
        """One that isn't there may have been published by an act whose answer was lost."""
        try:
            return await self._container(credentials, name)
        except (Final, PlatformDown) as none:
            if none.code in NO_CONTAINER:
                raise Unconfirmed(none.code, log_id=none.log_id) from None
            raise

    async def _published(self, credentials: Credentials, account: Account, ticket: Ticket) -> str:
        node = self._nodes.name(account.id) or account.id
        try:
            with judging(credentials, self._clock):
                return await self._api.publish(credentials.access, node, ticket.reference)
        except Trouble as trouble:
            # A post was seen live after such answers; and a container that is live already may give them, too.
            if isinstance(trouble, PlatformDown) or trouble.code in MAY_BE_LIVE:
                raise Unconfirmed(trouble.code, log_id=trouble.log_id) from None
            raise

    async def _found(self, credentials: Credentials, account: Account, cargo: Cargo, ticket: Ticket) -> Look:
        """It is public. Which medium it became is known only where exactly one can be it."""
        look = Look(sight=Sight.PUBLISHED, audience=Audience.PUBLIC)
        try:
            found = await self._matches(credentials, account, cargo, ticket)
        except Trouble:
            return look
        if len(found) != 1:
            return look
        [medium] = found
        return replace(look, ids=(plain(medium.id),), permalink=medium.permalink)

    async def _not_yet(
        self, credentials: Credentials, account: Account, cargo: Cargo, ticket: Ticket
    ) -> Look:
        """A container may read FINISHED for a while after it was published: what looks like its post is waited for."""
        found = await self._matches(credentials, account, cargo, ticket)
        return Look(sight=Sight.PROCESSING if found else Sight.ABSENT)

    async def _matches(
        self, credentials: Credentials, account: Account, cargo: Cargo, ticket: Ticket
    ) -> tuple[Medium, ...]:
        with judging(credentials, self._clock):
            feed = await self._of_account(
                account, lambda node: self._api.feed(credentials.access, node, edge(cargo))
            )
        return matches(feed.data, cargo, ticket, now=self._clock.now())

    async def _permalink(self, credentials: Credentials, medium: str) -> str:
        """The post is out, whether or not this can be read."""
        try:
            return (await self._api.medium(credentials.access, medium)).permalink
        except Trouble:
            return ""

    async def _of_account(self, account: Account, work: Callable[[str], Awaitable[Found]]) -> Found:
        return await self._nodes.ask(account.id, account.known_as(), work)


def _sight(container: Container) -> Look:
    """What a container shows that neither is public nor can be made so. A status nobody knows tells nothing."""
    match container.status_code:
        case "IN_PROGRESS":
            return Look(sight=Sight.PROCESSING)
        case "EXPIRED":
            return Look(sight=Sight.GONE)
        case "ERROR":
            code = named_in(container.status)
            return Look(sight=Sight.REFUSED, obstacle=Obstacle(blame=blame(code), code=code))
    return Look(sight=Sight.UNKNOWN)


def _is_finished(container: Container) -> bool:
    """What is public is no less ready: `ask` sees that there is nothing left to do."""
    return container.status_code in {"FINISHED", "PUBLISHED"}
