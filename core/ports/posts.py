"""What the use cases ask of the database for posts: requests and decisions, messages, deliveries, and counted calls."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.domain.account import Platform
from core.domain.chronicle import Entry
from core.domain.connection import Connection
from core.domain.credentials import Credentials
from core.domain.delivery import Delivery, DeliveryStep
from core.domain.post import Decision, Post, PostStep
from core.domain.post_message import PostMessage
from core.ports.publishing import Pace


class PostRepository(Protocol):
    """Posts and what people decided about them."""

    async def get(self, workspace: str, post_id: str) -> Post | None:
        """Reads one post of this workspace."""

    async def every(
        self,
        workspace: str,
        *,
        client_id: str | None = None,
        by: str | None = None,
        steps: Collection[PostStep] = (),
        limit: int,
    ) -> Sequence[Post]:
        """Reads a workspace's posts, newest first; of one client, of one person, at these steps, where named."""

    async def save(self, post: Post) -> Post:
        """Writes a post; returns it with its new version. Raises Stale."""

    async def due(self, at: datetime, *, limit: int) -> Sequence[Post]:
        """Reads posts with something to do by the clock, earliest first, across workspaces, for the scheduler."""

    async def remove(self, post: Post) -> None:
        """Writes the end of a draft and of what was written about it, as of this version. Raises Stale."""

    async def decide(self, decision: Decision) -> bool:
        """Writes a decision; False where this person has decided about this digest already."""

    async def decisions(self, workspace: str, post_id: str) -> Sequence[Decision]:
        """Reads what people decided about a post, about all of its digests, oldest first."""

    async def decisions_of(
        self, workspace: str, post_ids: Collection[str]
    ) -> Mapping[str, Sequence[Decision]]:
        """Reads what people decided about several posts: for each one asked for, also where nobody decided."""

    async def referenced(self, *, since: datetime) -> Collection[str]:
        """Reads the sha256 of every file that a post may still need, across workspaces, for the media store.

        Those of open requests, of deliveries that are not over, and of whatever was settled after `since`.
        """


class PostMessageRepository(Protocol):
    """Where posts are shown in Slack. One row per post and place."""

    async def get(self, workspace: str, post_id: str, target: str) -> PostMessage | None:
        """Reads the message of a post in a place."""

    async def of_post(self, workspace: str, post_id: str) -> Sequence[PostMessage]:
        """Reads where a post is shown, in the order of writing."""

    async def save(self, message: PostMessage) -> PostMessage:
        """Writes a message; returns it with its new version. Raises Stale, also for a second one in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """What a delivery is made of."""

    post: Post
    connection: Connection
    credentials: Credentials | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """A delivery as it is by now, and the versions of its post and its connection."""

    delivery: Delivery
    post: int
    connection: int


class DeliveryRepository(Protocol):
    """Deliveries, worked on by lease. Every write names the fence of its claim."""

    async def add(self, delivery: Delivery) -> bool:
        """Writes a new delivery; False where this digest has one to this connection already, whatever became of it."""

    async def get(self, workspace: str, delivery_id: str) -> Delivery | None:
        """Reads one delivery of this workspace."""

    async def of_post(self, workspace: str, post_id: str) -> Sequence[Delivery]:
        """Reads a post's deliveries, of all its digests, in the order of writing."""

    async def of_posts(self, workspace: str, post_ids: Collection[str]) -> Mapping[str, Sequence[Delivery]]:
        """Reads the deliveries of several posts, by post id: for each one asked for, also where there are none."""

    async def of_connection(
        self, workspace: str, connection_id: str, *, steps: Collection[DeliveryStep]
    ) -> Sequence[Delivery]:
        """Reads a connection's deliveries at these steps, those that leave first first."""

    async def of_workspace(self, workspace: str, *, steps: Collection[DeliveryStep]) -> Sequence[Delivery]:
        """Reads a workspace's deliveries at these steps, those that leave first first."""

    async def by_reference(self, platform: Platform, reference: str) -> Delivery | None:
        """Reads the delivery behind a publish id, in any workspace: for the platforms' own messages."""

    async def save(self, delivery: Delivery, *, release: bool = False) -> Delivery:
        """Writes a delivery where its fence and version are still the stored ones; returns it with its new version.

        Raises Stale. `release` ends the lease with it.
        """

    async def overrule(self, delivery: Delivery) -> Delivery:
        """Writes a person's act: as `save`, with a new fence and no lease, so that a worker's later writes fail."""

    async def claim_due(self, at: datetime, *, owner: str, until: datetime, limit: int) -> Sequence[Delivery]:
        """Writes a lease and a new fence on up to `limit` due, unclaimed deliveries, earliest due first.

        At most one of a connection, and none of a connection that has one under lease. Here as in every read, one
        whose upload's address can't be opened comes without it.
        """

    async def provisions(self, claimed: Sequence[Delivery]) -> Mapping[str, Provision]:
        """Reads what claimed deliveries are made of, by their ids, across workspaces, for the scheduler."""

    async def held(self, claimed: Sequence[Delivery]) -> Mapping[str, Fresh]:
        """Reads, by id, those whose fence is still ours; nobody else writes them until the unit is over."""

    async def save_held(
        self, deliveries: Sequence[Delivery], *, released: Collection[str] = ()
    ) -> Mapping[str, Delivery]:
        """Writes deliveries that `held` gave in this unit; returns them by id with their new versions.

        The leases of those named in `released` end with it.
        """

    async def extend(self, delivery: Delivery, *, until: datetime) -> bool:
        """Writes a later end of a lease; False where the fence is not ours any more."""

    async def release(self, delivery: Delivery) -> None:
        """Writes the end of a lease, if the fence is still ours."""

    async def hasten(self, workspace: str, connection_id: str, at: datetime) -> int:
        """Writes that what waits for this connection is due at `at`, and waits no more; returns how many.

        For deliveries that are not over and wait because of authorization; the obstacle stays. Who read one of the
        connection's before, waiting or not, cannot save it any more.
        """


class ChronicleRepository(Protocol):
    """What happened to posts and their deliveries. Append-only."""

    async def add(self, *entries: Entry) -> None:
        """Writes entries in the same unit as the changes they tell of."""

    async def of_post(self, workspace: str, post_id: str) -> Sequence[Entry]:
        """Reads all that happened to a post of this workspace, in the order of writing."""


class CallRepository(Protocol):
    """How often accounts were asked, counted for all processes."""

    async def spend(self, account: str, paces: Sequence[Pace], at: datetime) -> datetime | None:
        """Writes one call against each pace, or none and returns when all have room again.

        Windows slide: a call counts until `window` after it was made. A pace that comes several times is as many
        calls; several windows of one endpoint count the same one.
        """

    async def spend_every(
        self, wanted: Mapping[str, Sequence[Pace]], at: datetime
    ) -> Mapping[str, datetime | None]:
        """Writes calls as `spend` does, of several accounts: one that has no room is in no other's way."""
