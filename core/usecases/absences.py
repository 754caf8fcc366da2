"""Managers who are away: who decides in their place, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.domain.client import Client, Person, Substitute
from core.domain.refusals import Refusal
from core.ports import Clock, Directory, UnitOfWork, Work
from core.usecases.clients import known_client, not_allowed, tell_saved
from core.usecases.post_news import tell_policy
from core.usecases.record import in_turn

LONGEST = timedelta(days=92)
"""A quarter of a year: whoever is away longer is no manager of the client any more."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Whose absence a person may speak of: their own, or that of each of the client's managers."""

    client: Client
    of_others: bool


def check_absence(client: Client, chosen: Substitute, at: datetime) -> Mapping[str, str]:
    """Return what is wrong with an absence: its field's name → the refusal's code. Empty where nothing is."""
    wrong: dict[str, str] = {}
    if chosen.manager not in client.managers:
        wrong["manager"] = "not_a_manager"
    if chosen.user == chosen.manager:
        wrong["substitute"] = "substitute_same"
    if chosen.until <= at:
        wrong["until"] = "until_past"
    elif chosen.until > at + LONGEST:
        wrong["until"] = "until_too_far"
    return wrong


class Absences:
    """Has somebody decide for a manager. Managers speak for themselves, the workspace's admins for everybody."""

    def __init__(self, *, work: Work, clock: Clock, directory: Directory) -> None:
        self._work = work
        self._clock = clock
        self._directory = directory

    async def may_leave(self, person: Person, client_id: str) -> Leave:
        """Return what this person may say about a client's managers. Raises Refusal `not_allowed`."""
        async with self._work.reading() as unit:
            client = await known_client(unit, person.workspace, client_id)
        if person.is_outsider:
            raise not_allowed(client)
        is_admin = person.is_admin or await self._directory.is_admin(person.workspace, person.user)
        if not is_admin and person.user not in client.managers:
            raise not_allowed(client)
        return Leave(client, is_admin)

    async def away(
        self, person: Person, client_id: str, *, manager: str, substitute: str, until: datetime
    ) -> Client:
        """Save who decides for a manager until a moment, in place of whoever did before.

        Raises Refusal `not_allowed`, `not_own_absence`, `not_a_manager`, `substitute_same`, `until_past`,
        `until_too_far` or `substitute_outside`: nobody else can decide in a manager's place.
        """
        chosen = Substitute(manager=manager, user=substitute, until=until)
        client = await self._client(person, client_id, manager)
        for code in check_absence(client, chosen, self._clock.now()).values():
            raise Refusal(code, client=client.name)
        if not await self._directory.is_colleague(person.workspace, substitute):
            raise Refusal("substitute_outside", client=client.name)
        return await self._saved(person, client_id, manager, chosen)

    async def back(self, person: Person, client_id: str, *, manager: str) -> Client:
        """Save that a manager decides alone again. Raises Refusal as `away` does; a second press changes nothing."""
        client = await self._client(person, client_id, manager)
        if all(each.manager != manager for each in client.policy.away(self._clock.now())):
            return client
        return await self._saved(person, client_id, manager, None)

    async def _client(self, person: Person, client_id: str, manager: str) -> Client:
        leave = await self.may_leave(person, client_id)
        if manager != person.user and not leave.of_others:
            raise Refusal("not_own_absence", client=leave.client.name)
        return leave.client

    async def _saved(self, person: Person, client_id: str, manager: str, chosen: Substitute | None) -> Client:
        async def change(unit: UnitOfWork) -> Client:
            now = self._clock.now()
            before = await known_client(unit, person.workspace, client_id)
            if manager not in before.managers:
                raise Refusal("not_a_manager", client=before.name)
            kept = tuple(each for each in before.policy.away(now) if each.manager != manager)
            policy = replace(before.policy, substitutes=(*kept, chosen) if chosen else kept)
            saved = await unit.clients.save(replace(before, policy=policy))
            await tell_saved(unit, saved, by=person.user, at=now)
            await tell_policy(unit, before, saved, person.user, now)
            return saved

        return await in_turn(self._work, change)
