"""Renewing credentials: asked once, stored before use, and honest about answers that never came."""

from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.connection import Connection
from core.domain.credentials import Issued
from core.domain.errors import GrantLost, NeedsPerson, Trouble, Unconfirmed
from core.domain.evidence import Source
from core.domain.observation import Credential, Grant, Observation
from core.usecases.case import Case, Cases
from core.usecases.record import Seen, to_the_end

LEEWAY = timedelta(minutes=5)
"""A refresh token so near its end may have ended by the platform's clock."""

_LEFT_OVER = Observation(credential=Credential.EXPIRING)
_REPLACED = Observation(credential=Credential.EXPIRED)


class Renewal:
    """Renews what a connection holds. The caller has the lease."""

    def __init__(self, cases: Cases) -> None:
        self._cases = cases

    async def renew(self, case: Case) -> Case | None:
        """Renew; None where the platform refused for good, which is then written down. Raises Passing and its like."""
        at = self._cases.now()
        try:
            return await self.ask(case)
        except GrantLost as lost:
            await self._refused(case, lost, at)
        except NeedsPerson as trouble:
            await self._cases.refused(case, trouble, self._seen(at, Observation()))
        return None

    async def ask(self, case: Case) -> Case:
        """Renew, and store both tokens in one commit before anybody uses them. Raises Trouble.

        That it is being asked is written first. Where the answer was lost, with the network or with this process,
        the platform may have replaced the refresh token all the same (docs/sources.md): a refusal afterwards
        proves only that what we hold is dead, not that the owner removed us. Who is ended meanwhile waits for the
        answer, as long as one call may take: with it the former tokens may be dead.
        """
        was_unanswered = case.connection.sides.is_renewal_unanswered
        at = self._cases.now()
        case = await self._cases.note(case, lambda fresh: fresh.asking_renewal(at))
        return await to_the_end(self._asked(case, at, was_unanswered=was_unanswered))

    async def _asked(self, case: Case, at: datetime, *, was_unanswered: bool) -> Case:
        try:
            issued = await case.provider.refresh(case.credentials, now=at)
        except Unconfirmed:
            raise
        except Trouble:
            if not was_unanswered:
                await self._cases.note(case, Connection.renewal_answered)
            raise
        return await self._store(case, issued, at)

    async def _store(self, case: Case, issued: Issued, at: datetime) -> Case:
        granted = issued.granted or case.connection.sides.granted
        grant = Grant.PRESENT if case.needs <= granted else Grant.NARROWED
        seen = self._seen(at, Observation(credential=Credential.HELD, grant=grant, granted=granted))
        renewed = await self._cases.write(
            case,
            seen,
            lambda fresh: fresh.renewed(issued.credentials, seen.observation, at=at, now=seen.now),
            issued=issued.credentials,
        )
        return replace(renewed, named=issued.account_id)

    async def _refused(self, case: Case, refused: GrantLost, at: datetime) -> None:
        """Ask with what is left, where its time is not over, which side it was that let go."""
        trouble = refused
        if at < case.credentials.access_expires_at:
            try:
                await case.provider.prove(case.credentials, needs=case.needs)
            except GrantLost as lost:
                trouble = lost
            else:
                await self._last_days(case, refused, at)
                return
        is_replaced = case.connection.sides.is_renewal_unanswered
        seen = self._seen(at, Observation(), note="renewal_lost" if is_replaced else "")
        meaning = _REPLACED if is_replaced else _withdrawn(case, trouble, at)
        await self._cases.refused(case, trouble, seen, observation=meaning)

    async def _last_days(self, case: Case, refused: GrantLost, at: datetime) -> None:
        """The grant lives and the access token works until its end, but nothing will follow it."""
        seen = self._seen(at, _LEFT_OVER, code=refused.code, log_id=refused.log_id)
        await self._cases.write(case, seen, lambda fresh: fresh.unrenewable(at=at, now=seen.now))

    def _seen(self, at: datetime, observation: Observation, **details: str) -> Seen:
        return Seen(source=Source.REFRESH, observation=observation, at=at, now=self._cases.now(), **details)


def _withdrawn(case: Case, refused: GrantLost, at: datetime) -> Observation | None:
    """Return what a refused refresh token shows where its time is not over and nobody but us can have replaced it.

    Of all that `invalid_grant` covers (docs/sources.md) only one thing is left: the platform ended the grant. None
    where the answer speaks for itself.
    """
    ends_at = case.credentials.refresh_expires_at
    is_spent = case.credentials.refresh is None or (ends_at is not None and at >= ends_at - LEEWAY)
    speaks = refused.observation.grant is not None
    return None if is_spent or speaks else Observation(grant=Grant.WITHDRAWN)
