"""Finishing an unlink: asked for by people, done on both sides, over only when the platform refuses our token."""

from contextlib import suppress
from dataclasses import replace

from core.domain.errors import Final, GrantLost, NeedsPerson
from core.domain.evidence import Source
from core.domain.observation import Capability, Credential, Grant, Observation
from core.ports import Work
from core.usecases.case import Case, Cases
from core.usecases.record import Seen
from core.usecases.renewal import Renewal

_WITHDRAWN = Observation(grant=Grant.WITHDRAWN)
_PRESENT = Observation(grant=Grant.PRESENT)
_NOT_OURS = Observation(grant=Grant.UNKNOWN)
_IDENTITY = frozenset({Capability.IDENTIFY})


class Ending:
    """Takes an unlink one step further. The caller has the lease."""

    def __init__(self, *, work: Work, cases: Cases, renewal: Renewal) -> None:
        self._work = work
        self._cases = cases
        self._renewal = renewal

    async def step(self, case: Case) -> None:
        """Revoke where that exists, and ask the platform whether the grant is gone. Raises Passing and its like."""
        sides = case.connection.sides
        if sides.grant is Grant.WITHDRAWN:
            await self._close(case, _WITHDRAWN, "refused")  # the platform said so by itself
        elif await self._is_shared(case):
            await self._close(case, _NOT_OURS, "account_shared")
        elif sides.credential_at(self._cases.now()) is Credential.EXPIRED:
            # What ran out is refused in any case: only the platform's own message or a person can tell now.
            await self._cases.note(case, lambda fresh: replace(fresh, due_at=None))
        else:
            await self._revoke_and_ask(case)

    async def _revoke_and_ask(self, case: Case) -> None:
        was_unanswered = case.connection.sides.is_renewal_unanswered
        at = self._cases.now()
        try:
            case = await self._fresh_enough(case)
        except GrantLost as lost:
            if was_unanswered:
                await self._refused(case, lost)
            else:
                await self._close(case, _WITHDRAWN, "refused", lost)
            return
        if case.provider.traits.can_revoke:
            with suppress(Final, GrantLost):  # whether it is gone is asked next, whatever this call said
                await case.provider.revoke(case.credentials)
        try:
            await case.provider.prove(case.credentials, needs=_IDENTITY)
        except GrantLost as lost:
            if lost.observation.grant is Grant.WITHDRAWN:
                await self._close(case, lost.observation, "refused", lost)
            else:
                await self._refused(case, lost)
            return
        except NeedsPerson:
            pass  # the account is held back or unfit: somebody still answers for it
        seen = Seen(source=Source.PROBE, observation=_PRESENT, at=at, now=self._cases.now())
        await self._cases.write(case, seen, lambda fresh: fresh.still_granted(at=at, now=seen.now))

    async def _fresh_enough(self, case: Case) -> Case:
        """A platform revokes by the access token, so one that has run out is renewed first."""
        has_run_out = self._cases.now() >= case.credentials.access_expires_at
        return await self._renewal.ask(case) if has_run_out and case.credentials.refresh else case

    async def _is_shared(self, case: Case) -> bool:
        """A platform ends a grant per account and app: elsewhere the same account may still be wanted."""
        account = case.connection.account
        if account is None:
            return False
        async with self._work.reading() as unit:
            holders = await unit.connections.holding(account.platform, account.known_as())
        return any(each.id != case.connection.id and each.is_in_use for each in holders)

    async def _refused(self, case: Case, lost: GrantLost) -> None:
        """Our token is dead for a reason of its own, which says nothing about the grant."""
        now = self._cases.now()
        seen = Seen(source=Source.PROBE, observation=Observation(), at=now, now=now)
        dead = Observation(credential=Credential.EXPIRED)
        await self._cases.refused(case, lost, seen, observation=dead)

    async def _close(
        self, case: Case, observation: Observation, note: str, lost: GrantLost | None = None
    ) -> None:
        now = self._cases.now()
        seen = Seen(source=Source.REVOKE, observation=observation, at=now, now=now, note=note)
        if lost is not None:
            seen = replace(seen, code=lost.code, log_id=lost.log_id)
        await self._cases.close(case, seen)
