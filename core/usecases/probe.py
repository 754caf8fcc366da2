"""Looking at a connection: who answers, what works, and whether the profile shows it."""

from core.domain.account import Account
from core.domain.errors import NeedsPerson, Trouble
from core.domain.evidence import Source
from core.domain.observation import Grant, Observation, Standing, Visible
from core.ports import Work
from core.usecases.case import Case, Cases
from core.usecases.record import Seen


class Probe:
    """Proves a connection with harmless reads. The caller has the lease."""

    def __init__(self, *, work: Work, cases: Cases) -> None:
        self._work = work
        self._cases = cases

    async def prove(self, case: Case) -> None:
        """Look, and write down what was seen. Raises Passing and its like where there was no answer.

        What was seen counts from the moment of asking: anything that happened while the platform answered is newer.
        """
        at = self._cases.now()
        try:
            observation = await self._seen(case)
        except NeedsPerson as trouble:
            seen = Seen(source=Source.PROBE, observation=Observation(), at=at, now=self._cases.now())
            await self._cases.refused(case, trouble, seen)
            return
        seen = Seen(source=Source.PROBE, observation=observation, at=at, now=self._cases.now())
        await self._cases.write(
            case, seen, lambda fresh: fresh.confirmed(observation, at=at, now=seen.now), last=True
        )

    async def _seen(self, case: Case) -> Observation:
        """Return what a proof shows. Another identity answering says nothing good about the grant of ours."""
        proof = await case.provider.prove(case.credentials, needs=case.needs, named=case.named)
        known = case.connection.account
        if known is not None and not known.same_as(proof.account):
            return Observation(account=Standing.CHANGED)
        return Observation(
            grant=Grant.PRESENT if case.needs <= proof.granted else Grant.NARROWED,
            account=Standing.NORMAL,
            granted=proof.granted,
            handle=proof.account.handle,
            visible=await self._visible(case),
        )

    async def _visible(self, case: Case) -> Visible | None:
        """Return whether the profile shows the other half of the pair; None where that could not be read now.

        Where nobody wants it shown, or there is nothing to show, what was seen before no longer counts.
        """
        other = await self._other_half(case) if case.client.shows_profile_link else None
        if other is None:
            return Visible.UNKNOWN
        try:
            return (await case.provider.visible_link(case.credentials, other)).visible
        except Trouble:
            return None

    async def _other_half(self, case: Case) -> Account | None:
        async with self._work.reading() as unit:
            pair = await unit.connections.of_client(case.client.workspace, case.client.id)
        return next((each.account for each in pair if each.id != case.connection.id and each.is_in_use), None)
