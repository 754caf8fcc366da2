"""Managers who are away: who decides in their place, and until when."""

from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.client import Client, Person, Substitute
from core.domain.fact import Fact, FactKind
from core.domain.ids import new_id
from core.domain.refusals import Refusal
from core.ports import Clock, Directory, UnitOfWork, Work
from core.usecases.clients import known_client, require_manager
from core.usecases.post_news import tell_policy
from core.usecases.record import in_turn

LONGEST = timedelta(days=90)


class Absences:
    """Has somebody decide for a manager. Whoever may change the client may say so."""

    def __init__(self, *, work: Work, clock: Clock, directory: Directory) -> None:
        self._work = work
        self._clock = clock
        self._directory = directory

    async def away(
        self, person: Person, client_id: str, *, manager: str, substitute: str, until: datetime
    ) -> Client:
        """Save who decides for a manager until a moment, in place of whoever did before.

        Raises Refusal `not_allowed`, `not_a_manager`, `substitute_same`, `until_past` or `until_too_far`.
        """
        now = self._clock.now()
        if substitute == manager:
            raise Refusal("substitute_same", manager=manager)
        if until <= now:
            raise Refusal("until_past")
        if until > now + LONGEST:
            raise Refusal("until_too_far", days=str(LONGEST.days))
        chosen = Substitute(manager=manager, user=substitute, until=until)
        return await self._saved(person, client_id, manager, chosen)

    async def back(self, person: Person, client_id: str, *, manager: str) -> Client:
        """Save that a manager decides alone again. Raises Refusal `not_allowed`, `not_a_manager`."""
        return await self._saved(person, client_id, manager, None)

    async def _saved(self, person: Person, client_id: str, manager: str, chosen: Substitute | None) -> Client:
        async with self._work.reading() as unit:
            client = await known_client(unit, person.workspace, client_id)
        await require_manager(self._directory, person, client)

        async def change(unit: UnitOfWork) -> Client:
            now = self._clock.now()
            before = await known_client(unit, person.workspace, client_id)
            if manager not in before.managers:
                raise Refusal("not_a_manager", manager=manager, client=before.name)
            kept = [
                each for each in before.policy.substitutes if each.manager != manager and each.until > now
            ]
            policy = replace(before.policy, substitutes=(*kept, chosen) if chosen else tuple(kept))
            saved = await unit.clients.save(replace(before, policy=policy))
            await unit.facts.add(
                Fact(
                    id=new_id("fa"),
                    kind=FactKind.CLIENT_SAVED,
                    workspace=saved.workspace,
                    at=now,
                    client_id=saved.id,
                    subject=saved.id,
                    details={"by": person.user, "new": "no"},
                )
            )
            await tell_policy(unit, before, saved, person.user, now)
            return saved

        return await in_turn(self._work, change)
