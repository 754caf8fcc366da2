"""Deliveries, what happened to posts, and counted calls in memory."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from core.domain.account import Platform
from core.domain.chronicle import Entry
from core.domain.delivery import ENDS, Blame, Delivery, DeliveryStep
from core.domain.refusals import Stale
from core.ports import Fresh, Pace, Provision
from tests.memory_rows import NEVER, Repository, parent


class Deliveries(Repository):
    async def add(self, delivery: Delivery) -> bool:
        rows = self.unit.written
        parent(rows.clients, delivery.client_id)
        parent(rows.posts, delivery.post_id)
        parent(rows.connections, delivery.connection_id)
        going = {(each.digest, each.connection_id) for each in rows.deliveries.values()}
        if delivery.id in rows.deliveries or (delivery.digest, delivery.connection_id) in going:
            return False
        rows.deliveries[delivery.id] = replace(delivery, version=delivery.version + 1)
        return True

    async def get(self, workspace: str, delivery_id: str) -> Delivery | None:
        found = self.rows.deliveries.get(delivery_id)
        return found if found and found.workspace == workspace else None

    async def of_post(self, workspace: str, post_id: str) -> Sequence[Delivery]:
        return (await self.of_posts(workspace, [post_id]))[post_id]

    async def of_posts(self, workspace: str, post_ids: Collection[str]) -> Mapping[str, Sequence[Delivery]]:
        found = [each for each in self.rows.deliveries.values() if each.workspace == workspace]
        return {post_id: [each for each in found if each.post_id == post_id] for post_id in post_ids}

    async def of_connection(
        self, workspace: str, connection_id: str, *, steps: Collection[DeliveryStep]
    ) -> Sequence[Delivery]:
        found = await self.of_workspace(workspace, steps=steps)
        return [each for each in found if each.connection_id == connection_id]

    async def of_workspace(self, workspace: str, *, steps: Collection[DeliveryStep]) -> Sequence[Delivery]:
        every = self.rows.deliveries.values()
        found = [each for each in every if each.workspace == workspace and each.step in steps]
        return sorted(found, key=lambda each: each.leave_at)

    async def by_reference(self, platform: Platform, reference: str) -> Delivery | None:
        known = [each for each in reversed(self.rows.deliveries.values()) if each.ticket.reference]
        named = (platform, reference)
        return next((each for each in known if (each.platform, each.ticket.reference) == named), None)

    async def save(self, delivery: Delivery, *, release: bool = False) -> Delivery:
        return self._save(delivery, delivery, release=release)

    async def overrule(self, delivery: Delivery) -> Delivery:
        return self._save(delivery, replace(delivery, fence=delivery.fence + 1), release=True)

    async def claim_due(self, at: datetime, *, owner: str, until: datetime, limit: int) -> Sequence[Delivery]:
        busy = {each.connection_id for each in self._under_lease() if not self.unit.free(each.id, at)}
        first: dict[str, Delivery] = {}
        for each in self._due():
            if each.due_at and each.due_at <= at and each.connection_id not in busy:
                first.setdefault(each.connection_id, each)
        taken = [replace(each, fence=each.fence + 1) for each in list(first.values())[:limit]]
        self.unit.written.deliveries.update({each.id: each for each in taken})
        self.unit.lease([each.id for each in taken], owner, until)
        return taken

    async def provisions(self, claimed: Sequence[Delivery]) -> Mapping[str, Provision]:
        return {
            each.id: Provision(
                post=self.rows.posts[each.post_id],
                connection=self.rows.connections[each.connection_id],
                credentials=self.rows.credentials.get(each.connection_id),
            )
            for each in claimed
        }

    async def held(self, claimed: Sequence[Delivery]) -> Mapping[str, Fresh]:
        rows = self.rows
        return {
            each.id: Fresh(
                delivery=rows.deliveries[each.id],
                post=rows.posts[each.post_id].version,
                connection=rows.connections[each.connection_id].version,
            )
            for each in claimed
            if self._is_ours(each)
        }

    async def save_held(
        self, deliveries: Sequence[Delivery], *, released: Collection[str] = ()
    ) -> Mapping[str, Delivery]:
        return {each.id: self._save(each, each, release=each.id in released) for each in deliveries}

    async def extend(self, delivery: Delivery, *, until: datetime) -> bool:
        leases = self.unit.written.leases
        if not self._is_ours(delivery) or delivery.id not in leases:
            return False
        leases[delivery.id] = (leases[delivery.id][0], until)
        return True

    async def release(self, delivery: Delivery) -> None:
        if self._is_ours(delivery):
            self.unit.written.leases.pop(delivery.id, None)

    async def hasten(self, workspace: str, connection_id: str, at: datetime) -> int:
        found = await self.of_connection(workspace, connection_id, steps=set(DeliveryStep) - ENDS)
        hastened = 0
        for each in found:
            fresh = replace(each, version=each.version + 1)
            if each.waits and each.obstacle and each.obstacle.blame is Blame.AUTHORIZATION:
                fresh = replace(fresh, due_at=at, waits=False)
                hastened += 1
            self.unit.written.deliveries[each.id] = fresh
        return hastened

    def takeable(self) -> Sequence[datetime]:
        """Return when each can be taken that is to be: later than it is due where its connection is busy."""
        busy: dict[str, datetime] = {}
        for each in self._under_lease():
            until = self.rows.leases[each.id][1]
            busy[each.connection_id] = max(until, busy.get(each.connection_id, until))
        due = [(each.due_at or NEVER, each.connection_id) for each in self._due()]
        return [max(at, busy.get(connection_id, at)) for at, connection_id in due]

    def _due(self) -> Sequence[Delivery]:
        due = [each for each in self.rows.deliveries.values() if each.due_at]
        return sorted(due, key=lambda each: each.due_at or NEVER)

    def _under_lease(self) -> Sequence[Delivery]:
        return [each for each in self.rows.deliveries.values() if each.id in self.rows.leases]

    def _is_ours(self, delivery: Delivery) -> bool:
        stored = self.rows.deliveries.get(delivery.id)
        return stored is not None and stored.fence == delivery.fence

    def _save(self, known: Delivery, new: Delivery, *, release: bool) -> Delivery:
        rows, stored = self.unit.written, self.rows.deliveries.get(known.id)
        facts = (known.fence, known.version, known.workspace)
        if stored is None or (stored.fence, stored.version, stored.workspace) != facts:
            raise Stale
        rows.deliveries[known.id] = replace(new, version=known.version + 1)
        if release:
            rows.leases.pop(known.id, None)
        return rows.deliveries[known.id]


class Chronicle(Repository):
    async def add(self, *entries: Entry) -> None:
        rows = self.unit.written
        for entry in entries:
            parent(rows.posts, entry.post_id)
            rows.chronicle[max(rows.chronicle, default=0) + 1] = entry

    async def of_post(self, workspace: str, post_id: str) -> Sequence[Entry]:
        of_it = (workspace, post_id)
        return [each for each in self.rows.chronicle.values() if (each.workspace, each.post_id) == of_it]


class Calls(Repository):
    async def spend_every(
        self, wanted: Mapping[str, Sequence[Pace]], at: datetime
    ) -> Mapping[str, datetime | None]:
        return {account: await self.spend(account, paces, at) for account, paces in wanted.items()}

    async def spend(self, account: str, paces: Sequence[Pace], at: datetime) -> datetime | None:
        rows, full, wanted = self.unit.written, [], Counter(paces)
        for pace, times in wanted.items():
            counted = sorted(
                made
                for of, endpoint, made in rows.calls.values()
                if (of, endpoint) == (account, pace.endpoint) and made > at - pace.window
            )
            if counted[: len(counted) - max(pace.most - times, 0)]:
                full.append(counted[-1 - max(pace.most - times, 0)] + pace.window)
        if full:
            return max(full)
        for endpoint in {pace.endpoint for pace in paces}:
            for _ in range(max(times for pace, times in wanted.items() if pace.endpoint == endpoint)):
                rows.calls[max(rows.calls, default=0) + 1] = (account, endpoint, at)
        return None
