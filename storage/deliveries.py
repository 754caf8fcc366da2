"""Deliveries as rows: claimed one per connection, written only by whoever holds the fence."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, and_, bindparam, func, select, update

from core.domain.account import Platform
from core.domain.delivery import Blame, Delivery, DeliveryStep
from core.domain.refusals import Stale
from core.ports import Fresh, Provision
from storage.connections import connection_from_row
from storage.credentials import SqlCredentials
from storage.delivery_rows import NEVER_CHANGED, delivery_from_row, row_of
from storage.post_tables import DUE, GOING_ON, KNOWN, LEASED, deliveries, posts
from storage.post_tables import deliveries as deliveries_table
from storage.posts import post_from_row
from storage.sealing import DELIVERIES
from storage.tables import connections
from storage.transaction import Transaction, Values, claiming, unclaimed
from storage.vault import VaultError

log = logging.getLogger(__name__)

_FREE: dict[str, Any] = {"lease_owner": None, "lease_until": None}
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_POSTS = select(posts).where(posts.c.id.in_(_IDS))
_CONNECTIONS = select(connections).where(connections.c.id.in_(_IDS))
_EVERY = select(deliveries).where(deliveries.c.id.in_(_IDS))
_HELD = (
    select(
        deliveries.c.id,
        deliveries.c.fence,
        deliveries.c.version,
        posts.c.version.label("post_version"),
        connections.c.version.label("connection_version"),
    )
    .join(posts, posts.c.id == deliveries.c.post_id)
    .join(connections, connections.c.id == deliveries.c.connection_id)
    .where(deliveries.c.id.in_(_IDS))
    .order_by(deliveries.c.id)
    .with_for_update(of=deliveries)
)
_RELEASE = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("of_id"), deliveries.c.fence == bindparam("of_fence"))
    .values(_FREE)
)


class SqlDeliveries:
    """Keeps the DeliveryRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def add(self, delivery: Delivery) -> bool:
        return await self._unit.add(deliveries, self._sealed(replace(delivery, version=delivery.version + 1)))

    async def get(self, workspace: str, delivery_id: str) -> Delivery | None:
        found = await self._all(_of(workspace).where(deliveries.c.id == delivery_id))
        return found[0] if found else None

    async def of_post(self, workspace: str, post_id: str) -> Sequence[Delivery]:
        return (await self.of_posts(workspace, [post_id]))[post_id]

    async def of_posts(self, workspace: str, post_ids: Collection[str]) -> Mapping[str, Sequence[Delivery]]:
        by_post: dict[str, list[Delivery]] = {post_id: [] for post_id in post_ids}
        written = _of(workspace).where(deliveries.c.post_id.in_(list(post_ids))).order_by(deliveries.c.seq)
        for each in await self._all(written):
            by_post[each.post_id].append(each)
        return by_post

    async def of_connection(
        self, workspace: str, connection_id: str, *, steps: Collection[DeliveryStep]
    ) -> Sequence[Delivery]:
        return await self._leaving(workspace, deliveries.c.connection_id == connection_id, steps)

    async def of_workspace(self, workspace: str, *, steps: Collection[DeliveryStep]) -> Sequence[Delivery]:
        return await self._leaving(workspace, deliveries.c.workspace == workspace, steps)

    async def by_reference(self, platform: Platform, reference: str) -> Delivery | None:
        named = (KNOWN, deliveries.c.platform == platform, deliveries.c.reference == reference)
        newest = select(deliveries).where(*named).order_by(deliveries.c.seq.desc()).limit(1)
        found = await self._all(newest)
        return found[0] if found else None

    async def save(self, delivery: Delivery, *, release: bool = False) -> Delivery:
        return await self._save(delivery, delivery, _FREE if release else {})

    async def overrule(self, delivery: Delivery) -> Delivery:
        return await self._save(delivery, replace(delivery, fence=delivery.fence + 1), _FREE)

    async def claim_due(self, at: datetime, *, owner: str, until: datetime, limit: int) -> Sequence[Delivery]:
        free = [row["id"] for row in await self._unit.all(_FREE_CONNECTIONS, now=at, most=limit)]
        if not free:
            return []
        taken = await self._unit.changed(_CLAIM_FIRST, ids=free, now=at, owner=owner, until=until)
        earliest = sorted(taken, key=lambda row: (row["due_at"], row["seq"]))
        return [self._opened(row) for row in earliest]

    async def provisions(self, claimed: Sequence[Delivery]) -> Mapping[str, Provision]:
        of_them = await self._unit.all(_POSTS, ids=sorted({each.post_id for each in claimed}))
        made = {row["id"]: post_from_row(row) for row in of_them}
        ids = sorted({each.connection_id for each in claimed})
        linked = {row["id"]: connection_from_row(row) for row in await self._unit.all(_CONNECTIONS, ids=ids)}
        held = await SqlCredentials(self._unit).of_every(ids)
        return {
            each.id: Provision(
                post=made[each.post_id],
                connection=linked[each.connection_id],
                credentials=held.get(each.connection_id),
            )
            for each in claimed
            if each.post_id in made and each.connection_id in linked
        }

    async def held(self, claimed: Sequence[Delivery]) -> Mapping[str, Fresh]:
        known = {each.id: each for each in claimed}
        rows = await self._unit.all(_HELD, ids=sorted(known))
        ours = [row for row in rows if row["fence"] == known[row["id"]].fence]
        newer = [row["id"] for row in ours if row["version"] != known[row["id"]].version]
        if newer:
            known |= {each.id: each for each in await self._all(_EVERY, ids=newer)}
        return {
            row["id"]: Fresh(
                delivery=known[row["id"]], post=row["post_version"], connection=row["connection_version"]
            )
            for row in ours
        }

    async def save_held(
        self, deliveries: Sequence[Delivery], *, released: Collection[str] = ()
    ) -> Mapping[str, Delivery]:
        saved = {each.id: replace(each, version=each.version + 1) for each in deliveries}
        for lease in (_FREE, {}):
            rows = [
                self._changed(each) | lease for id_, each in saved.items() if (id_ in released) == bool(lease)
            ]
            if rows:
                await self._unit.update_every(deliveries_table, rows)
        return saved

    async def extend(self, delivery: Delivery, *, until: datetime) -> bool:
        ours = update(deliveries).where(*_fenced(delivery), LEASED)
        return (await self._unit.write(ours.values(lease_until=until))).rowcount == 1

    async def release(self, delivery: Delivery) -> None:
        await self._unit.write(_RELEASE, of_id=delivery.id, of_fence=delivery.fence)

    async def hasten(self, workspace: str, connection_id: str, at: datetime) -> int:
        under_way = (
            deliveries.c.workspace == workspace,
            deliveries.c.connection_id == connection_id,
            deliveries.c.step.in_(GOING_ON),
        )
        # Whoever is about to write that one waits has done so after this, or can't do so without reading again.
        await self._unit.write(update(deliveries).where(*under_way).values(version=deliveries.c.version + 1))
        waiting = (*under_way, deliveries.c.waits, deliveries.c.blame == Blame.AUTHORIZATION)
        now = {"due_at": at, "waits": False}
        return (await self._unit.write(update(deliveries).where(*waiting).values(now))).rowcount

    async def _save(self, known: Delivery, new: Delivery, lease: dict[str, Any]) -> Delivery:
        saved = replace(new, version=known.version + 1)
        same = (*_fenced(known), deliveries.c.workspace == known.workspace)
        stored = update(deliveries).where(*same, deliveries.c.version == known.version)
        if (await self._unit.write(stored.values(self._sealed(saved) | lease))).rowcount != 1:
            raise Stale
        return saved

    def _changed(self, delivery: Delivery) -> dict[str, Any]:
        return {name: each for name, each in self._sealed(delivery).items() if name not in NEVER_CHANGED}

    def _sealed(self, delivery: Delivery) -> dict[str, Any]:
        return DELIVERIES.seal(self._unit.vault, row_of(delivery))

    async def _leaving(
        self, workspace: str, where: ColumnElement[bool], steps: Collection[DeliveryStep]
    ) -> Sequence[Delivery]:
        found = _of(workspace).where(where, deliveries.c.step.in_(sorted(steps)))
        return await self._all(found.order_by(deliveries.c.leave_at, deliveries.c.seq))

    async def _all(self, statement: Select[Any], **given: Any) -> Sequence[Delivery]:
        rows = await self._unit.all(statement, **given)
        return [self._opened(row) for row in rows]

    def _opened(self, row: Values) -> Delivery:
        """One whose upload's address can't be opened comes without it: it is in no other's way."""
        try:
            clear = DELIVERIES.open(self._unit.vault, row)
        except VaultError as unopened:
            extra = {"delivery": row["id"], "cause": str(unopened)}
            log.error("an upload's address can't be opened", extra=extra)  # noqa: TRY400 - says all there is
            clear = {**row, "upload": None}
        return delivery_from_row(clear)


