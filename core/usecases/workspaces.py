"""The end of a workspace: it uninstalled the app or revoked its tokens."""

from dataclasses import replace
from datetime import datetime

from core.domain.connection import Connection
from core.domain.delivery import BEFORE_ASKED, DeliveryStep
from core.domain.evidence import Source
from core.domain.fact import Fact, FactKind
from core.domain.ids import new_id
from core.domain.observation import Credential, Grant, Observation, Wanted
from core.domain.post import PostStep
from core.ports import Clock, Providers, UnitOfWork, Work
from core.usecases.chronicle import note_change, note_passage
from core.usecases.invitations import withdraw
from core.usecases.record import Seen, close, in_turn, record

UNDECIDED = frozenset({PostStep.REQUESTED, PostStep.CHANGES_REQUESTED})
WAITING = BEFORE_ASKED | {DeliveryStep.MISSED}
POSTS_AT_ONCE = 100


class Workspaces:
    """Ends what belongs to a workspace that no longer wants us."""

    def __init__(self, *, work: Work, clock: Clock, providers: Providers) -> None:
        self._work = work
        self._clock = clock
        self._providers = providers

    async def end(self, workspace: str) -> None:
        """Forget Slack's tokens and let every account go; doing it again changes nothing.

        Where the platform can be told, the scheduler revokes, proves and erases; elsewhere the credentials are
        erased at once, because nobody is left to ask. What waits for a decision is withdrawn, and what nobody was
        asked for yet is cancelled. Clients, drafts and history stay for a reinstall.
        """
        await in_turn(self._work, lambda unit: self._end(unit, workspace))

    async def _end(self, unit: UnitOfWork, workspace: str) -> None:
        now = self._clock.now()
        if workspace in await unit.installations.every():
            ended = Fact(id=new_id("fa"), kind=FactKind.WORKSPACE_ENDED, workspace=workspace, at=now)
            await unit.facts.add(ended)
        await unit.installations.remove(workspace)
        await _call_back(unit, workspace, now)
        for connection in await unit.connections.of_workspace(workspace):
            await withdraw(unit, connection, now)
            if connection.is_held:
                await self._let_go(unit, connection, now)

    async def _let_go(self, unit: UnitOfWork, connection: Connection, now: datetime) -> None:
        seen = Observation(wanted=Wanted.UNLINKED)
        wish = Seen(source=Source.PERSON, observation=seen, at=now, now=now, note="workspace_ended")
        if connection.sides.wanted is Wanted.LINKED:
            ending = replace(connection.observed(seen, at=now, now=now), due_at=now)
            connection = await record(unit, connection, ending, wish)
        can_revoke = self._providers[connection.platform].traits.can_revoke
        if not can_revoke or connection.sides.credential_at(now) is Credential.EXPIRED:
            await close(unit, connection, replace(wish, observation=Observation(grant=Grant.UNKNOWN)))


async def _call_back(unit: UnitOfWork, workspace: str, now: datetime) -> None:
    """End what people and the clock still have to do about posts: no account is left to send them from."""
    for delivery in await unit.deliveries.of_workspace(workspace, steps=WAITING):
        cancelled = await unit.deliveries.overrule(delivery.cancelled("", now))
        await note_passage(unit, delivery, cancelled, at=now)
    while posts := await unit.posts.every(workspace, steps=UNDECIDED, limit=POSTS_AT_ONCE):
        for post in posts:
            withdrawn = await unit.posts.save(post.to(PostStep.WITHDRAWN, now))
            await note_change(unit, withdrawn, "withdrawn", by="", at=now)
