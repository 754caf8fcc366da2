"""The end of a workspace: it uninstalled the app or revoked its tokens."""

from dataclasses import replace

from core.domain.connection import Connection
from core.domain.evidence import Source
from core.domain.observation import Grant, Observation, Wanted
from core.domain.verdict import State
from core.ports import Clock, Providers, UnitOfWork, Work
from core.usecases.record import Seen, record


class Workspaces:
    """Ends what belongs to a workspace that no longer wants us."""

    def __init__(self, *, work: Work, clock: Clock, providers: Providers) -> None:
        self._work = work
        self._clock = clock
        self._providers = providers

    async def end(self, workspace: str) -> None:
        """Forget Slack's tokens and let every account go; doing it again changes nothing.

        Where the platform can be told, the scheduler revokes, proves and erases; elsewhere the credentials are
        erased at once, because nobody is left to ask. Clients and history stay for a reinstall.
        """
        async with self._work.writing() as unit:
            await unit.installations.remove(workspace)
            for connection in await unit.connections.of_workspace(workspace):
                if connection.state is not State.CLOSED:
                    await self._let_go(unit, connection)
            await unit.commit()

    async def _let_go(self, unit: UnitOfWork, connection: Connection) -> None:
        now = self._clock.now()
        seen = Observation(wanted=Wanted.UNLINKED)
        after = replace(connection.observed(seen, at=now, now=now), due_at=now)
        if not self._providers[connection.platform].traits.can_revoke or not connection.is_held:
            await unit.credentials.erase(connection.id)
            seen = replace(seen, grant=Grant.UNKNOWN)
            after = replace(after.observed(seen, at=now, now=now).erased(now), due_at=None)
        await record(
            unit,
            connection,
            after,
            Seen(source=Source.PERSON, observation=seen, at=now, now=now, note="workspace_ended"),
        )
