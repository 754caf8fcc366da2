"""What a delivery's next act needs, loaded at once, and what speaks against taking it."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.account import Account
from core.domain.composing import draft_of
from core.domain.connection import Connection
from core.domain.credentials import Credentials
from core.domain.delivery import Blame, Delivery, DeliveryStep, Obstacle
from core.domain.limits import Severity
from core.domain.observation import Capability
from core.domain.own_limits import own_limits
from core.domain.post import Item, Post, Target
from core.ports import Cargo, Clock, Kept, MediaSource, MediaStore, Work
from core.usecases.flight import Change
from core.usecases.preflight import Preflight

TOKEN_LASTS = timedelta(minutes=10)
"""How long a token has to live at the beginning of an act: longer than the longest one takes."""
FETCHED_WITHIN = timedelta(hours=26)
"""How long our addresses of media live: longer than any platform keeps what it fetches them for."""
QUOTA_PAUSE = timedelta(hours=6)
"""How long a full account is left alone: its window of 24 hours slides."""
_SWAPPED = Obstacle(blame=Blame.AUTHORIZATION, code="account_swapped")
_NOT_LINKED = Obstacle(blame=Blame.AUTHORIZATION, code="not_linked")
_BLAMES: Mapping[str, Blame] = {"account.publish": Blame.AUTHORIZATION, "account.quota": Blame.LIMIT}
"""Findings of preflight that are not about the content."""

Address = Callable[[Item, timedelta], str]
"""Returns our signed address of a kept file that opens it for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A delivery's post, connection and credentials as they are now. `connection` is there: a foreign key says so."""

    delivery: Delivery
    post: Post
    connection: Connection
    credentials: Credentials | None

    @property
    def target(self) -> Target | None:
        """What the post is there, None where it was edited away."""
        return self.post.content.target(self.delivery.platform)

    @property
    def account(self) -> Account:
        """The account that a linked connection has."""
        assert self.connection.account is not None
        return self.connection.account

    @property
    def held(self) -> Credentials:
        """The credentials of a connection that was found to have some."""
        assert self.credentials is not None
        return self.credentials

    @property
    def is_swapped(self) -> bool:
        """True where the connection has another account by now than the one that this was approved for."""
        account, approved = self.connection.account, self.delivery.account_id
        return account is not None and bool(approved) and approved not in account.known_as()

    @property
    def needs(self) -> Capability:
        """What the connection has to be good for."""
        is_draft = self.target is not None and self.target.tiktok.to_inbox
        return Capability.PUBLISH_DRAFT if is_draft else Capability.PUBLISH

    def needs_renewal(self, at: datetime) -> bool:
        """True where the token may run out during the next act and could be renewed before."""
        is_short = self.held.access_expires_at <= at + TOKEN_LASTS
        return is_short and self.connection.is_renewal_due(at)


class Departure:
    """Loads deliveries, and checks them before anything is sent."""

    def __init__(
        self, *, work: Work, clock: Clock, preflight: Preflight, store: MediaStore, address: Address
    ) -> None:
        self._work = work
        self._clock = clock
        self._preflight = preflight
        self._store = store
        self._address = address

    async def load(self, delivery: Delivery) -> Load | None:
        """Reads what the next act needs; None where the post is gone."""
        async with self._work.reading() as unit:
            post = await unit.posts.get(delivery.workspace, delivery.post_id)
            connection = await unit.connections.get(delivery.workspace, delivery.connection_id)
            credentials = await unit.credentials.of(delivery.connection_id)
        if post is None or connection is None:
            return None
        return Load(delivery=delivery, post=post, connection=connection, credentials=credentials)

    def cargo(self, load: Load) -> Cargo:
        """Return what is sent."""
        content, target = load.post.content, load.target
        assert target is not None
        return Cargo(
            target=target,
            caption=content.caption_of(target),
            items=content.items,
            urls=tuple(self._address(each, FETCHED_WITHIN) for each in content.items),
        )

    def file(self, load: Load, stack: ExitStack) -> MediaSource | None:
        """Open the one file of a post until the stack ends; several are fetched by their addresses.

        Raises Refusal `media_gone`.
        """
        items = load.post.content.items
        if len(items) != 1:
            return None
        _, file = self._open(items[0], stack)
        return file

    def _open(self, item: Item, stack: ExitStack) -> tuple[Kept, MediaSource]:
        kept = Kept(sha256=item.sha256, size=item.size)
        return kept, stack.enter_context(self._store.open(kept, name=item.name))

    async def against(self, load: Load) -> Change | None:
        """Reads the files, and return what follows where preflight finds something that stops this post.

        Raises Refusal `media_gone`.
        """
        account = own_limits(load.connection, self._clock.now())
        platform = str(load.delivery.platform)
        assert load.target is not None
        with ExitStack() as stack:
            held = [self._open(each, stack) for each in load.post.content.items]
            media = [await self._preflight.facts(kept, source) for kept, source in held]
        report = self._preflight.judge(
            media,
            draft=draft_of(load.post.content, load.target),
            targets=[str(load.delivery.form)],
            accounts={platform: account} if account else {},
        )
        findings = report.targets[str(load.delivery.form)].findings
        found = next((each for each in findings if each.severity is Severity.BLOCK), None)
        if found is None:
            return None
        obstacle = Obstacle(blame=_BLAMES.get(found.code, Blame.CONTENT), code=found.code)
        return _ending(obstacle, self._clock.now())


def standing(load: Load, at: datetime) -> Change | None:
    """Return what follows where this delivery must not go on now; None where nothing stands against it."""
    delivery = load.delivery
    if load.post.digest != delivery.digest or load.target is None:
        return lambda each: each.cancelled("", at)
    if delivery.is_missed(at):
        return lambda each: each.missed(at)
    if at < delivery.leave_at:
        return lambda each: each.later(each.leave_at)
    return _unfit(load, at)


def unseeable(load: Load, at: datetime) -> Change | None:
    """Return what follows where nobody can look what became of a delivery that was asked for."""
    if load.is_swapped:
        return lambda each: _out_of_sight(each, _SWAPPED, at)
    if load.credentials is None or load.connection.account is None or load.target is None:
        return lambda each: each.blocked(_NOT_LINKED, at)
    return None


def _unfit(load: Load, at: datetime) -> Change | None:
    """Return what follows where the connection is not fit for it: the same account must be there, and able."""
    if load.is_swapped:
        return lambda each: each.refused(_SWAPPED, at)
    block = load.connection.verdict(at).capabilities[load.needs]
    if block is None and load.credentials is not None and load.connection.account is not None:
        return None
    obstacle = Obstacle(blame=Blame.AUTHORIZATION, code=block or "not_linked")
    return lambda each: each.blocked(obstacle, at)


def _out_of_sight(delivery: Delivery, obstacle: Obstacle, at: datetime) -> Delivery:
    is_asked = delivery.step is DeliveryStep.ASKED
    return delivery.uncertain(obstacle, at) if is_asked else delivery.blocked(obstacle, at)


def _ending(obstacle: Obstacle, at: datetime) -> Change:
    """Return what follows on a finding: what a person has to do something about first, or the end."""
    if obstacle.blame is Blame.AUTHORIZATION:
        return lambda each: each.blocked(obstacle, at)
    if obstacle.blame is Blame.LIMIT:
        return lambda each: each.anew(obstacle, at, until=at + QUOTA_PAUSE)
    return lambda each: each.refused(obstacle, at)
