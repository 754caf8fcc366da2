"""Looking at a connection: who answers, what works, and whether the profile shows it."""

from datetime import datetime, timedelta

from core.domain.account import PRIVATE, Account
from core.domain.connection import Connection
from core.domain.errors import AccountUnfit, NeedsPerson, PlatformDown, Trouble
from core.domain.evidence import Source
from core.domain.observation import Grant, Observation, Standing, Visible
from core.domain.verdict import BROKEN, PROOF_LASTS
from core.ports import Work
from core.usecases.case import Case, Cases
from core.usecases.record import Seen

LONGEST_DOUBT = PROOF_LASTS
"""How long a missing link is given the benefit of the doubt where the other account's name cannot be asked."""
AGAIN = timedelta(minutes=5)
"""How soon a profile is read again once the other account was asked its name."""


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
            observation, is_unsure, told = await self._seen(case)
        except NeedsPerson as trouble:
            seen = Seen(source=Source.PROBE, observation=Observation(), at=at, now=self._cases.now())
            await self._cases.refused(case, trouble, seen, observation=_unfit(case, trouble))
            return
        note = _told_anew(case.connection.account, told) if _is_well(observation) else ""
        seen = Seen(source=Source.PROBE, observation=observation, at=at, now=self._cases.now(), note=note)

        def confirmed(fresh: Connection) -> Connection:
            after = fresh.described(told).confirmed(observation, at=at, now=seen.now)
            return after.unshown(at).hastened(seen.now + AGAIN) if is_unsure else after

        await self._cases.write(case, seen, confirmed, last=True)

    async def _seen(self, case: Case) -> tuple[Observation, bool, Account]:
        """Return what a proof shows, whether it is worth another look soon, and who answered.

        Another identity answering says nothing good about the grant of ours.
        """
        proof = await case.provider.prove(case.credentials, needs=case.needs, named=case.named)
        known = case.connection.account
        if known is not None and not known.same_as(proof.account):
            return Observation(account=Standing.CHANGED), False, proof.account
        visible, is_unsure = await self._visible(case)
        observation = Observation(
            grant=Grant.PRESENT if case.needs <= proof.granted else Grant.NARROWED,
            account=Standing.NORMAL,
            granted=proof.granted,
            handle=proof.account.handle,
            visible=visible,
        )
        return observation, is_unsure, proof.account

    async def _visible(self, case: Case) -> tuple[Visible | None, bool]:
        """Return whether the profile shows the other half of the pair, None where that could not be read now.

        The second value says that it is worth another look soon. Where nobody wants it shown, or there is nothing to
        show, what was seen before no longer counts. A link that is missing for the first time may lead to the other
        account's newer name: that one is asked for first, and only then it is called hidden.
        """
        other = await self._other_half(case) if case.client.shows_profile_link else None
        if other is None or other.account is None:
            return Visible.UNKNOWN, False
        try:
            seen = (await case.provider.visible_link(case.credentials, other.account)).visible
        except Trouble:
            return None, False
        is_new = seen is Visible.HIDDEN and case.connection.sides.visible is not Visible.HIDDEN
        is_unsure = is_new and not await self._is_name_sure(other, case.connection.sides.unshown_since)
        return (None if is_unsure else seen), is_unsure

    async def _is_name_sure(self, other: Connection, missed_since: datetime | None) -> bool:
        """Return whether the other account said its name after the link was first missed; else have it asked.

        A name that was told before that may be the one before a renaming. What is broken says nothing any more.
        """
        now, named_at = self._cases.now(), other.sides.named_at
        if missed_since is not None:
            is_named = named_at is not None and named_at >= missed_since
            if is_named or other.verdict(now).state in BROKEN or now - missed_since >= LONGEST_DOUBT:
                return True
        await self._cases.hasten(other)
        return False

    async def _other_half(self, case: Case) -> Connection | None:
        async with self._work.reading() as unit:
            pair = await unit.connections.of_client(case.client.workspace, case.client.id)
        return next((each for each in pair if each.id != case.connection.id and each.is_in_use), None)


def _is_well(seen: Observation) -> bool:
    return seen.grant is Grant.PRESENT and seen.visible is not Visible.HIDDEN


def _told_anew(known: Account | None, told: Account) -> str:
    """Return what changed of an account that goes on working, as history notes it; "" for nothing."""
    if known is None:
        return ""
    if told.handle and known.handle and told.handle != known.handle:
        return "renamed"
    before, after = known.details.get(PRIVATE), told.details.get(PRIVATE)
    if before is None or after is None or before == after:
        return ""
    return "made_private" if after == "yes" else "made_public"


def _unfit(case: Case, trouble: NeedsPerson) -> Observation | None:
    """Return what it means that an account is said to be of the wrong kind; None for anything that speaks for itself.

    An answer without a word about the sides may be a mistake of the platform's: raises PlatformDown at first, so
    that it is asked again at once, and counts where it is said again.
    """
    if not isinstance(trouble, AccountUnfit) or trouble.observation:
        return None
    if not case.connection.failures:
        raise PlatformDown(trouble.code, log_id=trouble.log_id) from None
    return Observation(grant=Grant.NARROWED, granted=frozenset())