def _of(workspace: str) -> Select[Any]:
    return select(deliveries).where(deliveries.c.workspace == workspace)


def _fenced(delivery: Delivery) -> tuple[ColumnElement[bool], ...]:
    return deliveries.c.id == delivery.id, deliveries.c.fence == delivery.fence


_NOW: BindParameter[datetime] = bindparam("now")
_IS_DUE = and_(DUE, deliveries.c.due_at <= _NOW, unclaimed(deliveries, _NOW))
_IS_BUSY = deliveries.c.connection_id.in_(
    select(deliveries.c.connection_id).where(LEASED, deliveries.c.lease_until > _NOW)
)


def _free_connections() -> Select[Any]:
    """Return the connections whose turn it is; on PostgreSQL they are locked until the unit is over.

    A claimant skips what another has locked, and looks for deliveries only afterwards, when it sees all that was
    claimed before: so nobody ever takes a second delivery of a connection. What is due is found first and sorted out
    afterwards: whoever groups as he searches goes through every connection there is.
    """
    every = select(deliveries.c.connection_id, deliveries.c.due_at).where(_IS_DUE, ~_IS_BUSY)
    due = every.cte("due").prefix_with("MATERIALIZED")
    first = func.min(due.c.due_at).label("first")
    waiting = select(due.c.connection_id, first).group_by(due.c.connection_id).subquery()
    turn = select(connections.c.id).join(waiting, waiting.c.connection_id == connections.c.id)
    ordered = turn.order_by(waiting.c.first, connections.c.id).limit(bindparam("most", type_=Integer))
    return ordered.with_for_update(of=connections, key_share=True, skip_locked=True)


def _first_of_each() -> Select[Any]:
    """Return of each of these connections the delivery that is due first."""
    place = func.row_number().over(
        partition_by=deliveries.c.connection_id, order_by=(deliveries.c.due_at, deliveries.c.seq)
    )
    due = select(deliveries.c.id, place.label("place")).where(
        deliveries.c.connection_id.in_(_IDS), _IS_DUE, ~_IS_BUSY
    )
    ranked = due.subquery()
    first = select(ranked.c.id).where(ranked.c.place == 1)
    return select(deliveries.c.id).where(deliveries.c.id.in_(first), _IS_DUE)


_FREE_CONNECTIONS = _free_connections()
_CLAIM_FIRST = claiming(deliveries, _first_of_each(), fence=deliveries.c.fence + 1)
