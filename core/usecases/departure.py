"""What deliveries are made of, read before they leave, and what speaks against that."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta

from core.domain.composing import draft_of
from core.domain.delivery import Blame, Delivery, DeliveryStep, Obstacle
from core.domain.limits import Severity
from core.domain.own_limits import own_limits
from core.domain.post import Item
from core.ports import Cargo, Clock, Kept, MediaSource, MediaStore, Work
from core.usecases.flight import Change
from core.usecases.load import Load
from core.usecases.preflight import Preflight

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
        return (await self.load_every([delivery])).get(delivery.id)

    async def load_every(self, deliveries: Sequence[Delivery]) -> Mapping[str, Load]:
        """Reads what the next acts of claimed deliveries need, by their ids; nothing where the post is gone."""
        async with self._work.reading() as unit:
            found = await unit.deliveries.provisions(deliveries)
        return {
            each.id: Load(
                delivery=each,
                post=given.post,
                is_approved=given.post.digest == each.digest,
                connection=given.connection,
                credentials=given.credentials,
            )
            for each in deliveries
            if (given := found.get(each.id)) is not None
        }

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
    if not load.is_approved or load.target is None:
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
