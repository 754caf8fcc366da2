"""What people do about deliveries: stop one, send one after all, say what became of one."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from core.domain.client import Client, Person
from core.domain.delivery import Delivery, DeliveryStep
from core.domain.post import Post, PostStep
from core.domain.refusals import Refusal
from core.ports import Clock, UnitOfWork, Work
from core.usecases.chronicle import note_passage
from core.usecases.delivery_news import news_of, note
from core.usecases.record import in_turn

Act = Callable[[Delivery, str, datetime], Delivery]


class Deliveries:
    """Acts of people. Each takes a delivery away from whoever works on it: later writes of theirs fail.

    All raise Refusal `outsider`, `delivery_unknown`, and `delivery_moved_on` with the step it has come to.
    """

    def __init__(self, *, work: Work, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def cancel(self, person: Person, delivery_id: str) -> Delivery:
        """Stop it: anybody of the agency may, until it was asked for. Raises Refusal `delivery_gone_out`."""

        def act(delivery: Delivery, by: str, at: datetime) -> Delivery:
            if delivery.step is DeliveryStep.CANCELLED:
                return delivery
            if not delivery.may_be_cancelled:
                raise Refusal("delivery_gone_out", platform=delivery.platform, step=delivery.step)
            return delivery.cancelled(by, at)

        return await self._overruled(person, delivery_id, act)

    async def drop(self, person: Person, delivery_id: str) -> Delivery:
        """Let a missed one be."""

        def act(delivery: Delivery, by: str, at: datetime) -> Delivery:
            _must_be(delivery, DeliveryStep.MISSED, DeliveryStep.CANCELLED)
            return delivery if delivery.step is DeliveryStep.CANCELLED else delivery.cancelled(by, at)

        return await self._overruled(person, delivery_id, act)

    async def send_now(self, person: Person, delivery_id: str) -> Delivery:
        """Send a missed one after all. Raises Refusal `not_approver` or `post_changed`."""
        return await self._wanted(person, delivery_id, DeliveryStep.MISSED)

    async def try_again(self, person: Person, delivery_id: str) -> Delivery:
        """Send a refused one once more, from the beginning. Raises Refusal `not_approver` or `post_changed`."""
        return await self._wanted(person, delivery_id, DeliveryStep.REFUSED)

    async def settle(self, person: Person, delivery_id: str, *, published: bool) -> Delivery:
        """Write what a person saw of one that nobody could tell about."""

        def act(delivery: Delivery, by: str, at: datetime) -> Delivery:
            _must_be(delivery, DeliveryStep.UNCERTAIN)
            return delivery.settled(by, at, published=published)

        return await self._overruled(person, delivery_id, act)

    async def _wanted(self, person: Person, delivery_id: str, step: DeliveryStep) -> Delivery:
        """Begin one anew: what it was approved for must still be what the post is."""

        def act(delivery: Delivery, by: str, at: datetime) -> Delivery:
            _must_be(delivery, step)
            return delivery.wanted(by, at)

        async def may(unit: UnitOfWork, delivery: Delivery) -> None:
            post = await unit.posts.get(delivery.workspace, delivery.post_id)
            client = await unit.clients.get(delivery.workspace, delivery.client_id)
            assert post is not None  # a foreign key says so
            assert client is not None
            _require_voice(person, post, client, self._clock.now())
            if post.step is not PostStep.APPROVED or post.digest != delivery.digest:
                raise Refusal("post_changed", by=post.edited_by)

        return await self._overruled(person, delivery_id, act, may)

    async def _overruled(
        self,
        person: Person,
        delivery_id: str,
        act: Act,
        may: Callable[[UnitOfWork, Delivery], Awaitable[None]] | None = None,
    ) -> Delivery:
        if person.is_outsider:
            raise Refusal("outsider")

        async def change(unit: UnitOfWork) -> tuple[Delivery, Delivery]:
            now = self._clock.now()
            before = await unit.deliveries.get(person.workspace, delivery_id)
            if before is None:
                raise Refusal("delivery_unknown")
            if may is not None:
                await may(unit, before)
            after = act(before, person.user, now)
            if after == before:
                return before, before
            saved = await unit.deliveries.overrule(after)
            await note_passage(unit, before, saved, at=now, by=person.user)
            await unit.facts.add(news_of(saved, now, by=person.user))
            await unit.alarms.wake(saved.workspace, saved.client_id, now)
            return before, saved

        before, saved = await in_turn(self._work, change)
        note(before, saved)
        return saved


def _must_be(delivery: Delivery, *steps: DeliveryStep) -> None:
    if delivery.step not in steps:
        raise Refusal("delivery_moved_on", step=delivery.step)


def _require_voice(person: Person, post: Post, client: Client, at: datetime) -> None:
    """Whoever asked for the post, or may decide about it, may have it sent later than planned or once more."""
    is_substitute = bool(client.policy.replaced_by(person.user, at))
    if person.user != post.by and not client.may_change(person) and not is_substitute:
        raise Refusal("not_approver", client=client.name, managers=" ".join(client.managers))
